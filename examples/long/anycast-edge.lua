-- An edge node of an anycast network. The file is the same on every node; what differs is below.

-- ---------------------------------------------------------------- this node
local node = {
  name = "edge-7",
  region = "north",
  service = {"127.0.0.1:5580", "127.0.0.1:5581"},
  origin = {north = {5681, 5682}, south = {5683, 5684}},
}
local regions = {"north", "south"}

setServerID(node.name)
for _, address in ipairs(node.service) do
  addLocal(address, {reusePort=true, tcpFastOpenQueueSize=256, tcpListenQueueSize=4096, enableProxyProtocol=true})
end
setACL({"0.0.0.0/0", "::/0"})
setProxyProtocolACL({"127.0.0.3/32", "192.0.2.0/28"})
setProxyProtocolApplyACLToProxiedClients(true)
setProxyProtocolMaximumPayloadSize(1024)

-- ---------------------------------------------------------------- origins: those of this region first
local function origin(region, number, port)
  local here = region == node.region
  return newServer({
    address = "127.0.0.1:" .. port,
    name = region .. "-" .. number,
    id = string.format("00000000-0000-4000-8000-%012d", port),
    order = here and number or 10 + number,
    weight = here and 100 or 1,
    useProxyProtocol = false,
    useClientSubnet = true,
    checkInterval = here and 1 or 5,
    checkTimeout = here and 500 or 1500,
    maxCheckFailures = here and 2 or 4,
    tcpFastOpen = true,
    sockets = here and 4 or 1,
    maxConcurrentTCPConnections = 200,
    ipBindAddrNoPort = true,
  })
