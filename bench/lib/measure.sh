# What the kernel knows about a process, and how to start and end one. Sourced by bench/run and bench/connections.

ticks_per_second=$(getconf CLK_TCK)

# cpu_ticks PID: user and system time of all its threads, children waited for included (proc(5), stat).
cpu_ticks() {
    sed 's/^.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 + $14 + $15 }'
}

# compiler_ticks PID: of that, the time of a JVM's just-in-time compilers; 0 for others.
compiler_ticks() {
    cat "/proc/$1"/task/*/stat 2> /dev/null | awk '/\(C[12] Compiler/ { sub(/^.*\) /, ""); sum += $12 + $13 } END { print sum + 0 }'
}

# resident_kib PID
resident_kib() {
    awk '/^VmRSS:/ { print $2 }' "/proc/$1/status"
}

now_ms() {
    local t=$EPOCHREALTIME
    echo $((${t/[.,]/} / 1000))
}

# end PID: SIGTERM, after two seconds SIGKILL.
end() {
    kill "$1" 2> /dev/null || return 0
    for _ in {1..100}; do
        kill -0 "$1" 2> /dev/null || break
        sleep 0.02
    done
    kill -9 "$1" 2> /dev/null
    wait "$1" 2> /dev/null
    children=${children/ $1 / }
}

end_children() {
    local pid
    for pid in $children; do end "$pid"; done
}

# answers ADDRESS PORT: whether a query is answered right now.
answers() {
    "${at_server[@]}" dig @"$1" -p "$2" +time=1 +tries=1 +noall +comments probe.bench.test A 2> /dev/null | grep -q 'status: NOERROR'
}

# wait_port PORT PID: until TCP listens; the kernel's table is read, so that waiting costs the server nothing.
wait_port() {
    local hex
    hex=$(printf ':%04X' "$1")
    for _ in {1..2000}; do
        grep -q "$hex 00000000:0000 0A" "/proc/$2/net/tcp" 2> /dev/null && return 0
        kill -0 "$2" 2> /dev/null || return 1
        sleep 0.01
    done
    return 1
}

# start_server COMMAND: starts it with the current configuration; sets $server.
start_server() {
    "${at_server[@]}" "$1" -C "$work/bench.conf" --supervised --disable-syslog > "$work/server.out" 2>&1 &
    server=$!
    children+=" $server "
    wait_port "$port" "$server" || { echo "bench/${0##*/}: $1 does not start:" >&2; cat "$work/server.out" >&2; exit 1; }
}

# latency_percentiles FILE: p50 p99 p99.9 in microseconds out of dnsperf -v's lines "> RCODE NAME TYPE SECONDS".
latency_percentiles() {
    awk '$1 == ">" && $2 != "T" { print int($NF * 1000000 + 0.5) }' "$1" | sort -n | awk '
        { v[NR] = $1 }
        function at(q,  i) { i = int(NR * q); if (i < NR * q) i++; return v[i < 1 ? 1 : i] }
        END { if (NR == 0) print "- - -"; else print at(0.5), at(0.99), at(0.999) }'
}
