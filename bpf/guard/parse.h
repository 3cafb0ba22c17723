/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/* From a frame to the UDP or TCP packet inside: Ethernet, two VLAN tags, IPv4 with options, IPv6 with extension headers. */
#pragma once

#include "packet.h"

#define VLAN_TAGS_MAX 2
/* RFC 8200 4.1 names five that come once each, and one twice; what has more is not for us to understand. */
#define IPV6_EXTENSIONS_MAX 6

#define IPV4_MF 0x2000
#define IPV4_OFFSET 0x1fff
#define IPV6_M 0x0001
#define IPV6_OFFSET 0xfff8

/* Offsets are from the start of the frame; they stay right when the frame gets another end, which pointers do not. */
struct packet {
    __u32 network;      /* where the IP header starts */
    __u32 transport;    /* where the UDP or TCP header starts */
    __u32 end;          /* where the IP packet ends: Ethernet may pad behind it */
    __u8 family;        /* 4 or 6 */
    __u8 protocol;      /* IPPROTO_UDP or IPPROTO_TCP */
    bool is_fragment;   /* there may be no transport header, or not all of it */
    bool has_extension; /* IPv4 options or IPv6 extension headers */
    __be16 port;        /* the client's */
    union {
        __be32 address4;
        struct address6 address6;
        __u64 words[2];
    } client;
};

enum parsed {
    PARSED_OURS,      /* a UDP or TCP packet to one of our ports, or a fragment of some UDP or TCP packet */
    PARSED_OTHER,     /* anything else */
    PARSED_MALFORMED, /* lengths contradict each other */
};

static __always_inline void *frame_start(struct xdp_md *ctx)
{
    return (void *)(long)ctx->data;
}

static __always_inline void *frame_end(struct xdp_md *ctx)
{
    return (void *)(long)ctx->data_end;
}

/* Headers that start further into the frame than this are not looked for. A mask, so that the verifier believes it. */
#define OFFSET_MAX 0x3fff

/* What lies at an offset that parse() has found to be within OFFSET_MAX. */
static __always_inline void *frame_at(struct xdp_md *ctx, __u32 offset)
{
    /* The compiler may know the bound already and leave the mask out; the verifier forgets it when the offset passes through the stack. */
    asm volatile("%0 &= %1" : "+r"(offset) : "i"(OFFSET_MAX));
    return frame_start(ctx) + offset;
}

/* The EtherType behind the tags, 0 for a frame without one; sets where the network header starts. */
static __always_inline __be16 parse_ethernet(struct xdp_md *ctx, struct packet *packet)
{
    void *end = frame_end(ctx);
    struct ethhdr *eth = frame_start(ctx);
    if ((void *)(eth + 1) > end)
        return 0;
    __be16 protocol = eth->protocol;
    struct vlan_tag *tag = (void *)(eth + 1);
    packet->network = sizeof(*eth);
#pragma unroll
    for (int i = 0; i < VLAN_TAGS_MAX; i++) {
        if (protocol != bpf_htons(ETH_P_8021Q) && protocol != bpf_htons(ETH_P_8021AD))
            break;
        if ((void *)(tag + 1) > end)
            return 0;
        protocol = tag->protocol;
        packet->network += sizeof(*tag);
        tag++;
    }
    return protocol;
}

static __always_inline enum parsed parse_ipv4(struct xdp_md *ctx, struct packet *packet)
{
    void *end = frame_end(ctx);
    struct iphdr *ip = frame_at(ctx, packet->network);
    if ((void *)(ip + 1) > end)
        return PARSED_MALFORMED;
    __u32 header = (ip->version_and_length & 0xf) * 4;
    __u32 total = bpf_ntohs(ip->total_length);
    if (ip->version_and_length >> 4 != 4 || header < sizeof(*ip) || total < header
        || packet->network + total > end - frame_start(ctx))
        return PARSED_MALFORMED;
    packet->family = 4;
    packet->protocol = ip->protocol;
    packet->transport = packet->network + header;
    packet->end = packet->network + total;
    packet->has_extension = header > sizeof(*ip);
    packet->is_fragment = ip->fragment & bpf_htons(IPV4_MF | IPV4_OFFSET);
    packet->client.address4 = ip->source;
    return PARSED_OURS;
}

