# Where servers and generator live: loopback, or two namespaces with a veth pair between them. Sourced by bench/run and bench/connections.

address=127.0.0.1
network=loopback
at_server=()
at_client=()

start_network() {
    [ -n "$veth" ] || return 0
    server_ns=weir-bench-server-$$ client_ns=weir-bench-client-$$
    ip netns add "$server_ns" && ip netns add "$client_ns" || exit 1
    ip link add veth0 netns "$server_ns" type veth peer name veth0 netns "$client_ns"
    ip -n "$server_ns" address add 198.18.0.1/24 dev veth0
    ip -n "$client_ns" address add 198.18.0.2/24 dev veth0
    local ns
    for ns in "$server_ns" "$client_ns"; do
        ip -n "$ns" link set lo up
        ip -n "$ns" link set veth0 up
    done
    address=198.18.0.1
    network='a veth pair'
    at_server=(ip netns exec "$server_ns")
    at_client=(ip netns exec "$client_ns")
}

end_network() {
    [ -n "$veth" ] || return 0
    ip netns delete "$server_ns"
    ip netns delete "$client_ns"
}
