/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/* Tells user space about one packet in so many. */
#pragma once

#include "maps.h"
#include "parse.h"

static __always_inline bool is_sampled(const struct settings *now)
{
    return now->sample_every && bpf_get_prandom_u32() % now->sample_every == 0;
}

/* A function of its own, so that the object's types have struct event and enum counter, with which Java's are compared. */
static __attribute__((noinline)) void write_event(
    struct event *event, struct xdp_md *ctx, const struct packet *packet, const struct scratch *scratch, enum counter outcome)
{
    event->time = bpf_ktime_get_ns();
    event->interface = ctx->ingress_ifindex;
    event->outcome = outcome;
    __builtin_memcpy(event->client, &packet->client, sizeof(event->client));
    event->port = bpf_ntohs(packet->port);
    event->type = scratch->type;
    event->family = packet->family;
    event->protocol = packet->protocol;
    event->name_length = scratch->name_length;
    __builtin_memcpy(event->name, scratch->name.plain.name, sizeof(event->name));
    event->padding[0] = event->padding[1] = 0;
}

static __always_inline void tell(
    struct xdp_md *ctx, const struct packet *packet, const struct scratch *scratch, enum counter outcome)
{
    struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
    if (!event) { /* user space is slower than the sample */
        count(COUNTER_EVENTS_LOST);
        return;
    }
    write_event(event, ctx, packet, scratch, outcome);
    bpf_ringbuf_submit(event, 0);
}