end
local servers = {}
for _, region in ipairs(regions) do
  for number, port in ipairs(node.origin[region]) do
    servers[#servers + 1] = origin(region, number, port)
  end
end
-- One that was taken out while it is looked into.
local retired = newServer({address="127.0.0.1:5685", name="retired"})
rmServer(retired)
-- One that is there for one customer only.
newServer({address="127.0.0.1:5686", name="dedicated", pool={"dedicated", "transfer"}})
servers[2]:addPool("transfer")
servers[4]:rmPool("")
servers[4]:addPool("spare")

setServerPolicy(firstAvailable)
setPoolServerPolicy(whashed, "dedicated")
setWHashedPerturbation(20240501)

-- ---------------------------------------------------------------- cache
local cache = newPacketCache(400000, {
  maxTTL = 3600,
  maxNegativeTTL = 60,
  temporaryFailureTTL = 1,
  staleTTL = 5,
  truncatedTTL = 1,
  parseECS = true,
  numberOfShards = 64,
  deferrableInsertLock = true,
  skipOptions = {EDNSOptionCode.COOKIE, EDNSOptionCode.PADDING},
  payloadRanks = {512, 1232, 4096},
})
getPool(""):setCache(cache)
getPool("spare"):setCache(cache)
getPool(""):setECS(true)
getPool("dedicated"):setZeroScope(false)
setStaleCacheEntriesTTL(600)

-- ---------------------------------------------------------------- who is where
setECSOverride(false)
setECSSourcePrefixV4(24)
setECSSourcePrefixV6(56)

-- ---------------------------------------------------------------- the fence
addAction(NotRule(OrRule({OpcodeRule(DNSOpcode.Query), OpcodeRule(DNSOpcode.Notify)})), RCodeAction(DNSRCode.NOTIMP), {name="opcodes"})
addAction(RecordsCountRule(DNSSection.Question, 0, 0), RCodeAction(DNSRCode.FORMERR), {name="no question"})
addAction(RecordsCountRule(DNSSection.Answer, 1, 65535), DropAction(), {name="answers in a query"})
addAction(RecordsCountRule(DNSSection.Authority, 1, 65535), DropAction(), {name="authority in a query"})
addAction(EDNSVersionRule(0), ERCodeAction(DNSRCode.BADVERS), {name="versions above 0"})
addAction(QClassRule("CHAOS"), SpoofRawAction("\006edge-7", {typeForAny=DNSQType.TXT, ttl=0}), {name="who are you?"})
addAction(AndRule({QTypeRule("ANY"), TCPRule(false)}), TCAction())
addAction(OrRule({QTypeRule("AXFR"), QTypeRule("IXFR")}), PoolAction("transfer"), {name="transfers"})

local zones = newSuffixMatchNode()
for _, zone in ipairs({"example.org", "example.net", "customer-a.example", "customer-b.example", "customer-c.example"}) do
  zones:add(newDNSName(zone))
end
addAction(NotRule(SuffixMatchNodeRule(zones)), RCodeAction(DNSRCode.REFUSED), {name="not served here"})
addAction(QNameSuffixRule("customer-a.example."), PoolAction("dedicated"), {name="customer a"})

-- Customer b has bought 500 queries a second, customer c pays for what is asked.
addAction(AndRule({QNameSuffixRule("customer-b.example."), NotRule(MaxQPSRule(500, 1000))}), RCodeAction(DNSRCode.REFUSED), {name="customer b: enough"})
addAction(QNameSuffixRule("customer-c.example."), SetTagAction("bill", "c"))

-- Apexes that point elsewhere are flattened here while their server is moved.
local moved = {["old.example.org."] = "192.0.2.11", ["older.example.org."] = "192.0.2.12"}
for _, name in ipairs({"old.example.org.", "older.example.org."}) do
  addAction(AndRule({QNameRule(name), OrRule({QTypeRule("A"), QTypeRule("ANY")})}), SpoofAction(moved[name], {ttl=30, aa=true}))
end

-- Answers that are the same for everybody, as they are on the wire.
addAction(AndRule({QNameRule("canary.example.org."), QTypeRule("TXT")}), SpoofRawAction({"\002ok", "\005north"}, {ttl=1}), {name="canary"})

-- Clients that are too many behind one address are counted by network.
addAction(AndRule({MaxQPSIPRule(2000, 24, 48, 4000), TCPRule(false)}), TCAction(), {name="networks"})

local dbr = dynBlockRulesGroup()
dbr:setQueryRate(1000, 10, "1000 q/s", 60, DNSAction.Truncate)
dbr:setRCodeRate(DNSRCode.REFUSED, 200, 10, "not ours", 300, DNSAction.Drop)
dbr:setRCodeRate(DNSRCode.NXDOMAIN, 300, 10, "random", 60, DNSAction.Truncate, 200)
dbr:setMasks(24, 48, 0)
dbr:excludeRange({"127.0.0.0/8"})
function maintenance()
  dbr:apply()
end

-- ---------------------------------------------------------------- answers
addResponseAction(AndRule({TagRule("bill", "c"), RCodeRule(DNSRCode.NOERROR)}), SetTagResponseAction("billed", "yes"))
addCacheHitResponseAction(TagRule("bill", "c"), SetTagResponseAction("billed", "yes"))
addXFRResponseAction(QNameSuffixRule("customer-b.example."), DropResponseAction())
addTimeoutResponseAction(QNameSuffixRule("customer-a.example."), SetTagResponseAction("alarm", "yes"))
addResponseAction(AllRule(), SetMaxReturnedTTLResponseAction(3600))

-- ---------------------------------------------------------------- figures
carbonServer("127.0.0.1:5582", node.name, 60, "dns", "edge")
webserver("127.0.0.1:5583")
setWebserverConfig({acl="127.0.0.1/32", statsRequireAuthentication=false, prometheusAddInstanceLabel=true})
setRingBuffersSize(50000)
setRingBuffersOptions({samplingRate=10})

setMaxUDPOutstanding(50000)
setMaxTCPClientThreads(4)
setTCPRecvTimeout(2)
setMaxTCPConnectionsPerClient(100)
setUDPSocketBufferSizes(4194304, 0)
truncateTC(false)
fixupCase(true)
