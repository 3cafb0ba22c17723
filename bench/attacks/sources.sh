# Queries from millions of forged addresses, each counted per client.
#
# usage: bench/attack sources [sources=N] [rate=N] [names=N]
#   sources  different addresses of 127.0.0.0/8 (default 5000000)
#   rate     queries per second (default 60000: what the attacked machine can take in beside its attacker)
#   names    1: each query has a name of its own, too (default 1)
#
# The configuration has all that counts by client or by name: MaxQPSIPRule, query counts, a million ring entries, dynamic blocks for any
# client that asks and for all names below one, evaluated each second.
sources=5000000 rate=60000 names=1
option sources
option rate
option names

prepare() {
    [ "$sources" -le 16000000 ] && [ "$rate" -ge 1 ] || fail "at most 16000000 sources, and a rate of 1 at least"
    compile sources
}

configure() {
    cat << 'CONF'
setRingBuffersSize(1000000)
setQueryCount(true)
addAction(MaxQPSIPRule(20), RCodeAction(DNSRCode.REFUSED))
addAction(QNameSuffixRule("flood.bench.test."), RCodeAction(DNSRCode.NXDOMAIN))
local group = dynBlockRulesGroup()
group:excludeRange("127.0.0.1/32")
group:setQueryRate(0, 10, "asks", 60, DNSAction.NoOp)
group:setSuffixMatchRule(10, "names", 60, DNSAction.NoOp, function(node, self, below) return node.labelsCount == 4 end)
function maintenance() group:apply() end
CONF
}

attack() {
    timeout $((sources / rate + 60)) "$work/sources" "$address" "$port" "$sources" "$rate" "$names" > "$work/sent"
}

figures() {
    local lines
    echo "- $(cat "$work/sent")"
    echo "- weir took $(counter queries) queries in"
    echo "- without room: $(counter rate-table-evictions) rates, $(counter query-count-overflows) query counts, $(counter dyn-block-overflows) dynamic blocks (of $(counter dyn-block-nmg-size) clients in force), $(counter dyn-block-unseen) ring entries not seen by limits"
    lines=$(grep -c 'Inserting' "$work/server.out")
    [ "$lines" -le $(((took / 1000 + 5) * 7)) ] || fault "$lines log lines tell of dynamic blocks"
}
