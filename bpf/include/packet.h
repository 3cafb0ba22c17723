/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/* What the examples need of packets and of the kernel's interface: no kernel headers, so that any clang builds them anywhere. */
#pragma once

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17

struct ethhdr {
    __u8 destination[6];
    __u8 source[6];
    __be16 protocol;
} __attribute__((packed));

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
