-- Internal names go to the internal servers, one partner's names to the partner, everything else to the resolvers.

setLocal("127.0.0.1:5320")
setACL({"127.0.0.0/8", "10.0.0.0/8"})

newServer({address="127.0.0.1:5421", name="internal-1", pool="internal"})
newServer({address="127.0.0.1:5422", name="internal-2", pool="internal"})
newServer({address="127.0.0.1:5423", name="partner", pool="partner", qps=200})
newServer({address="127.0.0.1:5424", name="resolver-1", weight=2})
newServer({address="127.0.0.1:5425", name="resolver-2", weight=1})

-- The same name always goes to the same resolver, which then has it in its cache.
setServerPolicy(chashed)
-- The internal servers hold the same zones: take turns.
setPoolServerPolicy(roundrobin, "internal")

-- Names that we answer ourselves. Rules are tried in order, so these stand before those that choose a pool.
addAction(QNameRule("wpad.corp.example."), RCodeAction(DNSRCode.NXDOMAIN))
addAction(QNameRule("router.home."), SpoofAction({"192.168.0.1"}))

internal = newSuffixMatchNode()
internal:add(newDNSName("corp.example."))
internal:add(newDNSName("10.in-addr.arpa."))
addAction(SuffixMatchNodeRule(internal), PoolAction("internal"))

-- The short form: names in a table make a suffix rule.
addAction({"partner.example.", "partner.example.net."}, PoolAction("partner"))

-- Keep answers of the resolvers, never those of the partner: they change all the time.
getPool(""):setCache(newPacketCache(50000))
getPool("internal"):setCache(newPacketCache(10000, {maxTTL=300}))
