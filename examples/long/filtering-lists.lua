-- A resolver that filters: advertising, malware, adult sites for those who want that; lists as they are
-- published, with exceptions, and a landing page.

setLocal("127.0.0.1:5540")
setACL({"127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16", "fd00::/8"})

newServer({address="127.0.0.1:5641", name="usual"})
newServer({address="127.0.0.1:5642", name="spare", order=2})
setServerPolicy(firstAvailable)
getPool(""):setCache(newPacketCache(150000, {maxTTL=7200, maxNegativeTTL=300}))

-- ---------------------------------------------------------------- lists
-- A list in the form of hosts(5), one of names, and one of expressions.
local hosts = [[
# advertising, in the form of hosts(5)
0.0.0.0 ads.example
0.0.0.0 banner.example   # a comment
0.0.0.0 adserver.example.com
127.0.0.1 localhost
0.0.0.0 telemetry.vendor.example
0.0.0.0 stats.vendor.example
]]
local malware = [[
phishing-bank.example
ransom.example
dropper.cdn.example
c2.botnet.example
]]
local adult = {"adult.example", "casino.example", "dating.example"}
local exceptions = {"good.ads.example", "status.vendor.example", "adserver.example.com.internal.example"}
local expressions = {
  "^ad[sx]?[0-9]*\\.",
  "^(banner|track|pixel)s?[0-9]*\\.",
  "\\.doubleclick[a-z]*\\.example$",
}

local function suffixes(names)
  local set = newSuffixMatchNode()
  for _, name in ipairs(names) do
    set:add(newDNSName(name))
  end
  return set
end

local function lines(text, pattern)
  local found = {}
  for line in text:gmatch("[^\n]+") do
    local name = line:gsub("#.*", ""):match(pattern)
    if name and name ~= "localhost" then
      table.insert(found, name)
    end
  end
  return found
end

local lists = {
  {name = "advertising", set = suffixes(lines(hosts, "^0%.0%.0%.0%s+(%S+)"))},
  {name = "malware", set = suffixes(lines(malware, "^(%S+)"))},
}
local parents = suffixes(adult)
local good = suffixes(exceptions)

-- ---------------------------------------------------------------- who wants what
local children = newNMG()
children:addMask("10.1.0.0/16")
children:addMask("127.1.0.0/16")
local unfiltered = newNMG()
unfiltered:addMask("10.2.0.0/16")
unfiltered:addMask("127.2.0.0/16")

addAction(QTypeRule(DNSQType.ANY), RCodeAction(DNSRCode.NOTIMP))
addAction(NetmaskGroupRule(unfiltered), AllowAction(), {name="no filter wanted"})
addAction(SuffixMatchNodeRule(good), SetTagAction("filter", "never"), {name="exceptions"})

-- ---------------------------------------------------------------- what happens to a name that is listed
-- A landing page for browsers, nothing for the rest.
local landing = {"192.0.2.80", "2001:db8::80"}
for _, list in ipairs(lists) do
  local listed = AndRule({SuffixMatchNodeRule(list.set), NotRule(TagRule("filter", "never"))})
  addAction(listed, SetTagAction("list", list.name))
  addAction(listed, SetExtendedDNSErrorAction(17, "on the list " .. list.name))
  if list.name == "malware" then
    addAction(listed, SpoofAction(landing, {ttl=30}), {name="landing page for " .. list.name})
  end
end
addAction(AndRule({TagRule("list", "advertising"), OrRule({QTypeRule("A"), QTypeRule("AAAA")})}),
  SpoofAction({"0.0.0.0", "::"}, {ttl=3600}), {name="advertising goes nowhere"})
addAction(TagRule("list"), NegativeAndSOAAction(false, "filter.example.", 300, "ns.filter.example.",
  "hostmaster.filter.example.", 1, 3600, 600, 86400, 60), {name="and has no other records"})

for number, expression in ipairs(expressions) do
  addAction(AndRule({RegexRule(expression), NotRule(TagRule("filter", "never"))}),
    RCodeAction(DNSRCode.NXDOMAIN), {name="expression " .. number})
end

addAction(AndRule({NetmaskGroupRule(children), SuffixMatchNodeRule(parents)}), SpoofCNAMEAction("parents.filter.example.", {ttl=60}), {name="parents"})
addAction(AndRule({NetmaskGroupRule(children), QNameRule("www.search.example.")}), SpoofCNAMEAction("safe.search.example."), {name="safe search"})
addAction(AndRule({NetmaskGroupRule(children), QNameSuffixRule("video.example.")}), SpoofCNAMEAction("restricted.video.example."))

-- Answers by address: the same as a response policy zone with its own data.
local answers = {
  {"wpad.example.", "NXDOMAIN"},
  {"intranet.example.", {"10.0.0.80"}},
  {"drop.example.", "DROP"},
  {"tcp.example.", "TCP"},
}
for _, answer in ipairs(answers) do
  local selector = QNameSuffixRule({answer[1]})
  if answer[2] == "NXDOMAIN" then
    addAction(selector, RCodeAction(DNSRCode.NXDOMAIN))
  elseif answer[2] == "DROP" then
    addAction(selector, DropAction())
  elseif answer[2] == "TCP" then
    addAction(AndRule({selector, TCPRule(false)}), TCAction())
  else
    addAction(selector, SpoofAction(answer[2]))
  end
end

-- ---------------------------------------------------------------- a function: new names are looked at twice
local suspicious = {["xn--"] = 2, ["secure-"] = 1, ["login-"] = 1, ["verify-"] = 1}
local threshold = 2
addAction(LuaRule(function(dq)
  local name = dq.qname:toString():lower()
  local points = 0
  for word, worth in pairs(suspicious) do
    if name:find(word, 1, true) then
      points = points + worth
    end
  end
  return points >= threshold
end), SetExtendedDNSErrorAction(15, "looks like phishing"), {name="phishing"})

-- ---------------------------------------------------------------- answers of the resolvers
-- Nobody outside may have addresses of our networks.
addResponseAction(AndRule({NotRule(QNameSuffixRule("intranet.example.")), TagRule("list", "malware")}), DropResponseAction())
addResponseAction(AllRule(), SetMinTTLResponseAction(30))
addResponseAction(AllRule(), SetMaxTTLResponseAction(7200))
addCacheHitResponseAction(TagRule("filter", "never"), SetTagResponseAction("seen", "yes"))

setAddEDNSToSelfGeneratedResponses(true)
setCacheCleaningDelay(20)
setVerbose(false)
