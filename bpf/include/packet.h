/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/* Headers of packets, and what programs need of the kernel's interface: no kernel headers, so that any clang builds them anywhere. */
#pragma once

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define ETH_P_8021Q 0x8100
#define ETH_P_8021AD 0x88a8
#define IPPROTO_HOPOPTS 0
#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_ROUTING 43
#define IPPROTO_FRAGMENT 44
#define IPPROTO_DSTOPTS 60

struct ethhdr {
    __u8 destination[6];
    __u8 source[6];
    __be16 protocol;
} __attribute__((packed));

/* Behind the addresses, in place of the protocol, which follows (IEEE 802.1Q). */
struct vlan_tag {
    __be16 control;
    __be16 protocol;
};

struct iphdr {
    __u8 version_and_length;
    __u8 tos;
    __be16 total_length;
    __be16 id;
    __be16 fragment;
    __u8 ttl;
    __u8 protocol;
    __be16 checksum;
    __be32 source;
    __be32 destination;
};

struct ipv6hdr {
    __be32 version_class_flow;
    __be16 payload_length;
    __u8 next_header;
    __u8 hop_limit;
    __u8 source[16];
    __u8 destination[16];
};

/* Hop-by-hop options, routing and destination options (RFC 8200 4.3, 4.4, 4.6). */
struct ipv6_extension {
    __u8 next_header;
    __u8 length; /* in 8 bytes, the first 8 not counted */
    __u8 content[6];
};

/* RFC 8200 4.5 */
struct ipv6_fragment {
    __u8 next_header;
    __u8 reserved;
    __be16 offset; /* 13 bits of offset, 2 reserved, M */
    __be32 id;
};

struct tcphdr {
    __be16 source;
    __be16 destination;
    __be32 sequence;
    __be32 acknowledgement;
    __be16 flags;
    __be16 window;
    __be16 checksum;
    __be16 urgent;
};

struct udphdr {
    __be16 source;
    __be16 destination;
    __be16 length;
    __be16 checksum;
};

/* The IP protocol of an Ethernet frame, -1 for other frames and for truncated ones. */
static __always_inline int ip_protocol(void *data, void *end)
{
    struct ethhdr *eth = data;
    if ((void *)(eth + 1) > end)
        return -1;
    if (eth->protocol == bpf_htons(ETH_P_IP)) {
        struct iphdr *ip = (void *)(eth + 1);
        return (void *)(ip + 1) > end ? -1 : ip->protocol;
    }
    if (eth->protocol == bpf_htons(ETH_P_IPV6)) {
        struct ipv6hdr *ip = (void *)(eth + 1);
        return (void *)(ip + 1) > end ? -1 : ip->next_header;
    }
    return -1;
}
