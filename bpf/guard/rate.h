/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/* Token buckets, one per prefix: struct bucket in tables.h says how they work. */
#pragma once

#include "find.h"
#include "maps.h"
#include "parse.h"

/* Only packets within the rate write; whoever loses so many races to others within the rate is let through uncounted. */
#define RACES_MAX 4

static __always_inline struct bucket *find_bucket(const struct packet *packet)
{
    struct bucket *found;
    if (packet->family == 4) {
        struct range4 key = {.prefix = 32};
        __builtin_memcpy(key.address, &packet->client.address4, sizeof(key.address));
        found = bpf_map_lookup_elem(&rates4, &key);
        /* One look-up in either of two tables, which the compiler would make of this, is a call through a pointer and costs more than both. */
        asm volatile("" : "+r"(found));
        return found;
    }
    struct range6 key = {.prefix = 128};
    __builtin_memcpy(key.address, &packet->client.address6, sizeof(key.address));
    return bpf_map_lookup_elem(&rates6, &key);
}

/* Takes a token; returns whether there was none. */
static __always_inline bool is_over_rate(struct bucket *bucket)
{
    __u64 now = bpf_ktime_get_ns();
    for (int i = 0; i < RACES_MAX; i++) {
        __u64 next = *(volatile __u64 *)&bucket->next;
        if (next > now + bucket->tolerance)
            return true;
        __u64 moved = (next > now ? next : now) + bucket->interval;
        if (__sync_val_compare_and_swap(&bucket->next, next, moved) == next)
            return false;
    }
    return false;
}

/* Counts a packet over the rate; returns whether it is the one in `slip` that is answered, so that an honest client can come back over TCP. */
static __always_inline bool slips(struct bucket *bucket)
{
    __u64 limited = __sync_fetch_and_add(&bucket->limited, 1) + 1;
    return bucket->slip && limited % bucket->slip == 0;
}

/* Whether a packet for which there is a bucket exceeds its rate; `match` says what to do then. */
static __always_inline bool exceeds_rate(struct bucket *bucket, struct match *match)
{
    if (!is_over_rate(bucket))
        return false;
    count(COUNTER_LIMITED);
    match->found = match->is_rate = true;
    match->hits = 0;
    match->action = slips(bucket) ? ACTION_TRUNCATE : ACTION_DROP;
    return true;
}
