// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/*
 * Filters on the daemon's own sockets: they drop, or let through. Tables are in dnsdist's older format, in which whatever is in a table is
 * there to be dropped, with ranges and suffixes of our own beside them. Linux 5.17 or newer (bpf_loop).
 *
 * `queries` is for UDP sockets of plain DNS, `clients` for those whose payload is no query: listening TCP sockets, QUIC. Both see packets from
 * the transport header on, whole and reassembled, and with lengths that the kernel has checked.
 */
#include "packet.h"

/* CAP_BPF and CAP_NET_ADMIN are what dnsdist needs, too. */
#define UNPRIVILEGED

#define CONTEXT struct __sk_buff
#include "dns.h"

/* What a filter returns: how many bytes of the packet its socket gets. */
#define DROP 0
#define PASS 0x7fffffff

#define TABLE_DEFAULT_ENTRIES 1024
/* Each step looks for a shorter suffix than the one before: no search has more. */
#define SUFFIXES (LABELS_MAX + 2)

/* Whether 255 in the table of names means any type, as dnsdist before 2.0 writes it, and not ANY. */
const volatile __u8 any_is_255 = 0;

/* clang-format off */
#define HASH(key_type, value_type)                      \
    struct {                                            \
        __uint(type, BPF_MAP_TYPE_HASH);                \
        __uint(max_entries, TABLE_DEFAULT_ENTRIES);     \
        __type(key, key_type);                          \
        __type(value, value_type);                      \
    }

#define TRIE(key_type, value_type)                      \
    struct {                                            \
        __uint(type, BPF_MAP_TYPE_LPM_TRIE);            \
        __uint(max_entries, TABLE_DEFAULT_ENTRIES);     \
        __uint(map_flags, BPF_F_NO_PREALLOC);           \
        __type(key, key_type);                          \
        __type(value, value_type);                      \
    }
/* clang-format on */

/* dnsdist's: the value is the number of packets dropped. */
HASH(address4, __u64) legacy_v4 SEC(".maps");
HASH(struct address6, __u64) legacy_v6 SEC(".maps");
HASH(struct plain_name, struct plain_name_verdict) legacy_qnames SEC(".maps");

/* Weir's own. */
TRIE(struct range4, struct verdict) cidr4 SEC(".maps");
TRIE(struct range6, struct verdict) cidr6 SEC(".maps");
TRIE(struct suffix_key, struct suffix_verdict) suffixes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct scratch);
} scratches SEC(".maps");

static __always_inline struct scratch *scratch_memory(void)
{
    __u32 key = 0;
    return bpf_map_lookup_elem(&scratches, &key);
}

static __always_inline long load(struct __sk_buff *skb, __u32 offset, void *to, __u32 length)
{
    return bpf_skb_load_bytes(skb, offset, to, length);
}

enum decision {
    UNDECIDED, /* nobody knows the packet: look on */
    DROPPED,
    ALLOWED,
};

/* Only a drop and a pass can be carried out here, and only they count. Other actions are an external program's business. */
static __always_inline enum decision obey(__u8 action, __u64 *hits)
{
    if (action > ACTION_DROP)
        return ALLOWED;
    __sync_fetch_and_add(hits, 1);
    return action == ACTION_DROP ? DROPPED : ALLOWED;
}

static __always_inline enum decision drop(__u64 *hits)
{
    __sync_fetch_and_add(hits, 1);
    return DROPPED;
}

static __always_inline enum decision judge_client4(struct __sk_buff *skb)
{
    struct range4 range = {.prefix = 32};
    if (bpf_skb_load_bytes_relative(
            skb, __builtin_offsetof(struct iphdr, source), range.address, sizeof(range.address), BPF_HDR_START_NET)
        < 0)
        return ALLOWED;
    address4 address;
    __builtin_memcpy(&address, range.address, sizeof(address));
    address = bpf_ntohl(address);
    __u64 *hits = bpf_map_lookup_elem(&legacy_v4, &address);
    if (hits)
        return drop(hits);
    struct verdict *found = bpf_map_lookup_elem(&cidr4, &range);
    return found ? obey(found->action, &found->hits) : UNDECIDED;
}

