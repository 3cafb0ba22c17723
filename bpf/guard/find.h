/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/* Look-ups, from the most specific entry to the least: address, range, name, suffix. */
#pragma once

#include "maps.h"
#include "parse.h"

/* How many entries, one within the other, may have ended before a search gives up; user space removes them within a second or two. */
#define ENDED_MAX 4

/* What decides on a packet: an entry, or a rate that is exceeded. */
struct match {
    __u64 *hits; /* the entry's; rates count for themselves */
    bool found;
    bool is_rate;
    __u8 action;
};

static __always_inline void take(struct match *match, __u64 *hits, __u8 action)
{
    match->found = true;
    match->hits = hits;
    match->action = action;
}

/* To be called when the action has been carried out, not before. Several programs may count in the same entry. */
static __always_inline void hit(const struct match *match)
{
    if (match->hits)
        __sync_fetch_and_add(match->hits, 1);
}

/* Ends are looked up only behind a hit; an address without one is there for good. */
static __always_inline bool has_ended(void *ends, const void *address)
{
    const struct address_end *entry = bpf_map_lookup_elem(ends, address);
    return entry && entry->end <= bpf_ktime_get_coarse_ns();
}

/*
 * The longest range around an address that has not ended. `key` is a struct range4 or range6 whose prefix covers the whole address.
 *
 * Beside a range found, the longest end around the address may be its own, that of a shorter range, or nobody's: left behind by someone who was
 * killed between removing the two. Searching the ranges with a prefix that the range found is too long for gives another one, or none; that is
 * how to tell, as entries don't say how long their prefix is. An end that isn't the range's own is passed by.
 */
static __always_inline struct verdict *find_range(void *ranges, void *ends, __u32 *prefix)
{
    for (int i = 0; i < ENDED_MAX; i++) {
        struct verdict *found = bpf_map_lookup_elem(ranges, prefix);
        if (!found)
            return 0;
        const struct range_end *last = bpf_map_lookup_elem(ends, prefix);
        if (!last) /* no end around here: the range is there for good */
            return found;
        bool has_passed = last->end <= bpf_ktime_get_coarse_ns();
        *prefix = last->prefix;
        if (has_passed && bpf_map_lookup_elem(ranges, prefix) != found) /* a shorter range's end */
            return found;
        if (*prefix == 0) /* the range of all addresses, and its own end */
            return has_passed ? 0 : found;
        *prefix -= 1;
        if (!has_passed && bpf_map_lookup_elem(ranges, prefix) != found) /* its own end, or a shorter range's */
            return found;
    }
    return 0;
}

static __always_inline void find_client4(const struct packet *packet, struct match *match)
{
    address4 address = bpf_ntohl(packet->client.address4);
    struct verdict *found = bpf_map_lookup_elem(&addr_v4, &address);
    if (!found || has_ended(&ends4, &address)) {
        struct range4 key = {.prefix = 32};
        __builtin_memcpy(key.address, &packet->client.address4, sizeof(key.address));
        found = find_range(&cidr4, &ends_cidr4, &key.prefix);
    }
    if (found)
        take(match, &found->hits, found->action);
}

static __always_inline void find_client6(const struct packet *packet, struct match *match)
{
    struct verdict *found = bpf_map_lookup_elem(&addr_v6, &packet->client.address6);
    if (!found || has_ended(&ends6, &packet->client.address6)) {
        struct range6 key = {.prefix = 128};
        __builtin_memcpy(key.address, &packet->client.address6, sizeof(key.address));
        found = find_range(&cidr6, &ends_cidr6, &key.prefix);
    }
    if (found)
        take(match, &found->hits, found->action);
}

/* By the client: its address, else the longest range around it. */
static __always_inline void find_client(const struct packet *packet, struct match *match)
{
    if (packet->family == 4)
        find_client4(packet, match);
    else
        find_client6(packet, match);
}

static __always_inline bool find_typed_name(struct scratch *scratch, __u16 type, struct match *match)
{
    scratch->name.key.type = type;
    struct verdict *found = bpf_map_lookup_elem(&qnames, &scratch->name.key);
    if (found)
        take(match, &found->hits, found->action);
    return found;
}

/* The longest suffix with that type that has not ended. */
static __always_inline bool find_typed_suffix(struct scratch *scratch, __u16 type, __u32 bits, struct match *match)
{
    scratch->suffix.type = bpf_htons(type);
    scratch->suffix.prefix = bits;
    for (int i = 0; i < ENDED_MAX; i++) {
        struct suffix_verdict *found = bpf_map_lookup_elem(&suffixes, suffix_key(scratch));
        if (!found)
            return false;
        if (found->end == 0 || found->end > bpf_ktime_get_coarse_ns()) {
            take(match, &found->hits, found->action);
            return true;
        }
        if (found->prefix == 0)
            return false;
        scratch->suffix.prefix = found->prefix - 1;
    }
    return false;
}

/* By the question: the name with its type, with any type, then the longest suffix with its type, with any type. */
static __always_inline void find_name(struct xdp_md *ctx, __u32 name_offset, struct scratch *scratch, struct match *match)
{
    if (find_typed_name(scratch, scratch->type, match) || find_typed_name(scratch, TYPE_ANY, match))
        return;
    if (any_is_255 && find_typed_name(scratch, 255, match))
        return;
    if (!write_suffix(ctx, name_offset))
        return;
    __u32 bits = suffix_bits(scratch);
    if (!find_typed_suffix(scratch, scratch->type, bits, match))
        find_typed_suffix(scratch, TYPE_ANY, bits, match);
}
