/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/*
 * Keys and values of the tables that packets are compared with. User space writes them; programs read them, count in them, and never add or
 * remove an entry. Java's layouts (dev.weir.gate) are compared with these through BTF.
 */
#pragma once

#include <linux/types.h>
#include <bpf/bpf_helpers.h>

/* Longest name on the wire (RFC 1035 2.3.4), the root's empty label included. */
#define NAME_MAX 255

/* What to do with a packet that an entry matches. Numbers up to 127 are dnsdist's, programs made for it read nothing above. */
enum action {
    ACTION_PASS = 0,
    ACTION_DROP = 1,
    ACTION_TRUNCATE = 2,
    ACTION_REFUSED = 128,
    ACTION_NXDOMAIN = 129,
};

/* ---- Shared with dnsdist: the layouts are fixed for good. */

/* An IPv4 address as a number in host order, as dnsdist writes it. */
typedef __u32 address4;

struct address6 {
    __u8 bytes[16];
};

struct range4 {
    __u32 prefix;
    __u8 address[4];
};

struct range6 {
    __u32 prefix;
    __u8 address[16];
};

/* A name in wire format and lower case, zeros behind its root. */
struct typed_name {
    __u8 name[NAME_MAX];
    __u8 padding;
    __u16 type;
};

/* 65535 as a type means any. */
#define TYPE_ANY 65535

/* The padding holds garbage when dnsdist has written it. */
struct verdict {
    __u64 hits;
    __u8 action;
    __u8 padding[7];
};

/* The older format, for filters inside the daemon: an entry is there to be dropped, and one type per name is all there is. */
struct plain_name {
    __u8 name[NAME_MAX];
};

struct plain_name_verdict {
    __u64 hits;
    __u16 type;
    __u8 padding[6];
};

/* ---- Weir's own. Times are CLOCK_MONOTONIC in nanoseconds. */

/*
 * A name with everything below it: an LPM trie finds the longest. The labels stand in reverse order, each with its length in front and
 * without the root, so that a prefix of the key is a suffix of the name, on label boundaries by construction:
 *
 *     www.example.com  ->  3 com 7 example 3 www
 */
struct suffix_key {
    __u32 prefix; /* bits of type and name that count */
    __be16 type;
    __u8 name[NAME_MAX - 1];
};

struct suffix_verdict {
    __u64 hits;
    __u64 end; /* the entry means nothing from then on; 0: it has no end */
    __u16 prefix; /* the key's: where to look on, for a shorter suffix, when the entry has ended */
    __u8 action;
    __u8 padding[5];
};

/* Beside the entry of an address: when the block ends. Addresses without such an entry are blocked for good. */
struct address_end {
    __u64 end;
};

/*
 * The same for ranges. The trie finds the longest range that has an end; `prefix`, the key's, tells whether it is the one that matched: it is if
 * the ranges, searched with that prefix, give the same entry.
 */
struct range_end {
    __u64 end;
    __u32 prefix;
    __u32 padding;
};

/*
 * A token bucket kept as one number (the generic cell rate algorithm): `next` is when the bucket will be full again. A packet that finds it
 * further ahead than `tolerance` is over the rate; every other one moves it `interval` ahead. One compare-and-swap, no lock, no refilling.
 */
struct bucket {
    __u64 next;
    __u64 interval;  /* between two packets at the rate: 1 s / rate */
    __u64 tolerance; /* (burst - 1) * interval */
    __u64 limited;   /* packets over the rate */
    __u32 slip;      /* one in so many of those is answered with TC=1, 0: none */
    __u32 per;       /* each network of so many bits has a bucket of its own, kept elsewhere; 0: this is the one of all */
};

/* How the program is to behave, changed while it runs. */
struct settings {
    __u32 sample_every; /* one in so many packets to our ports is told as an event; 0: none */
    __u32 no_suffixes;  /* the table of suffixes is known to be empty; who adds one says that it is not */
};

/* What became of a packet to our ports. */
struct event {
    __u64 time;
    __u32 interface;
    __u32 outcome;       /* enum counter: COUNTER_PASSED, _DROPPED, _TRUNCATED, _REFUSED or _NXDOMAIN */
    __u8 client[16];     /* network order; IPv4 in the first four bytes */
    __u16 port;          /* the client's, 0 in fragments */
    __u16 type;          /* of the question */
    __u8 family;         /* 4 or 6 */
    __u8 protocol;       /* IPPROTO_UDP or IPPROTO_TCP */
    __u8 name_length;    /* of the wire format; 0: the packet was decided without reading it, or has none */
    __u8 name[NAME_MAX]; /* lower case; only name_length bytes mean something */
    __u8 padding[2];
};

/* What the program counts, each number per CPU. The first is the sum of the five that follow; the others say why. */
enum counter {
    COUNTER_SEEN,           /* frames that came by, of any kind */
    COUNTER_PASSED,         /* frames handed to the kernel's network stack */
    COUNTER_DROPPED,        /* packets dropped */
    COUNTER_TRUNCATED,      /* queries answered with TC=1 */
    COUNTER_REFUSED,        /* queries answered with REFUSED */
    COUNTER_NXDOMAIN,       /* queries answered with NXDOMAIN */
    COUNTER_ALLOWED,        /* packets passed because an entry says so */
    COUNTER_LIMITED,        /* packets over the rate of their prefix: dropped, or truncated by slip */
    COUNTER_MALFORMED,      /* packets of interest whose lengths contradict each other, or to our ports but unlike a query: entries of clients and rates hold for them, too */
    COUNTER_UNANSWERABLE,   /* packets that an entry would answer, but the program can't; dropped if the entry is their client's, else passed */
    COUNTER_UNKNOWN_ACTION, /* packets whose entry holds an action nobody has given a meaning; passed */
    COUNTER_EVENTS_LOST,    /* events that the full ring had no room for */
    COUNTER_SOURCES_LOST,   /* sources of a limit per source that were forgotten too early, as others wanted their place */
    COUNTERS
};
