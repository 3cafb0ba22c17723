-- In front of two authoritative servers that must know who asks (for views, logs and rate limits of their own).

setLocal("127.0.0.1:5310", {reusePort=true, tcpFastOpenQueueSize=64})
addLocal("127.0.0.1:5311")
setACL({"0.0.0.0/0", "::/0"}) -- anyone may ask

-- The second one gets queries only while the first is down. A server counts as up while it answers for our own zone.
newServer({address="127.0.0.1:5411", name="primary", order=1, useProxyProtocol=true,
           checkName="example.org.", checkType="SOA", maxCheckFailures=2})
newServer({address="127.0.0.1:5412", name="standby", order=2, useProxyProtocol=true,
           checkName="example.org.", checkType="SOA", maxCheckFailures=2})
setServerPolicy(firstAvailable)

-- Authoritative servers don't recurse: don't let anybody ask them to.
addAction(RDRule(), SetNoRecurseAction())

-- Zone transfers only for the secondaries, and only over TCP.
secondaries = newNMG()
secondaries:addMask("127.0.0.1/32")
secondaries:addMask("192.0.2.0/24")
transfers = OrRule({QTypeRule(DNSQType.AXFR), QTypeRule(DNSQType.IXFR)})
addAction(AndRule({transfers, NotRule(AndRule({NetmaskGroupRule(secondaries), TCPRule(true)}))}), RCodeAction(DNSRCode.REFUSED))

-- "ANY" over UDP is mostly used to amplify attacks: make those clients come back over TCP.
addAction(AndRule({QTypeRule(DNSQType.ANY), NotRule(TCPRule(true))}), TCAction())

-- Some TCP comfort for secondaries, and limits for everybody.
setMaxTCPQueriesPerConnection(1000)
setMaxTCPConnectionsPerClient(20)
setTCPRecvTimeout(5)
