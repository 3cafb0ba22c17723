// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Tells user space of each packet: length and protocol. */
#include "packet.h"

struct event {
    __u32 length;
    __s32 protocol;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 65536);
} events SEC(".maps");

/* Keeps the type in BTF, for those who print events. */
const struct event *unused __attribute__((unused));

SEC("xdp")
int tell(struct xdp_md *ctx)
{
    void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
    struct event *event = bpf_ringbuf_reserve(&events, sizeof *event, 0);
    if (!event)
        return XDP_PASS;
    event->length = end - data;
    event->protocol = ip_protocol(data, end);
    bpf_ringbuf_submit(event, 0);
    return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
