/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/* The tables of the guard; tables.h says what they hold. User space sets their sizes and pins all but the last two, which are the program's own. */
#pragma once

#include "dns.h"

#define TABLE_DEFAULT_ENTRIES 1024

/* clang-format off */
#define HASH(key_type, value_type)                      \
    struct {                                            \
        __uint(type, BPF_MAP_TYPE_HASH);                \
        __uint(max_entries, TABLE_DEFAULT_ENTRIES);     \
        __type(key, key_type);                          \
        __type(value, value_type);                      \
    }

/* The kernel wants memory of tries to be taken entry by entry. */
#define TRIE(key_type, value_type)                      \
    struct {                                            \
        __uint(type, BPF_MAP_TYPE_LPM_TRIE);            \
        __uint(max_entries, TABLE_DEFAULT_ENTRIES);     \
        __uint(map_flags, BPF_F_NO_PREALLOC);           \
        __type(key, key_type);                          \
        __type(value, value_type);                      \
    }
/* clang-format on */

/* Shared with dnsdist. */
HASH(address4, struct verdict) addr_v4 SEC(".maps");
HASH(struct address6, struct verdict) addr_v6 SEC(".maps");
TRIE(struct range4, struct verdict) cidr4 SEC(".maps");
TRIE(struct range6, struct verdict) cidr6 SEC(".maps");
HASH(struct typed_name, struct verdict) qnames SEC(".maps");

/* Weir's own. */
TRIE(struct suffix_key, struct suffix_verdict) suffixes SEC(".maps");
TRIE(struct range4, struct bucket) rates4 SEC(".maps");
TRIE(struct range6, struct bucket) rates6 SEC(".maps");
HASH(address4, struct address_end) ends4 SEC(".maps");
HASH(struct address6, struct address_end) ends6 SEC(".maps");
TRIE(struct range4, struct range_end) ends_cidr4 SEC(".maps");
TRIE(struct range6, struct range_end) ends_cidr6 SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 256 * 1024);
} events SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct settings);
} settings SEC(".maps");

/* Counters, by enum counter. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, COUNTERS);
    __type(key, __u32);
    __type(value, __u64);
} stats SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct scratch);
} scratches SEC(".maps");

/* Since Linux 6.6; `can_count` says whether the kernel has it. */
/* The kernel has the rest of it. */
struct bpf_map {};
extern __s64 bpf_map_sum_elem_count(const struct bpf_map *map) __ksym __weak;
const volatile __u8 can_count = 0;
/*
 * For how long a sum is believed. It is made of a number per CPU: on a few CPUs it is made for each packet (0), on many now and then, and the
 * first entry of a table is heeded that much later.
 */
const volatile __u32 recount_ns = 0;

/* Tables that are often empty, and cost much to look into. */
enum counted {
    COUNTED_QNAMES,
    COUNTED_ENDS4,
    COUNTED_ENDS6,
    COUNTED
};

struct sums {
    __u64 until;
    __u8 has_entries[COUNTED];
    __u8 padding[5];
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct sums);
} sums SEC(".maps");

static __always_inline bool sum_of(enum counted table)
{
    switch (table) {
    case COUNTED_QNAMES:
        return bpf_map_sum_elem_count((const struct bpf_map *)&qnames) != 0;
    case COUNTED_ENDS4:
        return bpf_map_sum_elem_count((const struct bpf_map *)&ends4) != 0;
    case COUNTED_ENDS6:
        return bpf_map_sum_elem_count((const struct bpf_map *)&ends6) != 0;
    default:
        return true;
    }
}

/* Whether there is anything to find; true where nobody knows. */
static __always_inline bool has_entries(enum counted table)
{
    if (!can_count)
        return true;
    if (recount_ns == 0)
        return sum_of(table);
    __u32 key = 0;
    struct sums *known = bpf_map_lookup_elem(&sums, &key);
    if (!known)
        return true;
    __u64 now = bpf_ktime_get_coarse_ns();
    if (known->until <= now) {
        known->until = now + recount_ns;
        for (int i = 0; i < COUNTED; i++)
            known->has_entries[i] = sum_of(i);
    }
    return known->has_entries[table];
}

static __always_inline void count(enum counter counter)
{
    __u32 key = counter;
    __u64 *value = bpf_map_lookup_elem(&stats, &key);
    if (value)
        (*value)++;
}

static __always_inline struct scratch *scratch_memory(void)
{
    __u32 key = 0;
    return bpf_map_lookup_elem(&scratches, &key);
}
