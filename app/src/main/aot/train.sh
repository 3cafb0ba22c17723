#!/bin/sh
# train.sh JAVA_HOME DIST: records what the JVM loads and links while Weir starts and answers a few queries, into DIST/weir.aot.
# Later starts take about half the time. The build calls this after packaging; a failure only means slower starts.
set -eu
java=$1/bin/java
dist=$2
here=$(cd "$(dirname "$0")" && pwd -P)
cache=$dist/weir.aot
limit_tenths=30

classpath=
stale=
for jar in "$dist"/lib/*.jar; do
    classpath=$classpath${classpath:+:}$jar
    [ "$cache" -nt "$jar" ] || stale=yes
done
for input in "$here"/*; do
    [ "$cache" -nt "$input" ] || stale=yes
done
[ -n "$stale" ] || exit 0

rm -f "$cache" "$cache.new"
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
# The configuration makes Weir its own backend, so its health checks are queries over UDP and TCP.
"$java" "@$here/jvm.options" "-XX:AOTCacheOutput=$cache.new" -cp "$classpath" \
    dev.weir.app.Main --supervised --disable-syslog -C "$here/training.conf" >"$dist/training.log" 2>&1 &
weir=$!
while [ "$limit_tenths" -gt 0 ] && kill -0 "$weir" 2>/dev/null; do
    sleep 0.1
    limit_tenths=$((limit_tenths - 1))
done
kill "$weir" 2>/dev/null || :
wait "$weir" || :
[ ! -f "$cache.new" ] || mv "$cache.new" "$cache"
