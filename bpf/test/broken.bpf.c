// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Programs that the verifier refuses, each for another reason. */
#include "packet.h"

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
} values SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} ring SEC(".maps");

SEC("xdp")
int no_bounds_check(struct xdp_md *ctx)
{
    __u8 *data = (void *)(long)ctx->data;
    return data[12];
}

SEC("xdp")
int no_null_check(struct xdp_md *ctx)
{
    __u32 key = 1;
    __u64 *value = bpf_map_lookup_elem(&values, &key);
    return (int)*value;
}

SEC("xdp")
int endless(struct xdp_md *ctx)
{
    volatile __u32 more = 1;
    __u32 turns = 0;
    while (more)
        turns += more;
    return turns;
}

SEC("xdp")
int lost_record(struct xdp_md *ctx)
{
    __u64 *record = bpf_ringbuf_reserve(&ring, 8, 0);
    if (record)
        *record = 1;
    return XDP_PASS;
}

SEC("xdp")
int wrong_argument(struct xdp_md *ctx)
{
    return bpf_map_delete_elem((void *)ctx, &ctx->data);
}

SEC("xdp")
int beyond_the_stack(struct xdp_md *ctx)
{
    __u8 text[16] = {};
    __u32 index = bpf_get_prandom_u32() & 31;
    volatile __u8 *at = text + index;
    return *at;
}

SEC("socket")
int write_context(struct __sk_buff *skb)
{
    *(volatile __u32 *)&skb->len = 3;
    return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
