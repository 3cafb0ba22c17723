# Strangers at the console: first frames of ten million octets, empty frames, dribbled nonces.
#
# usage: bench/attack console [connections=N] [seconds=N]
#   connections  of each kind at a time (default 20)
#   seconds      how long they come back (default 20)
#
# None of them knows the key. The operator must get in all the same, and the log must not grow with them.
connections=20 seconds=20
option connections
option seconds

# stranger KIND: one connection, until the server closes it or two seconds are over.
stranger() {
    timeout 2 bash -c '
        exec 3<> "/dev/tcp/127.0.0.1/$1" || exit
        case $2 in
            long) head -c 24 /dev/zero >&3; printf "\x00\x98\x96\x80" >&3; head -c 10000000 /dev/zero >&3 ;;
            empty) head -c 1000000 /dev/zero >&3 ;;
            dribble) for _ in {1..20}; do printf "\x00" >&3; sleep 0.1; done ;;
        esac
        cat <&3 > /dev/null' stranger "$console_port" "$1" 2> /dev/null
}

attack() {
    local end=$((SECONDS + seconds)) kind i tried=0 in=0 strangers=
    while [ "$SECONDS" -lt "$end" ]; do
        for kind in long empty dribble; do
            for ((i = 0; i < connections; i++)); do
                stranger "$kind" &
                strangers+=" $!"
            done
        done
        tried=$((tried + 1))
        [ "$(console '1 + 1')" != 2 ] || in=$((in + 1))
        # shellcheck disable=SC2086 # a list of process ids
        wait $strangers
        strangers=
    done
    echo "$in $tried" > "$work/operator"
}

figures() {
    local in tried lines
    read -r in tried < "$work/operator"
    lines=$(grep -c 'ontrol connection' "$work/server.out")
    echo "- $((tried * 3 * connections)) strangers; the operator got in $in times of $tried, and the log has $lines lines of connections"
    [ "$in" -eq "$tried" ] || fault "the operator was kept out $((tried - in)) times"
    [ "$lines" -le $((2 * tried + seconds + 10)) ] || fault "each stranger has log lines"
}
