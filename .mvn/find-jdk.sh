# find_jdk NAME: prints the home of a JDK 25 or newer: JAVA_HOME, then /usr/lib/jvm, then PATH.
# Reads each JDK's `release` file instead of starting it, which would cost more than Weir's own start.

jdk_major() {
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r line; do
        case $line in
            JAVA_VERSION=*) line=${line#*\"}; echo "${line%%[.\"]*}"; return 0 ;;
        esac
    done < "$1/release"
    return 1
}

find_jdk() {
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
        [ -n "$home" ] || continue
        major=$(jdk_major "$home") && [ "$major" -ge 25 ] 2>/dev/null && { echo "$home"; return 0; }
    done
    if home=$(command -v java 2>/dev/null); then
        home=$(readlink -f "$home")
        home=${home%/bin/java}
        major=$(jdk_major "$home") && [ "$major" -ge 25 ] 2>/dev/null && { echo "$home"; return 0; }
    fi
    echo "$1: no JDK 25 or newer in JAVA_HOME, /usr/lib/jvm or PATH: apt-get install temurin-25-jdk (or openjdk-25-jdk)" >&2
    return 1
}
