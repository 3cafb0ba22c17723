-- A front of four resolvers for an office network of some thousand people.
--
-- Two resolvers in this building, two in another one that are asked when both are down; a cache that survives
-- an outage of all; names that are answered here; and some order for clients that ask too much.

-- ---------------------------------------------------------------- where we listen, and who may ask
setLocal("127.0.0.1:5500", {reusePort=true, tcpFastOpenQueueSize=64, maxInFlight=100})
addLocal("127.0.0.1:5501", {reusePort=true})

setACL({"127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16"})
addACL("172.16.0.0/12")
addACL("fd00::/8")
addACL("::1/128")

-- ---------------------------------------------------------------- backends
local checks = {
  checkName = "health.example.",
  checkType = "A",
  checkInterval = 2,
  checkTimeout = 800,
  maxCheckFailures = 3,
  rise = 2,
  mustResolve = false,
}

-- All servers of a building get the same checks.
local function building(name, order, addresses)
  for number, address in ipairs(addresses) do
    local options = {address=address, name=name .. "-" .. number, order=order, sockets=2}
    for key, value in pairs(checks) do
      options[key] = value
    end
    newServer(options)
  end
end

building("here", 1, {"127.0.0.1:5601", "127.0.0.1:5602"})
building("there", 2, {"127.0.0.1:5603", "127.0.0.1:5604"})

-- The directory servers answer for the names of the company.
newServer({address="127.0.0.1:5605", name="directory-1", pool="corp", order=1, checkName="corp.example.", checkType="SOA"})
newServer({address="127.0.0.1:5606", name="directory-2", pool={"corp", "reverse"}, order=2, checkName="corp.example.", checkType="SOA"})

setServerPolicy(firstAvailable)
setPoolServerPolicy(firstAvailable, "corp")
setServFailWhenNoServer(true)

-- ---------------------------------------------------------------- caches
local cache = newPacketCache(100000, {
  maxTTL = 86400,
  minTTL = 0,
  maxNegativeTTL = 900,
  temporaryFailureTTL = 20,
  staleTTL = 30,
  numberOfShards = 16,
  keepStaleData = true,
})
getPool(""):setCache(cache)
getPool("corp"):setCache(newPacketCache(5000, {maxTTL=300}))
setStaleCacheEntriesTTL(3600)
setCacheCleaningDelay(30)
setCacheCleaningPercentage(50)

-- ---------------------------------------------------------------- rules
-- Nobody updates zones through us, or transfers them.
addAction(OrRule({OpcodeRule(DNSOpcode.Update), OpcodeRule(DNSOpcode.Notify)}), RCodeAction(DNSRCode.REFUSED), {name="no updates"})
addAction(OrRule({QTypeRule(DNSQType.AXFR), QTypeRule(DNSQType.IXFR)}), RCodeAction(DNSRCode.REFUSED), {name="no transfers"})

-- The version of a server is nobody's business.
addAction(QClassRule(DNSClass.CHAOS), RCodeAction(DNSRCode.REFUSED), {name="no CHAOS"})

-- ANY is answered over TCP only.
addAction(AndRule({QTypeRule(DNSQType.ANY), TCPRule(false)}), TCAction(), {name="ANY over TCP"})

-- Names of the company, and the addresses of its networks.
addAction({"corp.example.", "intern.example."}, PoolAction("corp"), {name="company"})
local reverse = newSuffixMatchNode()
for _, zone in ipairs({"10.in-addr.arpa.", "168.192.in-addr.arpa.", "d.f.ip6.arpa."}) do
  reverse:add(newDNSName(zone))
end
addAction(SuffixMatchNodeRule(reverse), PoolAction("reverse"), {name="our addresses"})
addAction("16.172.in-addr.arpa.", RCodeAction(DNSRCode.NXDOMAIN), {name="other private addresses"})

-- Browsers look for these; they must not be found.
addAction(QNameSuffixRule({"use-application-dns.net.", "mask.icloud.com.", "mask-h2.icloud.com."}),
          RCodeAction(DNSRCode.NXDOMAIN), {name="canaries"})

-- wpad is an old way into a network.
addAction(RegexRule("^wpad\\."), RCodeAction(DNSRCode.NXDOMAIN), {name="wpad"})

-- Names that are answered here.
local hosts = {
  ["printer.office.example."] = {"192.168.1.20"},
  ["router.office.example."] = {"192.168.1.1", "fd00::1"},
  ["files.office.example."] = {"192.168.1.30", "192.168.1.31"},
}
local names = {}
for name in pairs(hosts) do
  table.insert(names, name)
end
table.sort(names)
for _, name in ipairs(names) do
  addAction(QNameRule(name), SpoofAction(hosts[name], {ttl=300}), {name="host " .. name})
end
addAction(QNameRule("old.office.example."), SpoofCNAMEAction("files.office.example.", {ttl=300}))

-- Some order: more than 200 questions a second from one address have to come over TCP, above 1000 nothing is said.
addAction(NetmaskGroupRule({"127.0.0.53/32"}), AllowAction(), {name="monitoring"})
addAction(MaxQPSIPRule(1000, 32, 64), DropAction(), {name="far too fast"})
addAction(AndRule({MaxQPSIPRule(200, 32, 64), TCPRule(false)}), TCAction(), {name="too fast"})

-- ---------------------------------------------------------------- answers
addResponseAction(RCodeRule(DNSRCode.SERVFAIL), SetTagResponseAction("outcome", "failed"))
addResponseAction(QNameSuffixRule({"dyn.example."}), SetMaxReturnedTTLResponseAction(30), {name="short lived"})
addCacheHitResponseAction(QNameSuffixRule({"dyn.example."}), SetMaxReturnedTTLResponseAction(10))
addSelfAnsweredResponseAction(AllRule(), SetTagResponseAction("outcome", "here"))

-- ---------------------------------------------------------------- tuning
setMaxUDPOutstanding(20000)
setUDPTimeout(3)
setMaxTCPClientThreads(4)
setMaxTCPConnectionsPerClient(50)
setMaxTCPQueriesPerConnection(1000)
setMaxTCPConnectionDuration(120)
setTCPRecvTimeout(5)
setTCPSendTimeout(5)
setRingBuffersSize(20000)
setRingBuffersOptions({recordResponses=true, samplingRate=0})
setECSOverride(false)

-- ---------------------------------------------------------------- the console
controlSocket("127.0.0.1:5502")
setKey("d2Vpci10ZXN0LWtleS0wMTIzNDU2Nzg5YWJjZGVmISE=")
setConsoleACL({"127.0.0.1/32"})
setServerID("office-front")
