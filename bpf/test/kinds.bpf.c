// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Maps whose definitions say more than the kernel takes: what records are, in rings and perf arrays. */
#include "packet.h"

struct record {
    __u32 length;
    __u32 mark;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
    __type(value, struct record);
} typed_ring SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __type(value, struct record);
} typed_perf SEC(".maps");

SEC("xdp")
int both(struct xdp_md *ctx)
{
    struct record record = {.length = ctx->data_end - ctx->data, .mark = 77};
    bpf_ringbuf_output(&typed_ring, &record, sizeof record, 0);
    return bpf_perf_event_output(ctx, &typed_perf, BPF_F_CURRENT_CPU, &record, sizeof record) ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