/*
 * Walks over the extension headers. Stops at the first header that is none: its number is the protocol. A fragment that is not the first of its
 * packet has nothing more to walk over.
 */
static __always_inline enum parsed skip_extensions(struct xdp_md *ctx, struct packet *packet, __u8 next)
{
    void *end = frame_end(ctx);
    __u32 at = packet->transport;
    for (int i = 0; i <= IPV6_EXTENSIONS_MAX; i++) {
        packet->protocol = next;
        packet->transport = at;
        if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_DSTOPTS && next != IPPROTO_FRAGMENT)
            return at <= OFFSET_MAX ? PARSED_OURS : PARSED_OTHER;
        if (i == IPV6_EXTENSIONS_MAX || at > OFFSET_MAX)
            break;
        struct ipv6_extension *extension = frame_at(ctx, at);
        if (at + sizeof(*extension) > packet->end || (void *)(extension + 1) > end)
            return PARSED_MALFORMED;
        packet->has_extension = true;
        __u32 length = sizeof(*extension);
        if (next == IPPROTO_FRAGMENT) {
            struct ipv6_fragment *fragment = (void *)extension;
            /* Neither an offset nor more to come: a packet in one piece (RFC 6946). */
            if (fragment->offset & bpf_htons(IPV6_OFFSET | IPV6_M))
                packet->is_fragment = true;
            if (fragment->offset & bpf_htons(IPV6_OFFSET)) {
                packet->protocol = fragment->next_header;
                return PARSED_OURS;
            }
        } else {
            length += extension->length * 8;
        }
        next = extension->next_header;
        at += length;
    }
    /* More extension headers than anybody has a use for: not a packet of DNS. */
    return PARSED_OTHER;
}

static __always_inline enum parsed parse_ipv6(struct xdp_md *ctx, struct packet *packet)
{
    void *end = frame_end(ctx);
    struct ipv6hdr *ip = frame_at(ctx, packet->network);
    if ((void *)(ip + 1) > end)
        return PARSED_MALFORMED;
    packet->family = 6;
    packet->transport = packet->network + sizeof(*ip);
    packet->end = packet->transport + bpf_ntohs(ip->payload_length);
    if (*(__u8 *)ip >> 4 != 6 || packet->end > end - frame_start(ctx))
        return PARSED_MALFORMED;
    __builtin_memcpy(&packet->client.address6, ip->source, sizeof(ip->source));
    return skip_extensions(ctx, packet, ip->next_header);
}

static __always_inline bool is_our_port(__be16 port)
{
    __u16 number = bpf_ntohs(port);
    return ports[number / 64] >> (number % 64) & 1;
}

/* Ports stand at the same place in both headers, of which there must be all. */
static __always_inline enum parsed parse_ports(struct xdp_md *ctx, struct packet *packet)
{
    __u32 header = packet->protocol == IPPROTO_UDP ? sizeof(struct udphdr) : sizeof(struct tcphdr);
    struct udphdr *transport = frame_at(ctx, packet->transport);
    if (packet->transport + header > packet->end || (void *)(transport + 1) > frame_end(ctx))
        return PARSED_MALFORMED;
    packet->port = transport->source;
    return is_our_port(transport->destination) ? PARSED_OURS : PARSED_OTHER;
}

static __always_inline enum parsed parse(struct xdp_md *ctx, struct packet *packet)
{
    enum parsed parsed = PARSED_OTHER;
    __be16 protocol = parse_ethernet(ctx, packet);
    if (protocol == bpf_htons(ETH_P_IP))
        parsed = parse_ipv4(ctx, packet);
    else if (protocol == bpf_htons(ETH_P_IPV6))
        parsed = parse_ipv6(ctx, packet);
    if (parsed != PARSED_OURS)
        return parsed;
    if (packet->protocol != IPPROTO_UDP && packet->protocol != IPPROTO_TCP)
        return PARSED_OTHER;
    return packet->is_fragment ? PARSED_OURS : parse_ports(ctx, packet);
}

/* What the UDP header says of its own length and its message's; 0 if that can't be. */
static __always_inline __u32 udp_length(struct xdp_md *ctx, const struct packet *packet)
{
    struct udphdr *udp = frame_at(ctx, packet->transport);
    return (void *)(udp + 1) > frame_end(ctx) ? 0 : bpf_ntohs(udp->length);
}
