-- One name space, several answers: staff, guests, branch offices and machines see different servers for the
-- same names, and each branch has its resolvers near by.

-- ---------------------------------------------------------------- listeners: one for each kind of network
setLocal("127.0.0.1:5550", {reusePort=true})          -- staff
addLocal("127.0.0.1:5551", {reusePort=true})          -- guests
addLocal("127.0.0.1:5552", {maxConcurrentTCPConnections=100}) -- machines
setACL({"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"})

local ports = {staff = 5550, guests = 5551, machines = 5552}

-- ---------------------------------------------------------------- servers of each view
local views = {
  {name = "staff", servers = {5651, 5652}, policy = firstAvailable},
  {name = "guests", servers = {5653}, policy = leastOutstanding},
  {name = "machines", servers = {5654, 5655}, policy = roundrobin},
  {name = "dmz", servers = {5656}, policy = leastOutstanding},
}
for _, view in ipairs(views) do
  for number, port in ipairs(view.servers) do
    newServer({
      address = "127.0.0.1:" .. port,
      name = view.name .. "-" .. number,
      pool = view.name,
      order = number,
      checkName = view.name .. ".check.example.",
      maxCheckFailures = 2,
      tcpConnectTimeout = 1,
    })
  end
  setPoolServerPolicy(view.policy, view.name)
  getPool(view.name):setCache(newPacketCache(20000, {maxTTL = view.name == "guests" and 300 or 3600}))
end
-- Everything that is in no view.
newServer({address="127.0.0.1:5657", name="outside", useClientSubnet=true})
getPool(""):setECS(true)
getPool(""):setZeroScope(false)
getPool(""):setCache(newPacketCache(50000, {parseECS=true, maxTTL=600}))
setECSSourcePrefixV4(20)
setECSSourcePrefixV6(48)
setECSOverride(true)

-- ---------------------------------------------------------------- branches
local branches = {
  berlin = {networks = {"10.10.0.0/16", "127.10.0.0/16"}, resolver = 5658},
  lisbon = {networks = {"10.20.0.0/16", "127.20.0.0/16"}, resolver = 5659},
  oslo = {networks = {"10.30.0.0/16", "127.30.0.0/16"}, resolver = 5660},
}
local order = {"berlin", "lisbon", "oslo"}

-- ---------------------------------------------------------------- rules
addAction(OpcodeRule(DNSOpcode.Update), RCodeAction(DNSRCode.REFUSED))
addAction(QTypeRule(DNSQType.AXFR), RCodeAction(DNSRCode.REFUSED))

-- What guests may see of us, and nothing else of our names.
local ours = newSuffixMatchNode()
ours:add({"example.org.", "corp.example."})
local public = newSuffixMatchNode()
public:add({"www.example.org.", "vpn.example.org.", "mail.example.org."})
local guests = DSTPortRule(ports.guests)
addAction(AndRule({guests, SuffixMatchNodeRule(public)}), PoolAction("dmz"), {name="guests: public names"})
addAction(AndRule({guests, SuffixMatchNodeRule(ours)}), RCodeAction(DNSRCode.NXDOMAIN), {name="guests: our names"})
addAction(AndRule({guests, QNameSuffixRule({"10.in-addr.arpa.", "168.192.in-addr.arpa."})}), RCodeAction(DNSRCode.REFUSED))
addAction(AndRule({guests, MaxQPSIPRule(50)}), DropAction(), {name="guests: slowly"})
addAction(guests, PoolAction("guests"), {name="guests"})

-- Machines talk to few names, all of which are known.
local machines = DSTPortRule(ports.machines)
local allowed = newDNSNameSet()
for _, name in ipairs({"ntp.corp.example.", "update.vendor.example.", "metrics.corp.example.", "vault.corp.example."}) do
  allowed:add(newDNSName(name))
end
addAction(AndRule({machines, NotRule(QNameSetRule(allowed))}), RCodeAction(DNSRCode.REFUSED), {name="machines: others"})
addAction(AndRule({machines, QNameRule("ntp.corp.example.")}), SpoofAction({"10.0.0.123", "fd00::123"}, {ttl=3600}), {name="machines: time"})
addAction(machines, PoolAction("machines"), {name="machines"})

-- Branches: the printer and the files are those next door.
for _, branch in ipairs(order) do
  local networks = NetmaskGroupRule(branches[branch].networks)
  addAction(AndRule({networks, QNameRule("printer.corp.example.")}), SpoofCNAMEAction("printer." .. branch .. ".corp.example."), {name=branch .. ": printer"})
  addAction(AndRule({networks, QNameRule("files.corp.example.")}), SpoofCNAMEAction("files." .. branch .. ".corp.example."), {name=branch .. ": files"})
  newServer({address="127.0.0.1:" .. branches[branch].resolver, name="resolver-" .. branch, pool=branch})
  addAction(AndRule({networks, NotRule(SuffixMatchNodeRule(ours)), PoolAvailableRule(branch)}), PoolAction(branch), {name=branch .. ": the world"})
end

-- Staff.
addAction(SuffixMatchNodeRule(public), PoolAction("staff"), {name="staff: public names, too"})
addAction(SuffixMatchNodeRule(ours), PoolAction("staff"), {name="staff: our names"})
addAction(QNameSuffixRule({"10.in-addr.arpa.", "168.192.in-addr.arpa.", "31.172.in-addr.arpa."}), PoolAction("staff"))

-- A subnet that is not ours is nobody's business outside.
addAction(NetmaskGroupRule({"172.16.0.0/12"}), SetECSAction("192.0.2.0/24", "2001:db8::/32"), {name="one subnet for all of 172.16/12"})
addAction(NetmaskGroupRule({"10.99.0.0/16"}), SetDisableECSAction())
addAction(QNameSuffixRule("exact.example."), SetECSPrefixLengthAction(32, 128))
addAction(QNameSuffixRule("asis.example."), SetECSOverrideAction(false))

-- ---------------------------------------------------------------- answers
addResponseAction(AndRule({PoolAvailableRule("staff"), QNameSuffixRule({"corp.example."})}), SetMaxReturnedTTLResponseAction(60))
addResponseAction(RCodeRule(DNSRCode.NXDOMAIN), SetReducedTTLResponseAction(50))
addSelfAnsweredResponseAction(RCodeRule(DNSRCode.REFUSED), DelayResponseAction(20))

-- The first rule of all, found out after years.
addAction(QNameSuffixRule({"printer._tcp.local.", "_dns-sd._udp.local."}), RCodeAction(DNSRCode.NXDOMAIN), {name="no service discovery"})
mvRuleToTop()

setMaxTCPClientThreads(2)
setRandomizedOutgoingSockets(true)
setUDPTimeout(2)
