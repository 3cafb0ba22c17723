# Idle TCP clients, and datagrams for a silent backend behind TCP, while the server may have few files open.
#
# usage: bench/attack descriptors [files=N] [clients=N] [queries=N]
#   files    open files that weir may have (default 1024)
#   clients  TCP connections that ask once and then stay (default 5000)
#   queries  datagrams for the silent backend, in another pool (default 20000)
#
# Connections may stay idle for ten minutes. The health check of the good backend must not fail meanwhile.
files=1024 clients=5000 queries=20000
option files
option clients
option queries
silent_port=$((port + 7))

prepare() {
    command -v prlimit > /dev/null || fail "no prlimit: apt-get install util-linux"
    [ "$clients" -lt "$(($(ulimit -Hn) - 100))" ] || fail "$clients clients are more than $(ulimit -Hn) open files"
    compile descriptors
    printf '#!/bin/sh\nexec prlimit --nofile=%d "%s" "$@"\n' "$files" "$subject" > "$work/limited"
    chmod +x "$work/limited"
    subject=$work/limited
}

configure() {
    cat << CONF
setTCPRecvTimeout(600)
newServer({address="127.0.0.1:$silent_port", pool="silent", tcpOnly=true, healthCheckMode="up"})
addAction(QNameSuffixRule("silent.bench.test."), PoolAction("silent"))
CONF
}

attack() {
    timeout 300 "$work/descriptors" "$address" "$port" "$clients" "$silent_port" "$queries" > "$work/sent"
    ls "/proc/$server/fd" > "$work/files"
}

figures() {
    sed 's/^/- /' "$work/sent"
    echo "- $(wc -l < "$work/files") of $files files open at the end; $(counter tcp-clients-evicted) TCP clients closed as idle longest, $(counter descriptor-refusals) connections not opened"
    [ "$(wc -l < "$work/files")" -lt "$files" ] || fault "all descriptors are taken"
    ! grep -q "as 'down'\|state=\"down\"" "$work/server.out" || fault "a backend was marked down"
    grep -q 'Descriptors run short' "$work/server.out" || fault "the log does not say why"
}