static __always_inline enum decision judge_client6(struct __sk_buff *skb)
{
    struct range6 range = {.prefix = 128};
    if (bpf_skb_load_bytes_relative(
            skb, __builtin_offsetof(struct ipv6hdr, source), range.address, sizeof(range.address), BPF_HDR_START_NET)
        < 0)
        return ALLOWED;
    __u64 *hits = bpf_map_lookup_elem(&legacy_v6, range.address);
    if (hits)
        return drop(hits);
    struct verdict *found = bpf_map_lookup_elem(&cidr6, &range);
    return found ? obey(found->action, &found->hits) : UNDECIDED;
}

/* IPv4 clients of IPv6 sockets come as IPv4 packets. */
static __always_inline enum decision judge_client(struct __sk_buff *skb)
{
    __u8 version;
    if (bpf_skb_load_bytes_relative(skb, 0, &version, sizeof(version), BPF_HDR_START_NET) < 0)
        return ALLOWED;
    return version >> 4 == 4 ? judge_client4(skb) : judge_client6(skb);
}

static __always_inline bool covers(__u16 entry, __u16 type)
{
    return entry == type || entry == TYPE_ANY || (any_is_255 && entry == 255);
}

static __always_inline enum decision judge_name(const struct scratch *scratch)
{
    struct plain_name_verdict *found = bpf_map_lookup_elem(&legacy_qnames, &scratch->name.plain);
    return found && covers(found->type, scratch->type) ? drop(&found->hits) : UNDECIDED;
}

struct suffix_search {
    struct scratch *scratch;
    enum decision decision;
};

/* One step of the search for the longest suffix that has not ended. */
static long step_suffix(__u32 index, struct suffix_search *search)
{
    struct scratch *scratch = search->scratch;
    struct suffix_verdict *found = bpf_map_lookup_elem(&suffixes, suffix_key(scratch));
    if (!found)
        return 1;
    if (found->end == 0 || found->end > bpf_ktime_get_coarse_ns()) {
        search->decision = obey(found->action, &found->hits);
        return 1;
    }
    if (found->prefix == 0)
        return 1;
    scratch->suffix.prefix = found->prefix - 1;
    return 0;
}

static __always_inline enum decision judge_suffix(struct scratch *scratch, __u16 type)
{
    struct suffix_search search = {.scratch = scratch, .decision = UNDECIDED};
    scratch->suffix.type = bpf_htons(type);
    scratch->suffix.prefix = suffix_bits(scratch);
    bpf_loop(SUFFIXES, step_suffix, &search, 0);
    return search.decision;
}

/* What is no query passes: the daemon counts it and knows what to say. */
static __always_inline enum decision judge_question(struct __sk_buff *skb)
{
    struct scratch *scratch = scratch_memory();
    __u32 offset = sizeof(struct udphdr);
    if (!scratch || !read_question(skb, offset, skb->len))
        return ALLOWED;
    enum decision decision = judge_name(scratch);
    if (decision != UNDECIDED || !write_suffix(skb, offset + sizeof(struct dnshdr)))
        return decision;
    decision = judge_suffix(scratch, scratch->type);
    return decision == UNDECIDED ? judge_suffix(scratch, TYPE_ANY) : decision;
}

SEC("socket")
int clients(struct __sk_buff *skb)
{
    return judge_client(skb) == DROPPED ? DROP : PASS;
}

SEC("socket")
int queries(struct __sk_buff *skb)
{
    enum decision decision = judge_client(skb);
    if (decision == UNDECIDED)
        decision = judge_question(skb);
    return decision == DROPPED ? DROP : PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
