/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/* The tables of the guard; tables.h says what they hold. User space sets their sizes and pins those that it fills or reads. */
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

/* Destinations that are this host's own, as its routing table has them; looked into only if nothing else is to be judged. */
TRIE(struct range4, __u8) locals4 SEC(".maps");
TRIE(struct range6, __u8) locals6 SEC(".maps");

/* Under 0 the program that was on the device before, which gets what passes here. */
struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} next SEC(".maps");

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

/*
 * Buckets of single sources, for limits that say so: sets of four, one cache line each. A source belongs into one set, and takes the place that has
 * been full again for longest.
 */
#define SOURCES_PER_SET 4

struct source {
    __u64 who; /* a keyed hash of its network; 0: nobody */
    __u64 next; /* as of struct bucket */
};

struct source_set {
    struct source sources[SOURCES_PER_SET];
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct source_set);
} sources SEC(".maps");

/* One less than there are sets, which are a power of two. */
const volatile __u32 source_set_mask = 0;
/* Random and odd: who does not know them can't aim at a source's place. */
const volatile __u64 source_keys[4] = {1, 1, 1, 1};

/* The kernel has the rest of it. */
struct bpf_map {};
/* Since Linux 6.6; `can_count` says whether the kernel has it. */
extern __s64 bpf_map_sum_elem_count(const struct bpf_map *map) __ksym __weak;
const volatile __u8 can_count = 0;
/*
 * Whether entries are counted for each packet. A count is a sum over all CPUs: it is made once per tick of the kernel's clock otherwise (4 ms at
 * 250 Hz), and the first entry of an empty table is heeded that much later.
 */
const volatile __u8 count_each_time = 0;

/* Tables that are often empty, and cost much to look into: a bucket of a large one is a cache miss, whatever is in it. */
enum counted {
    COUNTED_ADDR4,
    COUNTED_ADDR6,
    COUNTED_QNAMES,
    COUNTED_ENDS4,
    COUNTED_ENDS6,
    COUNTED
};

/* Which of them have entries, as of the last count. */
struct occupied {
    __u64 tick;
    __u8 tables[8]; /* by enum counted */
};

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct occupied);
} occupied SEC(".maps");

/* True where nobody knows. */
#define HAS_ENTRIES(map) (!can_count || bpf_map_sum_elem_count((const struct bpf_map *)&map) != 0)

static __noinline int count_entries(struct occupied *known)
{
    if (!known)
        return 0;
    known->tables[COUNTED_ADDR4] = HAS_ENTRIES(addr_v4);
    known->tables[COUNTED_ADDR6] = HAS_ENTRIES(addr_v6);
    known->tables[COUNTED_QNAMES] = HAS_ENTRIES(qnames);
    known->tables[COUNTED_ENDS4] = HAS_ENTRIES(ends4);
    known->tables[COUNTED_ENDS6] = HAS_ENTRIES(ends6);
    return 0;
}

static __always_inline const struct occupied *occupied_tables(void)
{
    __u32 key = 0;
    struct occupied *known = bpf_map_lookup_elem(&occupied, &key);
    if (!known)
        return 0;
    /* Two instructions: any other clock costs more than a look-up. No tick is 0. */
    __u64 tick = bpf_jiffies64() | 1ULL << 63;
    if (known->tick != tick || count_each_time) {
        known->tick = tick;
        count_entries(known);
    }
    return known;
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
