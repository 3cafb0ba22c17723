# Backend, configurations, loads and start-up runs. Sourced by bench/run and bench/connections.

port=${BENCH_PORT:-15300}
backend_port=$((port + 1))
tls_port=$((port + 2))

start_nsd() {
    {
        echo '$ORIGIN bench.test.'
        echo '$TTL 3600'
        echo '@ SOA ns hostmaster 1 7200 3600 1209600 300'
        echo '@ NS ns'
        echo 'ns A 192.0.2.53'
        echo 'probe A 192.0.2.1'
        echo '* A 192.0.2.2'
        awk -v n="$miss_names" 'BEGIN { for (i = 0; i < n; i++) printf "n%d A 192.0.2.%d\n", i, i % 254 + 1 }'
    } > "$work/zone"
    # Debian's nsd limits the response rate unless told otherwise, and dnsperf then waits for ever.
    cat > "$work/nsd.conf" << CONF
server:
  ip-address: 127.0.0.1@$backend_port
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "$work"
  pidfile: "$work/nsd.pid"
  xfrdfile: "$work/xfrd.state"
  zonelistfile: "$work/zone.list"
  database: ""
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: bench.test
  zonefile: zone
CONF
    "${at_server[@]}" "$(command -v nsd || echo /usr/sbin/nsd)" -d -c "$work/nsd.conf" > "$work/nsd.out" 2>&1 &
    nsd=$!
    children+=" $nsd "
    for _ in {1..200}; do
        answers 127.0.0.1 "$backend_port" && return
        sleep 0.05
    done
    echo "bench/${0##*/}: nsd does not answer:" >&2
    cat "$work/nsd.out" >&2
    exit 1
}

# make_certificate: P-256, as ACME clients ask for today.
make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=bench.test -days 2 \
        -keyout "$work/key.pem" -out "$work/cert.pem" 2> /dev/null || exit 1
}

# load SECONDS [MORE ARGUMENTS]: one bounded run of the case's queries, its output to $work/load.out. Arguments given last win.
load() {
    local time=$1
    shift
    if [ -n "$rate" ]; then
        timeout $((time + 15)) "${at_client[@]}" "$work/flood" "$address" "$port" "$queries" "$rate" "$time" > "$work/load.out" 2>&1
        return
    fi
    if [ "$transport" = doh ]; then
        load_doh "$time" "$@"
        return
    fi
    local at=$port
    [ "$transport" = dot ] && at=$tls_port
    timeout $((time + 15)) "${at_client[@]}" dnsperf -m "$transport" -s "$address" -p "$at" -d "$queries" -c "$clients" -q "$outstanding" \
        -t 2 -l "$time" "$@" > "$work/load.out" 2>&1
}

# load_doh SECONDS [-Q RATE] [-v]: the same by h2load, which keeps its connections, in dnsperf's words.
load_doh() {
    local time=$1 more=()
    [ "${2-}" = -Q ] && more=(--rps "$(awk -v q="$3" -v c="$clients" 'BEGIN { printf "%.3f", q / c }')")
    rm -f "$work/requests"
    timeout $((time + 15)) "${at_client[@]}" h2load -c "$clients" -m 2 -D "$time" "${more[@]}" --log-file="$work/requests" \
        -i "$work/uris" > "$work/h2load.out" 2>&1
    awk -v t="$time" '
        $1 == "requests:" { gsub(",", ""); sent = $4; done = $8; failed = $10 + $12 + $14 }
        END {
            print "Queries sent: " sent; print "Queries completed: " done
            print "Queries lost: " failed; print "Queries per second: " done / t
        }' "$work/h2load.out" > "$work/load.out"
    [ ! -e "$work/requests" ] || awk '{ print ($2 == 200 ? "> NOERROR n A " : "> T n A ") $3 / 1000000 }' "$work/requests" >> "$work/load.out"
}

# uris FILE: the queries as h2load takes them (RFC 8484 4.1).
uris() {
    python3 - "$1" "https://$address:$tls_port/dns-query?dns=" << 'PY'
import base64, sys
for line in open(sys.argv[1]):
    labels = line.split()[0].rstrip(".").encode().split(b".")
    name = b"".join(bytes([len(label)]) + label for label in labels)
    query = b"\0\0\1\0\0\1\0\0\0\0\0\0" + name + b"\0\0\1\0\1"
    print(sys.argv[2] + base64.urlsafe_b64encode(query).decode().rstrip("="))
PY
}

