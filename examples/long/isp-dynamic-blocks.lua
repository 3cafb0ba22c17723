-- An internet provider's resolvers: customers of several kinds, dynamic blocks for those that misbehave, and
-- a list of names that a court has ordered.

-- ---------------------------------------------------------------- listeners
for _, port in ipairs({5520, 5521}) do
  addLocal("127.0.0.1:" .. port, {reusePort=true, tcpFastOpenQueueSize=128, maxConcurrentTCPConnections=5000})
end

-- Customers, and nobody else.
local customers = {
  residential = {"127.0.0.0/9", "100.64.0.0/10"},
  business = {"198.51.100.0/24", "203.0.113.0/25"},
  mobile = {"10.128.0.0/9", "2001:db8:1000::/36"},
}
local everybody = {}
for _, kind in ipairs({"residential", "business", "mobile"}) do
  for _, network in ipairs(customers[kind]) do
    everybody[#everybody + 1] = network
  end
end
setACL(everybody)
addACL("127.128.0.0/9")

-- ---------------------------------------------------------------- a farm of resolvers
for i, port in ipairs({5621, 5622, 5623, 5624}) do
  newServer({
    address = "127.0.0.1:" .. port,
    name = "resolver-" .. i,
    weight = i <= 2 and 20 or 10,
    sockets = 4,
    qps = 20000,
    checkInterval = 1,
    checkTimeout = 1500,
    maxCheckFailures = 2,
    healthCheckMode = "lazy",
    lazyHealthCheckFailedInterval = 10,
    lazyHealthCheckThreshold = 30,
    lazyHealthCheckSampleSize = 200,
    lazyHealthCheckMinSampleCount = 10,
    lazyHealthCheckMode = "TimeoutOrServFail",
    lazyHealthCheckUseExponentialBackOff = true,
    lazyHealthCheckMaxBackOff = 120,
  })
end
newServer({address="127.0.0.1:5625", name="business-1", pool="business", order=1})
newServer({address="127.0.0.1:5626", name="business-2", pool="business", order=2})
newServer({address="127.0.0.1:5627", name="sinkhole", pool="abuse", qps=100, healthCheckMode="up"})
getServer(3):setDown() -- in repair

setServerPolicy(chashed)
setConsistentHashingBalancingFactor(1.25)
setPoolServerPolicy(firstAvailable, "business")

-- ---------------------------------------------------------------- caches
getPool(""):setCache(newPacketCache(500000, {
  maxTTL = 43200,
  temporaryFailureTTL = 10,
  deferrableInsertLock = true,
  numberOfShards = 32,
  maximumEntrySize = 4096,
}))
getPool("business"):setCache(newPacketCache(50000, {maxTTL=3600, cookieHashing=true}))

-- ---------------------------------------------------------------- dynamic blocks
local dbr = dynBlockRulesGroup()
dbr:setMasks(32, 56, 0)
dbr:setQueryRate(300, 10, "more than 300 queries a second", 60, DNSAction.Truncate, 200)
dbr:setQTypeRate(DNSQType.ANY, 10, 10, "ANY", 120, DNSAction.Drop)
dbr:setQTypeRate(DNSQType.TXT, 50, 10, "tunnels", 60, DNSAction.Refused)
dbr:setRCodeRate(DNSRCode.NXDOMAIN, 100, 10, "names that do not exist", 60, DNSAction.Refused, 50)
dbr:setRCodeRate(DNSRCode.SERVFAIL, 100, 10, "names that do not resolve", 60)
dbr:setRCodeRatio(DNSRCode.NXDOMAIN, 0.6, 30, "mostly names that do not exist", 120, 200, DNSAction.NoRecurse, 0.4)
dbr:setCacheMissRatio(0.8, 30, "names that nobody else asks for", 60, 500, 0.3, DNSAction.NoRecurse)
dbr:setResponseByteRate(100000, 10, "bytes", 60, DNSAction.Truncate)
dbr:excludeRange(customers.business)
dbr:excludeDomains({"example.com", "cdn.example"})

local mobile = dynBlockRulesGroup()
mobile:setMasks(32, 64, 8) -- many behind one address, told apart by their ports
mobile:setQueryRate(1000, 10, "more than 1000 queries a second", 30, DNSAction.Truncate)
mobile:includeRange({"10.128.0.0/9"})
mobile:excludeRange({"0.0.0.0/0", "::/0"})

setDynBlocksAction(DNSAction.Refused)
setDynBlocksPurgeInterval(60)

function maintenance()
  dbr:apply()
  mobile:apply()
end

-- ---------------------------------------------------------------- rules
local business = newNMG()
business:addMasks(customers.business)

addAction(NetmaskGroupRule({"127.0.0.53/32"}), AllowAction(), {name="monitoring", uuid="7a1d3c52-0f0e-4a2b-8c3d-111111111111"})
addAction(NotRule(OpcodeRule(DNSOpcode.Query)), RCodeAction(DNSRCode.NOTIMP), {name="queries only"})
addAction(QClassRule(DNSClass.CHAOS), RCodeAction(DNSRCode.REFUSED))
addAction(AndRule({QTypeRule(DNSQType.ANY), TCPRule(false)}), TCAction())

-- What a court has ordered, with an explanation for those who can show it.
local ordered = newSuffixMatchNode()
local list = [[
blocked-by-order.example.
another-one.example.
third.blocked.example.
]]
for name in list:gmatch("%S+") do
  ordered:add(name)
end
addAction(SuffixMatchNodeRule(ordered, true), SetExtendedDNSErrorAction(16, "blocked by order of a court"))
addAction(SuffixMatchNodeRule(ordered, true), RCodeAction(DNSRCode.NXDOMAIN), {name="ordered"})

-- A tunnel looks like this: long labels of hexadecimal digits.
addAction(AndRule({RegexRule("[0-9a-f]{40,}\\."), NotRule(QNameSuffixRule({"cdn.example."}))}), PoolAction("abuse"), {name="tunnels"})

-- Business customers have servers of their own, and no limits.
addAction(NetmaskGroupRule(business), PoolAction("business"), {name="business"})

-- A walled garden for those who have not paid.
local unpaid = TimedIPSetRule()
addAction(AndRule({unpaid:slice(), QTypeRule("A")}), SpoofAction("127.0.0.99", {ttl=10}), {name="walled garden"})
addAction(AndRule({unpaid:slice(), QTypeRule("AAAA")}), SpoofAction("2001:db8::99", {ttl=10}))
addAction(unpaid:slice(), RCodeAction(DNSRCode.REFUSED))

-- Reverse look-ups of the whole world are the first to wait.
local reverse = QNameSuffixRule({"in-addr.arpa.", "ip6.arpa."})
addAction(AndRule({reverse, NotRule(MaxQPSRule(5000, 10000))}), DelayAction(100), {name="reverse"})

-- Everything too fast for a person.
addAction(MaxQPSIPRule(500, 32, 56, 800), TCAction(), {name="too fast"})
addAction(PoolOutstandingRule("", 5000), RCodeAction(DNSRCode.SERVFAIL), {name="overload"})
addAction(ProbaRule(0.0), DropAction(), {name="a switch for load shedding"})

-- ---------------------------------------------------------------- answers
addResponseAction(RCodeRule(DNSRCode.REFUSED), DelayResponseAction(50))
addResponseAction(QNameSuffixRule("ttl.example."), LimitTTLResponseAction(60, 600))
addResponseAction(QNameSuffixRule("v4only.example."), ClearRecordTypesResponseAction({DNSQType.AAAA, DNSQType.HTTPS}))
addTimeoutResponseAction(AllRule(), SetTagResponseAction("outcome", "timeout"))
addCacheMissAction(QNameSuffixRule("never-cached.example."), SetSkipCacheAction())
addCacheInsertedResponseAction(AllRule(), SetTagResponseAction("cached", "now"))

-- ---------------------------------------------------------------- tuning
setMaxUDPOutstanding(65535)
setMaxTCPClientThreads(8)
setMaxTCPConnectionsPerClient(20)
setMaxTCPConnectionRatePerClient(50)
setTCPConnectionRateInterval(2)
setTCPConnectionsMaskV6(56)
setTCPConnectionsOverloadThreshold(80)
setBanDurationForExceedingTCPTLSRate(30)
setRingBuffersSize(100000, 10)
setQueryCount(true)
setVerboseHealthChecks(false)
