# Tables out of rows. Sourced by bench/run.

# machine: what the figures were taken on; no names of hosts.
machine() {
    local java
    java=$( (. "$here/../.mvn/find-jdk.sh" && home=$(find_jdk bench 2> /dev/null) && sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$home/release") 2> /dev/null)
    echo "- processor: $(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) cores, shared with the load generator"
    echo "- memory: $(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo); kernel $(uname -r | cut -d- -f1)"
    echo "- JDK: ${java:-none found}"
    echo "- A: $("$peer" --version 2>&1 | head -1)"
    echo "- B: $("$subject" --version 2>&1 | head -1)"
    echo "- generator: $(dnsperf -h 2>&1 | awk '/^Version/ { print "dnsperf " $2 }') -c 8 -q 200 (tcp, dot: -c 100; doh: h2load -c 100 -m 2; clients1000: -c 1000 -q 1000), $seconds s a run, over $network"
}

# report CASE ROWS
report() {
    echo "# $1, $(date -u +%Y-%m-%d)"
    echo
    echo "$(describe "$1"). A: the peer with its defaults; P: with setUDPMultipleMessagesVectorSize(64); B: weir."
    echo
    machine
    echo
    echo "The three ran in turn. CPU is that of the server alone; latency is at half of A's queries per second in the same round."
    echo "Lost includes the few queries under way when dnsperf's time is over."
    echo
    echo "Compiling is the part of the CPU that a just-in-time compiler took, which ends some time after the start of the load."
    echo
    echo "| round | server | queries/s | lost | CPU per query (µs) | compiling | rate | p50 (µs) | p99 | p99.9 | resident idle (MB) | after load |"
    echo "|---|---|---|---|---|---|---|---|---|---|---|---|"
    awk '{ printf "| %d | %s | %.0f | %d | %.2f | %.2f | %d | %s | %s | %s | %.0f | %.0f |\n", $2, $1, $3, $4, $6, $13, $10, $7, $8, $9, $11 / 1024, $12 / 1024 }' "$2"
    local base
    for base in A P; do
        echo
        echo "Ratio B / $base"
        echo
        echo "| round | queries/s | CPU per query | p50 | p99 | p99.9 | resident after load |"
        echo "|---|---|---|---|---|---|---|"
        awk -v base="$base" "$median"'
            BEGIN { split("3 6 7 8 9 12", column, " ") }
            $1 == base { for (k = 1; k <= 6; k++) a[k] = $column[k] }
            $1 == "B" {
                line = "| " $2
                for (k = 1; k <= 6; k++) { r[k, $2] = a[k] > 0 ? $column[k] / a[k] : 0; line = line sprintf(" | %.2f", r[k, $2]) }
                print line " |"
            }
            END { line = "| **median**"; for (k = 1; k <= 6; k++) line = line sprintf(" | **%.2f**", median(r, k)); print line " |" }' "$2"
    done
    echo
}

# awk: median(r, k) of all r[k, ...].
median='
    function median(r, k,  n, i, j, t, v, key) {
        n = 0
        for (i in r) { split(i, key, SUBSEP); if (key[1] == k) v[++n] = r[i] }
        for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (v[j] < v[i]) { t = v[i]; v[i] = v[j]; v[j] = t }
        return n == 0 ? 0 : n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
    }'

# report_summary ROWS: medians over the rounds, a line per case.
report_summary() {
    echo "# All cases, $(date -u +%Y-%m-%d)"
    echo
    machine
    echo
    echo "Medians of $pairs rounds. A: dnsdist with its defaults; P: with setUDPMultipleMessagesVectorSize(64); B: weir. Ratios are medians of the ratios"
    echo "round by round; p99.9 at half of A's peak."
    echo
    echo "| case | CPU per query (µs) A | P | B | B / A | B / P | queries/s A | B | B / A | p99.9 (µs) A | B | B / A | MB after load A | B |"
    echo "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    local case
    for case in $cases; do
        awk -v name="$case" "$median"'
            $1 == name {
                side = $2; round = $3
                v["q" side, round] = $4; v["c" side, round] = $7; v["l" side, round] = $10; v["m" side, round] = $13 / 1024
                if (side == "A" || side == "P") { cpu[side] = $7; qps[side] = $4; late[side] = $10 }
                else {
                    v["ca", round] = cpu["A"] > 0 ? $7 / cpu["A"] : 0; v["cp", round] = cpu["P"] > 0 ? $7 / cpu["P"] : 0
                    v["qa", round] = qps["A"] > 0 ? $4 / qps["A"] : 0; v["la", round] = late["A"] > 0 ? $10 / late["A"] : 0
                }
            }
            END {
                printf "| %s | %.2f | %.2f | %.2f | **%.2f** | **%.2f** | %.0f | %.0f | %.2f | %.0f | %.0f | %.2f | %.0f | %.0f |\n", name,
                    median(v, "cA"), median(v, "cP"), median(v, "cB"), median(v, "ca"), median(v, "cp"),
                    median(v, "qA"), median(v, "qB"), median(v, "qa"), median(v, "lA"), median(v, "lB"), median(v, "la"),
                    median(v, "mA"), median(v, "mB")
            }' "$1"
    done
    echo
}

# report_startup ROWS
report_startup() {
    echo "# Start-up, $(date -u +%Y-%m-%d)"
    echo
    machine
    echo
    echo "Milliseconds from exec to the first answer to dig (dig's own start included), and of --check-config; five runs each, in turn."
    echo "Busy: two endless loops of other processes beside it."
    echo
    echo "| what | machine | A min | A median | A max | B min | B median | B max | ratio of medians |"
    echo "|---|---|---|---|---|---|---|---|---|"
    sort -k1,1 -k2,2r -k3,3 -k4,4n "$1" | awk '
        { key = $1 " " $2; if (!(key in seen)) { seen[key] = 1; order[++n] = key } v[key, $3, ++c[key, $3]] = $4 }
        END {
            for (i = 1; i <= n; i++) {
                k = order[i]; split(k, w, " ")
                ma = v[k, "A", int((c[k, "A"] + 1) / 2)]; mb = v[k, "B", int((c[k, "B"] + 1) / 2)]
                printf "| %s | %s | %d | %d | %d | %d | %d | %d | %.2f |\n", (w[1] == "first_answer" ? "first answer" : "--check-config"), w[2],
                    v[k, "A", 1], ma, v[k, "A", c[k, "A"]], v[k, "B", 1], mb, v[k, "B", c[k, "B"]], (ma > 0 ? mb / ma : 0)
            }
        }'
    echo
}
