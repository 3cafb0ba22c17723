#!/bin/sh
# train.sh JAVA_HOME DIST: makes the jars in DIST/lib fit for a start-up cache, then records what the JVM loads and links while
# Weir starts, answers a few queries and serves a console command, into DIST/weir.aot; and the same with TLS and HTTPS into
# DIST/weir-tls.aot: the JVM loads at once all that a cache knows, so that who needs none of these does not pay for them.
# Later starts take less than half the time.
# The build calls this after packaging; a failure only means slower starts, DIST/training.log says why.
set -eu
java=$1/bin/java
dist=$(cd "$2" && pwd -P)
here=$(cd "$(dirname "$0")" && pwd -P)
least_tenths=30
most_tenths=600

unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS NOTIFY_SOCKET

# The launcher has SIGTERM wait until the program can stop in order, where env(1) knows how to (coreutils 8.31).
if env --ignore-signal=TERM --block-signal=TERM true 2>/dev/null; then
    : >"$dist/holds-sigterm"
else
    rm -f "$dist/holds-sigterm"
fi

# The build empties lib before it copies the jars again.
rewritten=$dist/lib/lean
for jar in "$dist"/lib/[!w]*.jar; do
    [ "$rewritten" -nt "$jar" ] && continue
    "$java" -XX:TieredStopAtLevel=1 "$here/LeanJar.java" "$dist"/lib/[!w]*.jar >"$dist/lean.log" 2>&1 && : >"$rewritten"
    break
done

# The libraries for TLS and QUIC of this machine: to find one in the jars and to unpack it costs a start 60 ms, and a directory for it.
native=$dist/native
if [ ! "$native" -nt "$dist/lib" ]; then
    rm -rf "$native" "$native.new"
    mkdir "$native.new"
    for jar in "$dist"/lib/netty-*-linux-"$(uname -m | sed s/aarch64/aarch_64/)".jar; do
        (cd "$native.new" && "$1/bin/jar" --extract --file "$jar" META-INF/native 2>/dev/null && mv META-INF/native/*.so . && rm -r META-INF) || :
    done
    mv "$native.new" "$native"
fi

classpath=
stale=
for jar in "$dist"/lib/weir-config-*.jar "$dist"/lib/weir-[!c]*.jar "$dist"/lib/[!w]*.jar; do
    classpath=$classpath${classpath:+:}$jar
    [ "$dist/weir-tls.aot" -nt "$jar" ] || stale=yes
done
for input in "$here"/* "$here/../../../../examples/everything.lua"; do
    [ "$dist/weir-tls.aot" -nt "$input" ] || stale=yes
done
[ -n "$stale" ] || exit 0

# Two builds at a time, or a build beside tests, listen at the same ports.
address=127.$(od -An -N3 -tu1 /dev/urandom | awk '{ printf "%d.%d.%d", $1, $2, $3 % 254 + 1 }')
certificate=$dist/training.p12
rsa=$dist/training-rsa.p12
config=$dist/training.conf
remove_inputs() {
    rm -f "$config" "$dist/training-yaml.yml" "$dist/training.lua" "$dist/trained" "$certificate" "$rsa" "$rsa.pem"
}

# TLS, HTTPS and QUIC of both sides: Weir asks itself over them. With keys of both kinds, in files of both kinds.
encrypted() {
    for pair in "EC $certificate" "RSA $rsa"; do
        "$1/bin/keytool" -genkeypair -alias training -keyalg "${pair%% *}" -dname CN=training -validity 2 -storetype PKCS12 \
            -keystore "${pair#* }" -storepass training >>"$dist/training.log" 2>&1 || return 0
    done
    pair="newTLSCertificate('$certificate', {password='training'})"
    echo "addTLSLocal('$address:53537', '$rsa.pem', '$rsa.pem')"
    echo "addDOHLocal('$address:53538', $pair, nil, '/dns-query')"
    echo "newServer({address='$address:53537', name='tls', tls='openssl', validateCertificates=false, checkInterval=1})"
    echo "newServer({address='$address:53538', name='https', tls='openssl', dohPath='/dns-query', validateCertificates=false, checkInterval=1})"
}

# train CACHE: with what stands in $config and beside it. Classes and how they are linked, without the profiles of methods: with those the
# JVM compiles so much at its start that a start takes up to a fourth longer (docs/decisions.md).
train() {
    "$java" "@$here/jvm.options" "-Djava.library.path=$native" -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining \
        "-XX:AOTCacheOutput=$1.new" -cp "$classpath" dev.weir.app.Training \
        --supervised --disable-syslog -C "$config" >>"$dist/training.log" 2>&1 &
    daemon=$!
    # It says by a file that all has been tried, which takes longer on a machine that has other things to do.
    tenths=0
    while [ "$tenths" -lt "$most_tenths" ] && kill -0 "$daemon" 2>/dev/null; do
        [ "$tenths" -lt "$least_tenths" ] || [ ! -e "$dist/trained" ] || break
        sleep 0.1
        tenths=$((tenths + 1))
    done
    kill "$daemon" 2>/dev/null || :
    wait "$daemon" || :
    rm -f "$dist/trained"
    [ ! -f "$1.new" ] || mv "$1.new" "$1"
}

rm -f "$dist"/*.aot "$dist"/*.aot.new
remove_inputs
: >"$dist/training.log"
# A console runs any Lua that is sent to it, so its key must be a secret here as well.
umask 077
{
    sed "s/127\.0\.0\.1:/$address:/g" "$here/training.conf"
    echo "setKey('$(head -c 32 /dev/urandom | base64)')"
} >"$config"
umask 022
cp "$here/../../../../examples/everything.lua" "$dist/training.lua"
cp "$here/training.yml" "$dist/training-yaml.yml"
train "$dist/weir.aot"
encrypted "$1" >>"$config"
train "$dist/weir-tls.aot"
remove_inputs
