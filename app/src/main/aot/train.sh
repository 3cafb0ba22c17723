#!/bin/sh
# train.sh JAVA_HOME DIST: records what the JVM loads and links while Weir starts, answers a few queries and serves a console
# command, into DIST/weir.aot. Later starts take about half the time. The build calls this after packaging; a failure only
# means slower starts, DIST/training.log says why.
set -eu
java=$1/bin/java
dist=$2
here=$(cd "$(dirname "$0")" && pwd -P)
cache=$dist/weir.aot
limit_tenths=30

classpath=
stale=
for jar in "$dist"/lib/weir-*.jar "$dist"/lib/[!w]*.jar; do
    classpath=$classpath${classpath:+:}$jar
    [ "$cache" -nt "$jar" ] || stale=yes
done
for input in "$here"/*; do
    [ "$cache" -nt "$input" ] || stale=yes
done
[ -n "$stale" ] || exit 0

rm -f "$cache" "$cache.new"
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS NOTIFY_SOCKET
# A console runs any Lua that is sent to it, so its key must be a secret here as well.
umask 077
config=$dist/training.conf
{
    cat "$here/training.conf"
    echo "setKey('$(head -c 32 /dev/urandom | base64)')"
} >"$config"
umask 022

weir() {
    aot=$1
    shift
    exec "$java" "@$here/jvm.options" "$aot" -cp "$classpath" dev.weir.app.Main -C "$config" "$@"
}

weir "-XX:AOTCacheOutput=$cache.new" --supervised --disable-syslog >"$dist/training.log" 2>&1 &
daemon=$!
sleep 1
(weir -XX:AOTMode=auto -e 'showVersion()') >>"$dist/training.log" 2>&1 || :
while [ "$limit_tenths" -gt 0 ] && kill -0 "$daemon" 2>/dev/null; do
    sleep 0.1
    limit_tenths=$((limit_tenths - 1))
done
kill "$daemon" 2>/dev/null || :
wait "$daemon" || :
rm -f "$config"
[ ! -f "$cache.new" ] || mv "$cache.new" "$cache"
