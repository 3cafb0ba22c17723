-- Two resolvers behind one address, with a cache in front of them.
-- Clients of your own networks only. Point it at your resolvers in place of 127.0.0.1:5401 and 5402.

setLocal("127.0.0.1:5300")
setACL({"127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16", "::1/128", "fc00::/7"})

newServer({address="127.0.0.1:5401", name="resolver-1"})
newServer({address="127.0.0.1:5402", name="resolver-2"})

-- Send each query to the resolver that has the fewest unanswered.
setServerPolicy(leastOutstanding)

-- Answers are kept for at most a day, "no such name" for at most ten minutes.
-- When every resolver is down, answers that expired up to an hour ago are better than none.
cache = newPacketCache(100000, {maxTTL=86400, maxNegativeTTL=600, temporaryFailureTTL=10, staleTTL=30})
getPool(""):setCache(cache)
setStaleCacheEntriesTTL(3600)

-- Tell clients at once that nothing can be asked, they would wait otherwise.
setServFailWhenNoServer(true)

controlSocket("127.0.0.1:5399")
setKey("d2Vpci10ZXN0LWtleS0wMTIzNDU2Nzg5YWJjZGVmISE=") -- make your own: makeKey()
