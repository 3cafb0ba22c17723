// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Two programs for one place: each counts the packets that it met. */
#include "packet.h"

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} met SEC(".maps");

static __noinline int mark(__u32 version)
{
    __u64 *counter = bpf_map_lookup_elem(&met, &version);
    if (counter)
        __sync_fetch_and_add(counter, 1);
    return XDP_PASS;
}

SEC("xdp")
int old_version(struct xdp_md *ctx)
{
    return mark(0);
}

SEC("xdp")
int new_version(struct xdp_md *ctx)
{
    return mark(1);
}

char _license[] SEC("license") = "Dual BSD/GPL";
