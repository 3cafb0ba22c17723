// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Maps in the form before BTF. */
#include "packet.h"

struct bpf_map_def {
    __u32 type;
    __u32 key_size;
    __u32 value_size;
    __u32 max_entries;
    __u32 map_flags;
    __u32 more;
};

struct bpf_map_def lengths SEC("maps") = {
    .type = BPF_MAP_TYPE_ARRAY,
    .key_size = 4,
    .value_size = 8,
    .max_entries = 3,
};

struct bpf_map_def networks SEC("maps") = {
    .type = BPF_MAP_TYPE_LPM_TRIE,
    .key_size = 8,
    .value_size = 4,
    .max_entries = 10,
    .map_flags = BPF_F_NO_PREALLOC,
};

SEC("xdp")
int note(struct xdp_md *ctx)
{
    __u32 key = 2;
    __u64 *length = bpf_map_lookup_elem(&lengths, &key);
    __u64 lpm = 32;
    if (!length || bpf_map_lookup_elem(&networks, &lpm))
        return XDP_DROP;
    *length = ctx->data_end - ctx->data;
    return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
