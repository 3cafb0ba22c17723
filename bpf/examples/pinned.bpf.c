// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Counts dropped sources in a map that outlives the process that loaded it. */
#include "packet.h"

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 1024);
    __type(key, __u32); /* IPv4 address, network order */
    __type(value, __u64);
    __uint(pinning, LIBBPF_PIN_BY_NAME);
} sources SEC(".maps");

SEC("xdp")
int remember(struct xdp_md *ctx)
{
    void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
    struct ethhdr *eth = data;
    struct iphdr *ip = (void *)(eth + 1);
    if ((void *)(ip + 1) > end || eth->protocol != bpf_htons(ETH_P_IP))
        return XDP_PASS;
    __u64 one = 1, *seen = bpf_map_lookup_elem(&sources, &ip->source);
    if (seen)
        __sync_fetch_and_add(seen, 1);
    else
        bpf_map_update_elem(&sources, &ip->source, &one, BPF_NOEXIST);
    return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
