/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/* Token buckets, one per prefix or one per source in it: struct bucket in tables.h says how they work. */
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

/*
 * A step of a keyed hash. One product is not enough: it keeps a difference in the highest bit where it is, and the next word could take it back.
 * After the second, where it goes depends on the keys.
 */
static __always_inline __u64 mix(__u64 hash, __u64 word, __u64 key, __u64 other_key)
{
    hash = (hash ^ word) * key;
    hash ^= hash >> 32;
    hash *= other_key;
    return hash ^ hash >> 29;
}

/* The first `bits` of 64. */
static __always_inline __u64 leading(__u64 word, __u32 bits)
{
    return bits >= 64 ? word : bits == 0 ? 0 : word & ~0ULL << (64 - bits);
}

/* The network of `bits` bits around the client, as one number; never 0. */
static __always_inline __u64 source_of(const struct packet *packet, __u32 bits)
{
    __u64 high, low = 0;
    if (packet->family == 4) {
        high = leading((__u64)bpf_ntohl(packet->client.address4) << 32, bits);
    } else {
        high = leading(bpf_be64_to_cpu(packet->client.words[0]), bits);
        low = leading(bpf_be64_to_cpu(packet->client.words[1]), bits > 64 ? bits - 64 : 0);
    }
    __u64 hash = mix(packet->family << 8 | bits, high, source_keys[0], source_keys[1]);
    hash = mix(hash, low, source_keys[2], source_keys[3]);
    return hash ? hash : 1;
}

/*
 * The number of a source's own bucket. CPUs that take a place at the same time may share it for a packet or two; what a source that is forgotten
 * loses is that it begins with a full bucket.
 */
static __always_inline __u64 *find_source(const struct packet *packet, __u32 bits, __u64 now)
{
    __u64 who = source_of(packet, bits);
    __u32 index = who >> 32 & source_set_mask;
    struct source_set *set = bpf_map_lookup_elem(&sources, &index);
    if (!set)
        return 0;
    struct source *oldest = &set->sources[0];
    for (int i = 0; i < SOURCES_PER_SET; i++) {
        struct source *source = &set->sources[i];
        if (source->who == who)
            return &source->next;
        if (source->next < oldest->next)
            oldest = source;
    }
    if (oldest->next > now)
        count(COUNTER_SOURCES_LOST);
    oldest->who = who;
    oldest->next = 0;
    return &oldest->next;
}

/* Takes a token; returns whether there was none. */
static __always_inline bool is_over_rate(struct bucket *bucket, const struct packet *packet)
{
    __u64 now = bpf_ktime_get_ns();
    __u64 *bucket_next = bucket->per ? find_source(packet, bucket->per, now) : &bucket->next;
    for (int i = 0; bucket_next && i < RACES_MAX; i++) {
        __u64 next = *(volatile __u64 *)bucket_next;
        if (next > now + bucket->tolerance)
            return true;
        __u64 moved = (next > now ? next : now) + bucket->interval;
        if (__sync_val_compare_and_swap(bucket_next, next, moved) == next)
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
static __always_inline bool exceeds_rate(struct bucket *bucket, const struct packet *packet, struct match *match)
{
    if (!is_over_rate(bucket, packet))
        return false;
    count(COUNTER_LIMITED);
    match->found = match->is_rate = true;
    match->hits = 0;
    match->action = slips(bucket) ? ACTION_TRUNCATE : ACTION_DROP;
    return true;
}
