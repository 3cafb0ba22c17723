-- One service for several tenants, each with servers, filters, limits and a cache of its own. Tenants are
-- described in one table; everything else follows from it.

-- ---------------------------------------------------------------- tenants
local tenants = {
  {
    name = "bakery",
    networks = {"10.40.0.0/16", "127.40.0.0/16"},
    servers = {5691, 5692},
    policy = "roundrobin",
    cache = {entries = 10000, options = {maxTTL = 3600}},
    qps = 200,
    blocked = {"casino.example", "games.example"},
    hosts = {["till.bakery.example."] = "10.40.0.5", ["oven.bakery.example."] = "10.40.0.6"},
  },
  {
    name = "clinic",
    networks = {"10.41.0.0/16", "127.41.0.0/16", "2001:db8:41::/48"},
    servers = {5693},
    policy = "firstAvailable",
    cache = {entries = 50000, options = {maxTTL = 600, cookieHashing = true}},
    qps = 1000,
    allowed = {"clinic.example", "records.example", "update.example"},
    hosts = {["archive.clinic.example."] = "10.41.0.9"},
  },
  {
    name = "school",
    networks = {"10.42.0.0/15", "127.42.0.0/16"},
    servers = {5694, 5695, 5696},
    policy = "chashed",
    cache = {entries = 80000, options = {maxTTL = 7200, maxNegativeTTL = 120}},
    qps = 400,
    blocked = {"adult.example", "casino.example", "bets.example"},
    rewrite = {["www.search.example."] = "safe.search.example.", ["video.example."] = "restricted.video.example."},
    hosts = {},
  },
  {
    name = "studio",
    networks = {"10.44.0.0/16", "127.44.0.0/16"},
    servers = {5697},
    policy = "leastOutstanding",
    hosts = {["render.studio.example."] = "10.44.0.20"},
    own = function(dq)
      -- The renderers ask for names without a dot.
      if dq.qname:countLabels() == 1 then
        return DNSAction.Nxdomain, ""
      end
      return DNSAction.None, ""
    end,
  },
}
local policies = {roundrobin = roundrobin, firstAvailable = firstAvailable, chashed = chashed, leastOutstanding = leastOutstanding}

-- ---------------------------------------------------------------- the service
setLocal("127.0.0.1:5590", {reusePort=true})
local everybody = {"127.0.0.0/9"}
for _, tenant in ipairs(tenants) do
  for _, network in ipairs(tenant.networks) do
    table.insert(everybody, network)
  end
end
setACL(everybody)

-- ---------------------------------------------------------------- servers and pools
for _, tenant in ipairs(tenants) do
  for number, port in ipairs(tenant.servers) do
    newServer({
      address = "127.0.0.1:" .. port,
      name = tenant.name .. "-" .. number,
      pool = tenant.name,
      order = number,
      checkName = tenant.name .. ".check.example.",
    })
  end
  setPoolServerPolicy(policies[tenant.policy], tenant.name)
  if tenant.cache then
    getPool(tenant.name):setCache(newPacketCache(tenant.cache.entries, tenant.cache.options))
  end
end
newServer({address="127.0.0.1:5698", name="nobody's", qps=10})

-- ---------------------------------------------------------------- rules for all
addAction(OpcodeRule(DNSOpcode.Update), RCodeAction(DNSRCode.REFUSED), {name="no updates"})
addAction(QClassRule(DNSClass.CHAOS), RCodeAction(DNSRCode.REFUSED))
addAction(AndRule({QTypeRule(DNSQType.ANY), TCPRule(false)}), TCAction())
local threats = newSuffixMatchNode()
threats:add({"botnet.example", "ransom.example"})
addAction(SuffixMatchNodeRule(threats), SpoofAction({"192.0.2.66", "2001:db8::66"}, {ttl=60}), {name="threats"})

-- ---------------------------------------------------------------- rules of each
local function sorted(map)
  local keys = {}
  for key in pairs(map or {}) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return ipairs(keys)
end

local function suffixes(names)
  local node = newSuffixMatchNode()
  for _, name in ipairs(names) do
    node:add(newDNSName(name))
  end
  return node
end

for _, tenant in ipairs(tenants) do
  local group = newNMG(tenant.networks)
  local who = NetmaskGroupRule(group, true, #tenant.networks > 2)
  local label = function(text)
    return {name = tenant.name .. ": " .. text}
  end

  addAction(who, SetTagAction("tenant", tenant.name), label("who"))
  local is = TagRule("tenant", tenant.name)

  for _, host in sorted(tenant.hosts) do
    addAction(AndRule({is, QNameRule(host)}), SpoofAction(tenant.hosts[host], {ttl=300, aa=true}), label(host))
  end
  if tenant.allowed then
    addAction(AndRule({is, NotRule(SuffixMatchNodeRule(suffixes(tenant.allowed)))}), RCodeAction(DNSRCode.REFUSED), label("only what is allowed"))
  end
  if tenant.blocked then
    addAction(AndRule({is, SuffixMatchNodeRule(suffixes(tenant.blocked))}), SetExtendedDNSErrorAction(17, "blocked for " .. tenant.name))
    addAction(AndRule({is, SuffixMatchNodeRule(suffixes(tenant.blocked))}), RCodeAction(DNSRCode.NXDOMAIN), label("blocked"))
  end
  for _, name in sorted(tenant.rewrite) do
    addAction(AndRule({is, QNameSuffixRule(name)}), SpoofCNAMEAction(tenant.rewrite[name], {ttl=120}), label(name))
  end
  if tenant.own then
    addAction(is, LuaAction(tenant.own), label("of its own"))
  end
  if tenant.qps then
    addAction(AndRule({is, NotRule(MaxQPSRule(tenant.qps, tenant.qps * 2))}), DropAction(), label("limit"))
    addAction(AndRule({is, MaxQPSIPRule(tenant.qps / 4)}), TCAction(), label("one machine"))
  end
  addAction(is, PoolAction(tenant.name), label("pool"))
end
addAction(AllRule(), RCodeAction(DNSRCode.REFUSED), {name="strangers"})

-- ---------------------------------------------------------------- answers
for _, tenant in ipairs(tenants) do
  if tenant.cache then
    addResponseAction(TagRule("tenant", tenant.name), SetMaxReturnedTTLResponseAction(tenant.cache.options.maxTTL), {name=tenant.name})
  end
end
addSelfAnsweredResponseAction(RCodeRule(DNSRCode.REFUSED), SetTagResponseAction("refused", "yes"))

-- ---------------------------------------------------------------- settings
setMaxTCPConnectionsPerClient(20)
setMaxTCPQueriesPerConnection(500)
setMaxTCPClientThreads(2)
setTCPRecvTimeout(4)
setCacheCleaningDelay(45)
setRingBuffersSize(5000)
setQueryCount(true)
setQueryCountFilter(function(dq)
  return dq.qname:countLabels() > 1, dq.qname:toString()
end)
