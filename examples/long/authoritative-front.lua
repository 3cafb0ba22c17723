-- A front of hidden authoritative servers: transfers for the secondaries, signatures for all, and a fence.

setLocal("127.0.0.1:5510", {reusePort=true, tcpListenQueueSize=512})
setACL({"0.0.0.0/0", "::/0"}) -- anybody may ask

-- Three servers with the same zones. They are told who asks by a PROXY header.
local servers = {
  {"127.0.0.1:5611", "alpha", 10},
  {"127.0.0.1:5612", "beta", 10},
  {"127.0.0.1:5613", "gamma", 5},
}
for _, server in ipairs(servers) do
  newServer({
    address = server[1],
    name = server[2],
    weight = server[3],
    checkName = "example.net.",
    checkType = "SOA",
    checkClass = DNSClass.IN,
    mustResolve = true,
    useProxyProtocol = false,
    maxInFlight = 1000,
    tcpConnectTimeout = 2,
    tcpRecvTimeout = 10,
    tcpSendTimeout = 10,
  })
end
-- The signer answers transfers and notifications only.
newServer({address="127.0.0.1:5614", name="signer", pool="transfer", tcpOnly=true, checkName="example.net.", checkType="SOA"})

setServerPolicy(wrandom)
setWeightedBalancingFactor(1.5)

-- Answers of authoritative servers are worth a short cache only, but floods ask for the same names.
getPool(""):setCache(newPacketCache(200000, {maxTTL=5, maxNegativeTTL=5, truncatedTTL=1, dontAge=false}))

-- ---------------------------------------------------------------- who may transfer
local secondaries = newNMG()
secondaries:addMasks({"127.0.0.1/32", "192.0.2.53/32", "198.51.100.0/24", "2001:db8:53::/48"})

local transfer = OrRule({QTypeRule(DNSQType.AXFR), QTypeRule(DNSQType.IXFR)})
addAction(AndRule({transfer, NetmaskGroupRule(secondaries), TCPRule(true)}), PoolAction("transfer"), {name="secondaries"})
addAction(transfer, RCodeAction(DNSRCode.REFUSED, {ra=false}), {name="nobody else"})

local notify = OpcodeRule(DNSOpcode.Notify)
addAction(AndRule({notify, NetmaskGroupRule(secondaries)}), PoolAction("transfer"))
addAction(notify, RCodeAction(DNSRCode.REFUSED))
addAction(OpcodeRule(DNSOpcode.Update), RCodeAction(DNSRCode.REFUSED))

-- ---------------------------------------------------------------- what we are authoritative for
local zones = newSuffixMatchNode()
zones:add({"example.net.", "example.info.", "2.0.192.in-addr.arpa.", "8.b.d.0.1.0.0.2.ip6.arpa."})
for i = 1, 8 do
  zones:add("zone" .. i .. ".example.")
end
addAction(NotRule(SuffixMatchNodeRule(zones, true)), RCodeAction(DNSRCode.REFUSED, {aa=false, ra=false}), {name="not ours"})

-- We don't recurse, whoever asks for it.
addAction(RDRule(), SetNoRecurseAction())

-- RFC 8482: no ANY.
addAction(QTypeRule(DNSQType.ANY), SpoofRawAction("\007RFC8482\000", {typeForAny=DNSQType.HINFO, ttl=3600}), {name="RFC 8482"})

-- A zone that is parked: one answer for everything below it.
addAction(QNameSuffixRule({"zone7.example."}), NegativeAndSOAAction(true, "zone7.example.", 600,
  "ns1.example.net.", "hostmaster.example.net.", 2024010101, 7200, 900, 1209600, 300,
  {soaInAuthoritySection=true}), {name="parked"})
addAction(QNameRule("www.zone8.example."), SpoofAction({"192.0.2.8", "2001:db8::8"}, {ttl=120, aa=true}))

-- Service bindings for the names that have a web server.
addAction(AndRule({QTypeRule(DNSQType.HTTPS), QNameRule("www.example.net.")}),
  SpoofSVCAction({newSVCRecordParameters(1, ".", {alpn={"h2", "h3"}, ipv4hint={"192.0.2.80"}, ipv6hint={"2001:db8::80"}})}, {ttl=300, aa=true}))

-- ---------------------------------------------------------------- floods
-- Random names below one zone: few labels are ours.
addAction(QNameLabelsCountRule(0, 8), RCodeAction(DNSRCode.REFUSED), {name="too deep"})
addAction(QNameWireLengthRule(0, 120), DropAction(), {name="too long"})
addAction(AndRule({MaxQPSIPRule(50, 24, 48, 100), TCPRule(false)}), TCAction(), {name="prove your address"})
addAction(AndRule({QNameSuffixRule({"zone1.example."}), NotRule(MaxQPSRule(2000, 4000))}), DropAction(), {name="zone1 is under attack"})
addAction(EDNSOptionRule(EDNSOptionCode.ECS), SetDisableECSAction())
addAction(TrailingDataRule(), RCodeAction(DNSRCode.FORMERR))
addAction(PayloadSizeRule("greater", 1024), DropAction())

local dbr = dynBlockRulesGroup()
dbr:setQueryRate(100, 10, "too many queries", 60, DNSAction.Truncate, 80)
dbr:setRCodeRate(DNSRCode.REFUSED, 20, 10, "names that are not ours", 120)
dbr:setRCodeRate(DNSRCode.NXDOMAIN, 50, 10, "random names", 60, DNSAction.Refused)
dbr:setQTypeRate(DNSQType.ANY, 5, 10, "ANY", 60)
dbr:setResponseByteRate(50000, 10, "amplification", 60, DNSAction.Truncate)
dbr:excludeRange({"127.0.0.0/8", "192.0.2.53/32"})
dbr:setMasks(24, 48, 0)
setDynBlocksAction(DNSAction.Drop)
setDynBlocksPurgeInterval(30)

function maintenance()
  dbr:apply()
end

-- ---------------------------------------------------------------- answers
addResponseAction(QTypeRule(DNSQType.DNSKEY), SetMaxReturnedTTLResponseAction(3600))
addResponseAction(RecordsTypeCountRule(DNSSection.Additional, DNSQType.OPT, 2, 10), DropResponseAction())
addXFRResponseAction(AllRule(), SetTagResponseAction("transfer", "yes"))

-- ---------------------------------------------------------------- limits
setMaxTCPConnectionsPerClient(20)
setMaxTCPQueriesPerConnection(100)
setMaxTCPConnectionDuration(300)
setTCPRecvTimeout(3)
setMaxTCPClientThreads(2)
setPayloadSizeOnSelfGeneratedAnswers(1232)
setAddEDNSToSelfGeneratedResponses(true)
setUDPSocketBufferSizes(1048576, 1048576)
