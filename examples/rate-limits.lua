-- A resolver front that stays up when single clients, or all of them together, ask too much.

setLocal("127.0.0.1:5330")
setACL({"127.0.0.0/8", "10.0.0.0/8", "fc00::/7"})

newServer({address="127.0.0.1:5431", name="resolver", qps=5000})
newServer({address="127.0.0.1:5432", name="overflow", pool="overflow"})
getPool(""):setCache(newPacketCache(200000, {maxTTL=3600, deferrableInsertLock=true}))

-- The monitoring system is never limited.
monitoring = newNMG()
monitoring:addMask("127.0.0.53/32")
addAction(NetmaskGroupRule(monitoring), AllowAction())

-- A client (an IPv6 /64 counts as one) with more than 200 queries a second has to prove its address over TCP.
addAction(AndRule({MaxQPSIPRule(200, 32, 64), TCPRule(false)}), TCAction())
-- Above 1000 nothing is answered at all, whatever the transport.
addAction(MaxQPSIPRule(1000, 32, 64), DropAction())

-- Reverse look-ups have to wait for half a second when there are more than 300 of them in a second, and above 500
-- they are dropped.
reverse = newSuffixMatchNode()
reverse:add({"in-addr.arpa.", "ip6.arpa."})
addAction(AndRule({SuffixMatchNodeRule(reverse), NotRule(MaxQPSRule(300))}), DelayAction(500))
addAction(SuffixMatchNodeRule(reverse), QPSAction(500))

-- The first 3000 queries a second go to the usual resolver, what is more to the overflow.
addAction(AllRule(), QPSPoolAction(3000, ""))
addAction(AllRule(), PoolAction("overflow"))

setMaxTCPConnectionsPerClient(10)
setMaxTCPConnectionDuration(60)
setMaxUDPOutstanding(20000)
