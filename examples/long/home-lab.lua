-- A home: a few machines with names, children, a television that talks too much, a laboratory, and a line to
-- the world that is sometimes down.

-- ---------------------------------------------------------------- settings, in one place
local home = {
  domain = "home.arpa.",
  address = "127.0.0.1:5570",
  cache = 20000,
  ttl = 600,
}

local machines = {
  nas = "192.168.7.10",
  printer = "192.168.7.11",
  television = "192.168.7.12",
  doorbell = "192.168.7.13",
  heating = "192.168.7.14",
  desk = "192.168.7.20",
  sofa = "192.168.7.21",
  kitchen = "192.168.7.22",
}
local aliases = {
  files = "nas",
  music = "nas",
  backup = "nas",
  tv = "television",
}

-- Lists have no order in Lua; rules have one.
local function sorted(table_)
  local keys = {}
  for key in pairs(table_) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return ipairs(keys)
end

-- ---------------------------------------------------------------- the listener and who may use it
setLocal(home.address)
addLocal("127.0.0.1:5571", {doTCP=true, reusePort=true})
setACL({"127.0.0.0/8", "192.168.7.0/24", "fd00:7::/64"})
setServerID("home")

-- ---------------------------------------------------------------- where answers come from
newServer({address="127.0.0.1:5671", name="own resolver", order=1, checkInterval=5, maxCheckFailures=2})
newServer({address="127.0.0.1:5672", name="provider", order=2, checkInterval=30, healthCheckMode="auto", rise=2})
newServer({address="127.0.0.1:5673", name="laboratory", pool="lab", checkName="lab.check.example.", order=-0 + 1})
newServer("127.0.0.1:5674", 50) -- the last resort, slowly
getServer(3).name = "last resort"
getServer(3).order = 9
getServer(3).weight = 2
setServerPolicy(firstAvailable)

getPool(""):setCache(newPacketCache(home.cache, {maxTTL=86400, staleTTL=120, keepStaleData=true}))
setStaleCacheEntriesTTL(86400) -- the line is down: yesterday's answers are better than none

-- ---------------------------------------------------------------- names of this house
for _, machine in sorted(machines) do
  addAction(AndRule({QNameRule(machine .. "." .. home.domain), QTypeRule("A")}),
    SpoofAction(machines[machine], {ttl=home.ttl, aa=true}), {name=machine})
  local last = machines[machine]:match("(%d+)$")
  addAction(QNameRule(last .. ".7.168.192.in-addr.arpa."),
    SpoofRawAction(newDNSName(machine .. "." .. home.domain):toDNSString(), {ttl=home.ttl, typeForAny=DNSQType.PTR}),
    {name=machine .. ", backwards"})
end
for _, alias in sorted(aliases) do
  addAction(QNameRule(alias .. "." .. home.domain), SpoofCNAMEAction(aliases[alias] .. "." .. home.domain, {ttl=home.ttl}), {name=alias})
end
addAction(QNameSuffixRule({home.domain, "7.168.192.in-addr.arpa."}),
  NegativeAndSOAAction(true, home.domain, 60, "router." .. home.domain, "me." .. home.domain, os.time{year=2024, month=5, day=1, hour=12} > 0 and 7 or 0, 3600, 600, 86400, 60),
  {name="no other names here"})

-- ---------------------------------------------------------------- the laboratory
local lab = {"lab.example.", "k8s.example.", "svc.cluster.local."}
addAction(QNameSuffixRule(lab), PoolAction("lab"), {name="laboratory"})
addAction(AndRule({QNameSuffixRule("broken.example."), QTypeRule("A")}), RCodeAction(DNSRCode.SERVFAIL), {name="how does it fail?"})
addAction(QNameSuffixRule("slow.example."), DelayAction(150), {name="and slowly?"})
addAction(QNameSuffixRule("silent.example."), DropAction(), {name="and not at all?"})
addAction(QNameSuffixRule("ercode.example."), ERCodeAction(DNSRCode.BADCOOKIE))

-- ---------------------------------------------------------------- the television
local television = NetmaskGroupRule(machines.television .. "/32")
local chatter = newSuffixMatchNode()
chatter:add({"telemetry.tv.example.", "ads.tv.example.", "acr.tv.example."})
addAction(AndRule({television, SuffixMatchNodeRule(chatter, true)}), SpoofAction("0.0.0.0", {ttl=3600}), {name="television: chatter"})
addAction(AndRule({television, NotRule(MaxQPSRule(20, 40))}), DropAction(), {name="television: slowly"})

-- ---------------------------------------------------------------- children: after nine there is no video
local tablets = newNMG()
tablets:addMask("192.168.7.21/32")
tablets:addMask("127.7.0.0/16")
local bedtime = 21
local function hour()
  return tonumber(os.date("%H"))
end
addAction(AndRule({NetmaskGroupRule(tablets), QNameSuffixRule({"video.example.", "games.example."})}),
  LuaAction(function(dq)
    -- The clock is asked each time.
    if hour() >= 24 or hour() < 0 then
      return DNSAction.Refused
    end
    return DNSAction.None
  end), {name="bed time at " .. bedtime})

-- What everybody asked for last, for the curious.
local asked = {}
addAction(QNameSuffixRule("remember.example."), LuaAction(function(dq)
  asked[#asked + 1] = dq.qname:toString()
  if #asked > 3 then
    return DNSAction.Nxdomain
  end
  return DNSAction.None
end), {name="three times"})

-- ---------------------------------------------------------------- answers
addResponseAction(NotRule(QNameSuffixRule(lab)), SetMinTTLResponseAction(60), {name="nothing shorter than a minute"})
addResponseAction(QNameSuffixRule("dyn.example."), SetMaxTTLResponseAction(5))

-- ---------------------------------------------------------------- odds and ends
setUDPTimeout(4)
setMaxTCPClientThreads(1)
setRingBuffersSize(1000)
setCacheCleaningDelay(300)
setSecurityPollSuffix("")
setVerboseHealthChecks(true)
