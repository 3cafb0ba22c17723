/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/* Look-ups, from the most specific entry to the least: address, range, name, suffix. */
#pragma once

#include "maps.h"
#include "parse.h"

/* Each step looks for a shorter prefix than the one before: no search has more. */
#define PREFIXES4 33
#define PREFIXES6 129
#define SUFFIXES (LABELS_MAX + 2)

/* What decides on a packet: an entry, or a rate that is exceeded. */
struct match {
    __u64 *hits; /* the entry's; rates count for themselves */
    bool found;
    bool is_rate;
    bool is_name; /* by the question; by the client otherwise */
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
 * One step of the search for the longest range around an address that has not ended: `prefix` starts a struct range4 or range6, which at first covers
 * the whole address and gets shorter with each step. Returns whether the search is over; `found` says with what.
 *
 * Beside a range found, the longest end around the address may be its own, that of a shorter range, or nobody's: left behind by someone who was
 * killed between removing the two. Searching the ranges with a prefix that the range found is too long for gives another one, or none; that is
 * how to tell, as entries don't say how long their prefix is. An end that isn't the range's own is passed by.
 */
static __always_inline long step_range(void *ranges, void *ends, __u32 *prefix, struct verdict **found)
{
    struct verdict *range = bpf_map_lookup_elem(ranges, prefix);
    *found = 0;
    if (!range)
        return 1;
    const struct range_end *last = bpf_map_lookup_elem(ends, prefix);
    if (!last) { /* no end around here: the range is there for good */
        *found = range;
        return 1;
    }
    bool has_passed = last->end <= bpf_ktime_get_coarse_ns();
    *prefix = last->prefix;
    if (has_passed && bpf_map_lookup_elem(ranges, prefix) != range) { /* a shorter range's end */
        *found = range;
        return 1;
    }
    if (*prefix == 0) { /* the range of all addresses, and its own end */
        if (!has_passed)
            *found = range;
        return 1;
    }
    *prefix -= 1;
    if (!has_passed && bpf_map_lookup_elem(ranges, prefix) != range) { /* its own end, or a shorter range's */
        *found = range;
        return 1;
    }
    return 0;
}

struct search4 {
    struct verdict *found;
    struct range4 key;
};

struct search6 {
    struct verdict *found;
    struct range6 key;
};

static long step_range4(__u32 index, struct search4 *search)
{
    return step_range(&cidr4, &ends_cidr4, &search->key.prefix, &search->found);
}

static long step_range6(__u32 index, struct search6 *search)
{
    return step_range(&cidr6, &ends_cidr6, &search->key.prefix, &search->found);
}

static __always_inline struct verdict *find_client4(const struct packet *packet, const struct occupied *occupied)
{
    address4 address = bpf_ntohl(packet->client.address4);
    if (occupied->tables[COUNTED_ADDR4]) {
        struct verdict *found = bpf_map_lookup_elem(&addr_v4, &address);
        if (found && !(occupied->tables[COUNTED_ENDS4] && has_ended(&ends4, &address)))
            return found;
    }
    struct search4 search = {.key.prefix = 32};
    __builtin_memcpy(search.key.address, &packet->client.address4, sizeof(search.key.address));
    if (!bpf_map_lookup_elem(&cidr4, &search.key)) /* most have none, and the loop costs more than this */
        return 0;
    bpf_loop(PREFIXES4, step_range4, &search, 0);
    return search.found;
}

static __always_inline struct verdict *find_client6(const struct packet *packet, const struct occupied *occupied)
{
    if (occupied->tables[COUNTED_ADDR6]) {
        struct verdict *found = bpf_map_lookup_elem(&addr_v6, &packet->client.address6);
        if (found && !(occupied->tables[COUNTED_ENDS6] && has_ended(&ends6, &packet->client.address6)))
            return found;
    }
    struct search6 search = {.key.prefix = 128};
    __builtin_memcpy(search.key.address, &packet->client.address6, sizeof(search.key.address));
    if (!bpf_map_lookup_elem(&cidr6, &search.key))
        return 0;
    bpf_loop(PREFIXES6, step_range6, &search, 0);
    return search.found;
}

/* By the client: its address, else the longest range around it. */
static __always_inline void find_client(const struct packet *packet, const struct occupied *occupied, struct match *match)
{
    struct verdict *found = packet->family == 4 ? find_client4(packet, occupied) : find_client6(packet, occupied);
    if (found)
        take(match, &found->hits, found->action);
}

static __always_inline bool find_typed_name(struct scratch *scratch, __u16 type, struct match *match)
{
    scratch->name.key.type = type;
    struct verdict *found = bpf_map_lookup_elem(&qnames, &scratch->name.key);
    if (found)
        take(match, &found->hits, found->action);
    return found;
}

struct suffix_search {
    struct suffix_verdict *found;
    struct scratch *scratch;
};

/* One step of the search for the longest suffix that has not ended. */
static long step_suffix(__u32 index, struct suffix_search *search)
{
    struct scratch *scratch = search->scratch;
    struct suffix_verdict *suffix = bpf_map_lookup_elem(&suffixes, suffix_key(scratch));
    search->found = 0;
    if (!suffix)
        return 1;
    if (suffix->end == 0 || suffix->end > bpf_ktime_get_coarse_ns()) {
        search->found = suffix;
        return 1;
    }
    if (suffix->prefix == 0)
        return 1;
    scratch->suffix.prefix = suffix->prefix - 1;
    return 0;
}

static __always_inline bool find_typed_suffix(struct scratch *scratch, __u16 type, struct match *match)
{
    struct suffix_search search = {.scratch = scratch};
    scratch->suffix.type = bpf_htons(type);
    scratch->suffix.prefix = suffix_bits(scratch);
    bpf_loop(SUFFIXES, step_suffix, &search, 0);
    if (search.found)
        take(match, &search.found->hits, search.found->action);
    return search.found;
}

/* Who wants to know the question: tables of names that have entries, and the sample. It is read for nobody else, but to be answered. */
struct questions {
    bool names;
    bool suffixes;
    bool is_told;
};

static __always_inline bool is_question_wanted(const struct questions *asked)
{
    return asked->names || asked->suffixes || asked->is_told;
}

/* By the question: the name with its type, with any type, then the longest suffix with its type, with any type. */
static __always_inline void find_name(
    struct xdp_md *ctx, __u32 name_offset, struct scratch *scratch, const struct questions *asked, struct match *match)
{
    if (asked->names
        && (find_typed_name(scratch, scratch->type, match) || find_typed_name(scratch, TYPE_ANY, match)
            || (any_is_255 && find_typed_name(scratch, 255, match))))
        match->is_name = true;
    if (!match->found && asked->suffixes && write_suffix(ctx, name_offset))
        match->is_name = find_typed_suffix(scratch, scratch->type, match) || find_typed_suffix(scratch, TYPE_ANY, match);
}