# figure NAME: a number out of dnsperf's summary.
figure() {
    awk -F: -v name="$1" '$1 ~ "^ *" name "$" { split($2, f, " "); print f[1]; exit }' "$work/load.out"
}

# fill: every name once, for caches that are to hold them all.
fill() {
    load 60 -d "$work/all.queries" -n 1
}

# warm_up: fills the cache, and lets a just-in-time compiler do its work, as an hour of service would: at full load and at the rate of the
# latency run, which is another path through everything that waits. At a fixed rate there are fewer queries to learn from.
warm_up() {
    if [ -n "$rate" ]; then
        load 5
        return
    fi
    # Handshakes and ciphers are a lot of code, and come with fewer queries.
    case $transport in dot | doh) load 15 ;; esac
    load 2
    [ ! -e "$work/half_peak" ] || load 2 -Q "$(cat "$work/half_peak")"
}

# measure_server SIDE COMMAND CASE PAIR: one row
#   side pair qps lost sent cpu_us p50 p99 p999 rate rss_idle rss_loaded compiling_us
# The rate of the latency run is half of what A reached in the same pair.
measure_server() {
    local side=$1 command=$2 case=$3 pair=$4 before after compiling sent counted lost qps idle loaded half percentiles='- - -'
    start_server "$command"
    idle=$(resident_kib "$server")
    [ "$case" = million ] && fill
    warm_up
    compiling=$(compiler_ticks "$server")
    before=$(cpu_ticks "$server")
    load "$seconds"
    after=$(cpu_ticks "$server")
    compiling=$(($(compiler_ticks "$server") - compiling))
    sent=$(figure 'Queries sent') counted=$(figure 'Queries completed') lost=$(figure 'Queries lost')
    qps=$(figure 'Queries per second')
    [ -n "$rate" ] && counted=$sent lost=0 qps=$((sent / seconds))
    loaded=$(resident_kib "$server")
    [ "$side" = A ] && awk -v q="$qps" 'BEGIN { print int(q / 2) }' > "$work/half_peak"
    half=$(cat "$work/half_peak")
    if [ -z "$rate" ]; then
        load "$seconds" -Q "$half" -v
        percentiles=$(latency_percentiles "$work/load.out")
    fi
    echo "$side $pair $qps $lost $sent $(awk -v t=$((after - before)) -v hz="$ticks_per_second" -v c="$counted" \
        'BEGIN { printf "%.3f", (c > 0 ? t / hz * 1e6 / c : 0) }') $percentiles $half $idle $loaded $(awk -v t=$((compiling > 0 ? compiling : 0)) -v hz="$ticks_per_second" -v c="$counted" \
        'BEGIN { printf "%.3f", (c > 0 ? t / hz * 1e6 / c : 0) }')"
    end "$server"
}

# first_answer_ms COMMAND: from exec to the first answer.
first_answer_ms() {
    local start
    start=$(now_ms)
    "$1" -C "$work/bench.conf" --supervised --disable-syslog > "$work/server.out" 2>&1 &
    server=$!
    children+=" $server "
    wait_port "$port" "$server" && until answers "$address" "$port"; do :; done
    echo $(($(now_ms) - start)) > "$work/took"
    end "$server"
}

check_config_ms() {
    local start
    start=$(now_ms)
    "$1" -C "$work/bench.conf" --check-config > /dev/null 2>&1
    echo $(($(now_ms) - start)) > "$work/took"
}

# measure_startup: rows "what state side ms", five runs each; busy: two bounded loops keep the processors occupied.
measure_startup() {
    local state what side command busy
    write_configuration hit A
    for state in idle busy; do
        for what in first_answer check_config; do
            for run in 1 2 3 4 5; do
                for side in A B; do
                    [ $side = A ] && command=$peer || command=$subject
                    busy=
                    if [ $state = busy ]; then
                        for _ in 1 2; do
                            timeout 20 sh -c 'while :; do :; done' &
                            busy+=" $!"
                            children+=" $! "
                        done
                    fi
                    "${what}_ms" "$command"
                    echo "$what $state $side $(cat "$work/took")"
                    for pid in $busy; do end "$pid"; done
                done
            done
        done
    done
}
