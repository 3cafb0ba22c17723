# What each case configures and asks. Sourced by bench/run.

hit_names=1000
miss_names=50000
million=1000000

# describe CASE: one sentence for the table.
describe() {
    sed -n "s/^#   $1  *//p" "$here/run"
}

# write_queries CASE: the names to ask for; $queries, $transport and $rate are set for load.
write_queries() {
    transport=udp rate='' clients=8 outstanding=200
    queries=$work/hit.queries
    case $1 in
        miss | lua-policy) queries=$work/miss.queries ;;
        mixed) queries=$work/mixed.queries ;;
        million) queries=$work/zipf.queries ;;
        tcp) transport=tcp clients=100 ;;
        dot | doh) transport=$1 clients=100 ;;
        clients1000) clients=1000 outstanding=1000 ;;
        drop) rate=40000 ;;
        drop-flood) rate=150000 ;;
    esac
    [ -e "$queries" ] || case $queries in
        */hit.queries) names "$hit_names" > "$queries" ;;
        */miss.queries) names "$miss_names" > "$queries" ;;
        # Every tenth name is new; "fresh" names are left out of the cache by a rule.
        */mixed.queries)
            awk -v n="$miss_names" -v h="$hit_names" \
                'BEGIN { for (i = 0; i < n; i++) print (i % 10 ? "n" i % h ".bench.test A" : "n" i ".fresh.bench.test A") }' > "$queries"
            ;;
        # Zipf with exponent 1 over a million names: the logarithm of the rank is evenly spread.
        */zipf.queries)
            names "$million" > "$work/all.queries"
            awk -v n="$million" \
                'BEGIN { srand(53); for (i = 0; i < 2000000; i++) print "n" int(exp(rand() * log(n))) - 1 ".bench.test A" }' > "$queries"
            ;;
    esac
}

# For HTTP, requests.
write_requests() {
    [ "$transport" != doh ] || uris "$queries" > "$work/uris"
}

names() {
    awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print "n" i ".bench.test A" }'
}

# write_configuration CASE SIDE: the same behaviour for both servers.
write_configuration() {
    {
        echo "setLocal(\"$address:$port\")"
        echo 'addACL("198.18.0.0/15")'
        case $1 in
            dot) echo "addTLSLocal(\"$address:$tls_port\", \"$work/cert.pem\", \"$work/key.pem\")" ;;
            doh) echo "addDOHLocal(\"$address:$tls_port\", \"$work/cert.pem\", \"$work/key.pem\", \"/dns-query\")" ;;
        esac
        echo 'setSecurityPollSuffix("")'
        echo "newServer({address=\"127.0.0.1:$backend_port\", checkName=\"probe.bench.test.\"})"
        [ "$2" != P ] || echo 'setUDPMultipleMessagesVectorSize(64)'
        case $1 in
            miss | lua-policy | refused | drop*) ;;
            million) echo 'getPool(""):setCache(newPacketCache(1100000))' ;;
            *) echo 'getPool(""):setCache(newPacketCache(100000))' ;;
        esac
        case $1 in
            mixed)
                echo 'local fresh = newSuffixMatchNode() fresh:add(newDNSName("fresh.bench.test."))'
                echo 'addAction(SuffixMatchNodeRule(fresh), SetSkipCacheAction())'
                ;;
            refused) echo 'addAction(AllRule(), RCodeAction(DNSRCode.REFUSED))' ;;
            # The probe must pass: it tells that the server is up.
            drop*) echo 'addAction(NotRule(QNameRule("probe.bench.test.")), DropAction())' ;;
            rules1000) rules ;;
            regex1000) expressions ;;
            suffixes)
                echo 'local names = newSuffixMatchNode()'
                echo 'for i = 1, 100000 do names:add(newDNSName("s" .. i .. ".blocked.test.")) end'
                echo 'addAction(SuffixMatchNodeRule(names), DropAction())'
                ;;
            netmasks)
                echo 'local networks = newNMG()'
                echo 'for i = 0, 99999 do'
                echo '  networks:addMask("11." .. math.floor(i / 65536) .. "." .. math.floor(i / 256) % 256 .. "." .. i % 256 .. "/32")'
                echo 'end'
                echo 'addAction(NetmaskGroupRule(networks), DropAction())'
                ;;
            lua-rule)
                echo 'function look(dq)'
                echo '  if dq.qtype == DNSQType.ANY then return DNSAction.Refused, "" end'
                echo '  return DNSAction.None, ""'
                echo 'end'
                echo 'addAction(AllRule(), LuaAction(look))'
                ;;
            lua-policy)
                # 1.x wants the server, 2.x its index.
                echo "setServerPolicyLua('first', function(servers, dq) return $([ "$2" = B ] && echo 1 || echo 'servers[1]') end)"
                ;;
            dynblocks)
                echo 'setRingBuffersSize(100000, 10)'
                echo 'local group = dynBlockRulesGroup()'
                echo 'group:setQueryRate(10000000, 10, "too many queries", 60)'
                echo 'group:setRCodeRate(DNSRCode.NXDOMAIN, 10000000, 10, "too many NXDOMAIN", 60)'
                echo 'group:setResponseByteRate(1000000000, 10, "too many bytes", 60)'
                echo 'local blocked'
                echo 'function maintenance()'
                echo '  if not blocked then'
                echo '    blocked = {}'
                echo '    for i = 0, 999 do blocked[newCA("11.0." .. math.floor(i / 256) .. "." .. i % 256)] = 1000 end'
                echo '    addDynBlocks(blocked, "in force", 3600)'
                echo '  end'
                echo '  group:apply()'
                echo 'end'
                ;;
        esac
    } > "$work/bench.conf"
}

rules() {
    echo 'for i = 1, 250 do'
    echo '  addAction(QNameRule("exact" .. i .. ".blocked.test."), DropAction())'
    echo '  local suffix = newSuffixMatchNode() suffix:add(newDNSName("s" .. i .. ".blocked.test."))'
    echo '  addAction(SuffixMatchNodeRule(suffix), DropAction())'
    echo '  addAction(makeRule("203.0.113." .. i .. "/32"), DropAction())'
    echo '  addAction(AndRule({QTypeRule(DNSQType.TXT), RegexRule("^r" .. i .. "[.]")}), DropAction())'
    echo 'end'
}

# As block lists and filters of tunnels and generated names have them.
expressions() {
    echo 'for i = 1, 100 do'
    echo '  for _, expression in ipairs({'
    echo '    "^bad" .. i .. "[0-9]+[.]example[.]net$",'
    echo '    "(^|[.])ads?" .. i .. "[.]",'
    echo '    "[0-9]{5,}[.]zone" .. i .. "[.]com$",'
    echo '    "^[a-z]{12,}[.]top" .. i .. "$",'
    echo '    "^([a-f0-9]{2,8}){2,4}[.]tunnel" .. i,'
    echo '    "tracker" .. i,'
    echo '    "^.*[.]click" .. i .. "[.]net$",'
    echo '    "^(www|cdn|img)[0-9]*[.]site" .. i .. "[.](com|net|org)$",'
    echo '    "_(tcp|udp)[.]svc" .. i .. "[.]",'
    echo '    "^xn--[a-z0-9-]+[.]tld" .. i .. "$"'
    echo '  }) do addAction(RegexRule(expression), DropAction()) end'
    echo 'end'
}
