-- Limits of every kind, from single clients to the whole service, with different measures for different people.

setLocal("127.0.0.1:5560")
addACL("0.0.0.0/0")
addACL("::/0")

newServer({address="127.0.0.1:5661", name="a", qps=10000, weight=2})
newServer({address="127.0.0.1:5662", name="b", qps=5000})
newServer({address="127.0.0.1:5663", name="slow", pool="slow", qps=100, sockets=1})
newServer({address="127.0.0.1:5664", name="last", pool="last"})
setServerPolicy(wrandom)
setPoolServerPolicy(firstAvailable, "slow")
getPool(""):setCache(newPacketCache(100000))
getPool("slow"):setCache(newPacketCache(1000, {maxTTL=60}))

-- ---------------------------------------------------------------- classes of clients
local classes = {
  {name = "monitoring", networks = {"127.0.0.53/32", "192.0.2.53/32"}},
  {name = "partners", networks = {"198.51.100.0/24", "2001:db8:100::/40"}, qps = 2000, burst = 4000},
  {name = "campus", networks = {"203.0.113.0/24"}, qps = 500, burst = 800},
}
for _, class in ipairs(classes) do
  local who = NetmaskGroupRule(class.networks)
  if class.qps then
    addAction(AndRule({who, MaxQPSIPRule(class.qps, 24, 48, class.burst)}), TCAction(), {name=class.name .. ": too fast"})
    addAction(who, SetTagAction("class", class.name))
  else
    addAction(who, AllowAction(), {name=class.name})
  end
end

-- ---------------------------------------------------------------- a ladder for everybody else
local others = NotRule(TagRule("class"))
local ladder = {
  {qps = 20, action = NoneAction(), remark = "noted"},
  {qps = 50, action = DelayAction(20), remark = "slower"},
  {qps = 100, action = TCAction(), remark = "over TCP"},
  {qps = 200, action = PoolAction("slow", true), remark = "to the slow server"},
  {qps = 1000, action = DropAction(), remark = "nothing"},
}
for i = #ladder, 1, -1 do
  local step = ladder[i]
  addAction(AndRule({others, MaxQPSIPRule(step.qps, 32, 56, step.qps * 2, 120, 30, 10, 4)}), step.action, {name="above " .. step.qps .. ": " .. step.remark})
end

-- ---------------------------------------------------------------- by type and name
-- One bucket for all questions of a kind, whoever asks: the same selector stands in two rules.
local text = AndRule({QTypeRule("TXT"), NotRule(MaxQPSRule(300, 600))})
addAction(text, RCodeAction(DNSRCode.REFUSED, {ra=true}), {name="TXT"})
addCacheMissAction(text, DropAction(), {name="TXT that is not cached"})
local shared = MaxQPSRule(1000)
addAction(AndRule({QTypeRule("ANY"), NotRule(shared)}), DropAction())
addAction(AndRule({QTypeRule("RRSIG"), NotRule(shared)}), DropAction())

local budgets = {
  ["reverse"] = {suffixes = {"in-addr.arpa", "ip6.arpa"}, qps = 500},
  ["blacklists"] = {suffixes = {"dnsbl.example", "rbl.example"}, qps = 200},
  ["updates"] = {suffixes = {"update.example"}, qps = 1000},
}
for _, budget in ipairs({"reverse", "blacklists", "updates"}) do
  local of = budgets[budget]
  addAction(QNameSuffixRule(of.suffixes), QPSAction(of.qps), {name="budget for " .. budget})
  addAction(AndRule({QNameSuffixRule(of.suffixes), NotRule(MaxQPSRule(of.qps / 2))}), DelayAction(10), {name="soon over: " .. budget})
end

-- The same action for two kinds of names: one budget for both.
local both = QPSPoolAction(400, "last", true)
addAction(QNameSuffixRule("first.example."), both, {name="first of two"})
addAction(QNameSuffixRule("second.example."), both, {name="second of two"})

-- ---------------------------------------------------------------- random names
addAction(AndRule({QNameLabelsCountRule(0, 6), others}), TCAction(), {name="many labels"})
addAction(QNameWireLengthRule(0, 200), DropAction(), {name="long names"})
addAction(AndRule({RegexRule("^[a-z0-9]{16,}\\.[^.]+\\.[^.]+$"), MaxQPSIPRule(5, 24, 48)}), RCodeAction(DNSRCode.NXDOMAIN), {name="water torture"})

-- ---------------------------------------------------------------- one in ten
addAction(AndRule({QNameSuffixRule("sampled.example."), ProbaRule(0.0)}), DropAction(), {name="sampled"})
addAction(AndRule({QNameSuffixRule("all.example."), ProbaRule(1.0)}), RCodeAction(DNSRCode.REFUSED), {name="all of them"})

-- ---------------------------------------------------------------- the whole service
addAction(NotRule(PoolAvailableRule("")), PoolAction("last"), {name="nobody else is left"})
addAction(PoolOutstandingRule("", 20000), PoolAction("last"), {name="too many wait"})
addAction(NotRule(MaxQPSRule(50000, 80000)), ContinueAction(SetSkipCacheAction()), {name="very busy"})

-- ---------------------------------------------------------------- blocks
local fast = dynBlockRulesGroup()
fast:setQueryRate(100, 5, "100 q/s for 5 s", 30, DNSAction.Truncate)
fast:setRCodeRate(DNSRCode.NXDOMAIN, 20, 10, "20 NXD/s for 10 s", 60, DNSAction.Refused, 10)
fast:setRCodeRatio(DNSRCode.SERVFAIL, 0.5, 10, "half of it fails", 30, 50, DNSAction.NoRecurse)
fast:setAllowedRCodesRatio({DNSRCode.NOERROR, DNSRCode.NXDOMAIN}, 0.9, 20, "usual outcomes only", 60, 200, DNSAction.None)
fast:setQTypeRate(DNSQType.ANY, 2, 10, "ANY", 300, DNSAction.Drop)
fast:setResponseByteRate(200000, 10, "200 kB/s", 60, DNSAction.SetTag, 100000, {tagName="heavy", tagValue="yes"})
fast:excludeRange({"127.0.0.53/32", "192.0.2.0/24"})
addMaintenanceCallback(function()
  fast:apply()
end)
setDynBlocksAction(DNSAction.Nxdomain)
addAction(TagRule("heavy", "yes"), TCAction(), {name="heavy answers over TCP"})

-- ---------------------------------------------------------------- answers
addResponseAction(AndRule({TagRule("class", "campus"), RCodeRule(DNSRCode.NXDOMAIN)}), DelayResponseAction(5))
addResponseAction(PayloadSizeRule("greaterOrEqual", 1200), TCResponseAction())
addCacheHitResponseAction(TagRule("heavy", "yes"), TCResponseAction())
addTimeoutResponseAction(QNameSuffixRule("slow.example."), DropResponseAction())

-- ---------------------------------------------------------------- streams
setMaxTCPConnectionsPerClient(10)
setMaxTCPQueriesPerConnection(50)
setMaxTCPConnectionDuration(30)
setMaxTCPConnectionRatePerClient(20)
setTCPConnectionRateInterval(1)
setTCPRecvTimeout(1)
setTCPSendTimeout(1)
setMaxTCPQueuedConnections(500)
setTCPConnectionsMaskV4(24)
setTCPConnectionsMaskV6(48)
setMaxUDPOutstanding(30000)
setServFailWhenNoServer(true)
setRoundRobinFailOnNoServer(true)
