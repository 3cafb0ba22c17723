// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Counts packets by IP protocol, per CPU. */
#include "packet.h"

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 256);
    __type(key, __u32);
    __type(value, __u64);
} packets SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
    int protocol = ip_protocol((void *)(long)ctx->data, (void *)(long)ctx->data_end);
    if (protocol >= 0) {
        __u32 key = protocol;
        __u64 *counter = bpf_map_lookup_elem(&packets, &key);
        if (counter)
            ++*counter;
    }
    return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
