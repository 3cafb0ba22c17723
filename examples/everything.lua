-- A provider's edge: several networks, own zones, a resolver farm, limits, a cache, health checks of every kind.

-- Where clients come in. The second address is for the load balancer of another site, which announces its clients.
setLocal("127.0.0.1:5350", {reusePort=true})
addLocal("127.0.0.1:5351", {reusePort=true, enableProxyProtocol=true})
setProxyProtocolACL({"127.0.0.2/32"})
setACL({"127.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "::1/128"})
addACL("fc00::/7")

-- Servers.
newServer({address="127.0.0.1:5451", name="resolver-1", weight=10, sockets=4, maxCheckFailures=3, rise=2, checkInterval=2})
newServer({address="127.0.0.1:5452", name="resolver-2", weight=10, sockets=4, maxCheckFailures=3, rise=2, checkInterval=2})
newServer({address="127.0.0.1:5453", name="resolver-3", weight=5, checkTCP=true})
newServer({address="127.0.0.1:5454", name="auth-1", pool="auth", order=1, checkName="example.org.", mustResolve=true})
newServer({address="127.0.0.1:5455", name="auth-2", pool="auth", order=2, checkName="example.org.", mustResolve=true})
newServer({address="127.0.0.1:5456", name="geo", pool="geo", useClientSubnet=true, tcpRecvTimeout=5})
newServer({address="127.0.0.1:5457", name="abuse", pool="abuse", qps=50})
setECSSourcePrefixV4(24)
setECSSourcePrefixV6(56)
setECSOverride(false)

setServerPolicy(chashed)
setConsistentHashingBalancingFactor(1.5) -- a popular name may not drown its server
setPoolServerPolicy(firstAvailable, "auth")
setPoolServerPolicy(wrandom, "geo")
setServFailWhenNoServer(true)

-- Caches.
getPool(""):setCache(newPacketCache(100000, {maxTTL=86400, minTTL=0, temporaryFailureTTL=30, staleTTL=60, numberOfShards=20}))
getPool("geo"):setCache(newPacketCache(50000, {maxTTL=300, parseECS=true}))
setStaleCacheEntriesTTL(600)
setCacheCleaningDelay(30)

-- Who gets what, from the most special to everything.
addAction(OpcodeRule(DNSOpcode.Update), RCodeAction(DNSRCode.NOTIMP), {name="no updates"})
addAction(QClassRule(DNSClass.CHAOS), RCodeAction(DNSRCode.REFUSED), {name="no CHAOS"})
addAction(RegexRule("[0-9a-f]{40,}\\."), PoolAction("abuse"), {name="looks like a tunnel"})
blocked = newSuffixMatchNode()
blocked:add({"ads.example.", "tracker.example."})
addAction(SuffixMatchNodeRule(blocked), SpoofAction({"192.0.2.80", "2001:db8::80"}), {name="blocked"})
addAction(QNameRule("old.example."), SpoofCNAMEAction("new.example."), {name="renamed"})
addAction({"dyn.example."}, SetSkipCacheAction(), {name="never cached"})
addAction(MaxQPSIPRule(500), TCAction(), {name="too fast"})
addAction(AndRule({QTypeRule(DNSQType.ANY), TCPRule(false)}), TCAction(), {name="ANY over TCP only"})
addAction({"cdn.example."}, PoolAction("geo"), {name="cdn"})
addAction({"example.org.", "example.net."}, PoolAction("auth"), {name="our zones"})
addAction(NotRule(PoolAvailableRule("")), PoolAction("geo"), {name="emergency"})

-- What the servers say.
addResponseAction(RCodeRule(DNSRCode.REFUSED), DelayResponseAction(100), {name="slow down refused clients"})
addCacheHitResponseAction(QNameRule("stats.example."), DropResponseAction(), {name="only fresh statistics"})

-- Tuning.
setMaxUDPOutstanding(65535)
setUDPTimeout(2)
setTCPRecvTimeout(3)
setTCPSendTimeout(3)
setMaxTCPClientThreads(4)
setMaxTCPConnectionsPerClient(50)
setMaxTCPQueriesPerConnection(10000)
setRingBuffersSize(20000, 10)

-- The console: ./weir -C examples/everything.lua -c
controlSocket("127.0.0.1:5398")
setKey("d2Vpci10ZXN0LWtleS0wMTIzNDU2Nzg5YWJjZGVmISE=") -- make your own: makeKey()

function maintenance()
  if getPool(""):getCache():isFull() then
    warnlog("the cache is full")
  end
end
