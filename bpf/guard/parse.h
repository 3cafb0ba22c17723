/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/*
 * From a frame to the UDP or TCP packet inside: Ethernet with VLAN tags, or no link header; IPv4 with options, IPv6 with extension headers.
 *
 * In two steps. parse_network() finds who sent it, and depends on nothing behind the addresses; parse_transport() finds out whom it is for. Linux
 * takes any number of tags and extension headers, and so do the walks here: what they pass over ends with the frame, not with a number. What
 * can't be followed to its end is "unreadable", never "not ours".
 */
#pragma once

#include "maps.h"
#include "packet.h"

/* Tags and extension headers that the largest packet has room for. */
#define WALK_MAX (65536 / 4)

#define IPV4_MF 0x2000
#define IPV4_OFFSET 0x1fff
#define IPV6_M 0x0001
#define IPV6_OFFSET 0xfff8

/* Whether frames start with an Ethernet header, or with the IP packet itself (tun, WireGuard, ppp); user space looks at the device. */
const volatile __u8 has_link_header = 1;
/* UDP and TCP ports that queries come to, a bit each; user space sets them. */
const volatile __u64 ports[65536 / 64] = {1ULL << 53};

/* Whether packets to others are passed unseen, as a router or a bridge has them; `locals4` and `locals6` know who is not another. */
const volatile __u8 only_local = 0;

/* Offsets are from the start of the frame; they stay right when the frame gets another end, which pointers do not. */
struct packet {
    __u32 network;      /* where the IP header starts */
    __u32 transport;    /* where the UDP or TCP header starts; until it has been looked for, where the headers before it do */
    __u32 end;          /* where the IP packet ends: Ethernet may pad behind it */
    __u8 family;        /* 4 or 6 */
    __u8 protocol;      /* IPPROTO_UDP or IPPROTO_TCP; until it has been looked for, what the IP header says */
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
    PARSED_OURS,       /* a UDP or TCP packet to one of our ports, or a fragment of some UDP or TCP packet */
    PARSED_OTHER,      /* for others, or of another protocol */
    PARSED_UNREADABLE, /* cut short, or lengths contradict each other: whoever it is for */
};

static __always_inline void *frame_start(struct xdp_md *ctx)
{
    return (void *)(long)ctx->data;
}

static __always_inline void *frame_end(struct xdp_md *ctx)
{
    return (void *)(long)ctx->data_end;
}

/* Headers that start further into the frame than this are not written to. A mask, so that the verifier believes it. */
#define OFFSET_MAX 0x3fff

/* What lies at an offset that is within OFFSET_MAX, in the first piece of the frame. */
static __always_inline void *frame_at(struct xdp_md *ctx, __u32 offset)
{
    /* The compiler may know the bound already and leave the mask out; the verifier forgets it when the offset passes through the stack. */
    asm volatile("%0 &= %1" : "+r"(offset) : "i"(OFFSET_MAX));
    return frame_start(ctx) + offset;
}

/*
 * A header to be read: where it lies, or a copy in `copy` if it lies across pieces of the frame or further in than pointers reach; null if the
 * frame ends before it does.
 */
static __always_inline const void *header_at(struct xdp_md *ctx, __u32 offset, void *copy, __u32 length)
{
    void *header = frame_at(ctx, offset);
    if (offset <= OFFSET_MAX && header + length <= frame_end(ctx))
        return header;
    return bpf_xdp_load_bytes(ctx, offset, copy, length) < 0 ? 0 : copy;
}

static __always_inline bool is_vlan(__be16 protocol)
{
    return protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD);
}

struct tag_walk {
    struct xdp_md *ctx;
    __u32 at;
    __be16 protocol;
};

static long skip_tag(__u32 index, struct tag_walk *walk)
{
    struct vlan_tag tag;
    if (!is_vlan(walk->protocol))
        return 1;
    if (bpf_xdp_load_bytes(walk->ctx, walk->at, &tag, sizeof(tag)) < 0) {
        walk->protocol = 0;
        return 1;
    }
    walk->protocol = tag.protocol;
    walk->at += sizeof(tag);
    return 0;
}

/* The EtherType of what the frame carries, 0 for a frame without; sets where that starts. */
static __always_inline __be16 parse_link(struct xdp_md *ctx, struct packet *packet)
{
    void *end = frame_end(ctx);
    if (!has_link_header) {
        __u8 *first = frame_start(ctx);
        if ((void *)(first + 1) > end)
            return 0;
        return *first >> 4 == 4 ? bpf_htons(ETH_P_IP) : *first >> 4 == 6 ? bpf_htons(ETH_P_IPV6) : 0;
    }
    struct ethhdr *eth = frame_start(ctx);
    if ((void *)(eth + 1) > end)
        return 0;
    packet->network = sizeof(*eth);
    __be16 protocol = eth->protocol;
    if (is_vlan(protocol)) {
        struct tag_walk walk = {.ctx = ctx, .at = sizeof(*eth), .protocol = protocol};
        bpf_loop(WALK_MAX, skip_tag, &walk, 0);
        packet->network = walk.at;
        protocol = walk.protocol;
    }
    return protocol;
}

static __always_inline bool parse_ipv4(struct xdp_md *ctx, struct packet *packet)
{
    struct iphdr copy;
    const struct iphdr *ip = header_at(ctx, packet->network, &copy, sizeof(copy));
    if (!ip || ip->version_and_length >> 4 != 4)
        return false;
    __u32 header = (ip->version_and_length & 0xf) * 4;
    packet->family = 4;
    packet->protocol = ip->protocol;
    packet->transport = packet->network + header;
    packet->end = packet->network + bpf_ntohs(ip->total_length);
    packet->has_extension = header > sizeof(*ip);
    packet->is_fragment = ip->fragment & bpf_htons(IPV4_MF | IPV4_OFFSET);
    packet->client.address4 = ip->source;
    return true;
}

static __always_inline bool parse_ipv6(struct xdp_md *ctx, struct packet *packet)
{
    struct ipv6hdr copy;
    const struct ipv6hdr *ip = header_at(ctx, packet->network, &copy, sizeof(copy));
    if (!ip || *(__u8 *)ip >> 4 != 6)
        return false;
    packet->family = 6;
    packet->protocol = ip->next_header;
    packet->transport = packet->network + sizeof(*ip);
    packet->end = packet->transport + bpf_ntohs(ip->payload_length);
    /* A jumbogram says its length elsewhere (RFC 2675); Linux takes the frame's also without one's option. */
    if (ip->payload_length == 0 && ip->next_header == IPPROTO_HOPOPTS)
        packet->end = bpf_xdp_get_buff_len(ctx);
    __builtin_memcpy(&packet->client.address6, ip->source, sizeof(ip->source));
    return true;
}

/* Finds an IP packet, who sent it, and where to read on. */
static __always_inline bool parse_network(struct xdp_md *ctx, struct packet *packet)
{
    __be16 protocol = parse_link(ctx, packet);
    if (protocol == bpf_htons(ETH_P_IP))
        return parse_ipv4(ctx, packet);
    return protocol == bpf_htons(ETH_P_IPV6) && parse_ipv6(ctx, packet);
}

static __always_inline bool is_extension(__u8 protocol)
{
    return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_DSTOPTS || protocol == IPPROTO_FRAGMENT;
}

struct extension_walk {
    struct xdp_md *ctx;
    __u32 at;
    __u8 protocol; /* what lies there */
    bool is_fragment;
};

/* Stops before the first header that is no extension, and where the frame ends. */
static long skip_extension(__u32 index, struct extension_walk *walk)
{
    union {
        struct ipv6_extension any;
        struct ipv6_fragment fragment;
    } header;
    if (!is_extension(walk->protocol) || bpf_xdp_load_bytes(walk->ctx, walk->at, &header, sizeof(header)) < 0)
        return 1;
    __u8 protocol = walk->protocol;
    walk->protocol = header.any.next_header;
    walk->at += sizeof(header);
    if (protocol != IPPROTO_FRAGMENT) {
        walk->at += header.any.length * 8;
        return 0;
    }
    /* Neither an offset nor more to come: a packet in one piece (RFC 6946). */
    if (header.fragment.offset & bpf_htons(IPV6_OFFSET | IPV6_M))
        walk->is_fragment = true;
    /* A fragment that is not the first of its packet has nothing more to walk over. */
    return header.fragment.offset & bpf_htons(IPV6_OFFSET) ? 1 : 0;
}

static __always_inline void skip_extensions(struct xdp_md *ctx, struct packet *packet)
{
    struct extension_walk walk = {.ctx = ctx, .at = packet->transport, .protocol = packet->protocol};
    bpf_loop(WALK_MAX, skip_extension, &walk, 0);
    packet->has_extension = true;
    packet->is_fragment = walk.is_fragment;
    packet->transport = walk.at;
    packet->protocol = walk.protocol;
}

static __always_inline bool is_our_port(__be16 port)
{
    __u16 number = bpf_ntohs(port);
    return ports[number / 64] >> (number % 64) & 1;
}

static __always_inline bool is_local4(const struct iphdr *ip)
{
    struct range4 key = {.prefix = 32};
    __builtin_memcpy(key.address, &ip->destination, sizeof(key.address));
    return bpf_map_lookup_elem(&locals4, &key);
}

static __always_inline bool is_local6(const struct ipv6hdr *ip)
{
    struct range6 key = {.prefix = 128};
    __builtin_memcpy(key.address, ip->destination, sizeof(key.address));
    return bpf_map_lookup_elem(&locals6, &key);
}

static __always_inline bool is_local(struct xdp_md *ctx, const struct packet *packet)
{
    union {
        struct iphdr four;
        struct ipv6hdr six;
    } copy;
    if (packet->family == 4) {
        const struct iphdr *ip = header_at(ctx, packet->network, &copy.four, sizeof(copy.four));
        return ip && is_local4(ip);
    }
    const struct ipv6hdr *ip = header_at(ctx, packet->network, &copy.six, sizeof(copy.six));
    return ip && is_local6(ip);
}

/* Finds out whether a packet is for us. */
static __always_inline enum parsed parse_transport(struct xdp_md *ctx, struct packet *packet)
{
    if (only_local && !is_local(ctx, packet))
        return PARSED_OTHER;
    if (packet->family == 6 && is_extension(packet->protocol))
        skip_extensions(ctx, packet);
    if (packet->family == 6 && is_extension(packet->protocol)) /* the walk could not go on: no frame, or no fragment, to read */
        return PARSED_UNREADABLE;
    if (packet->protocol != IPPROTO_UDP && packet->protocol != IPPROTO_TCP)
        return PARSED_OTHER;
    if (packet->is_fragment)
        return PARSED_OURS;
    /* Ports stand at the same place in both headers. */
    struct udphdr copy;
    const struct udphdr *ports = header_at(ctx, packet->transport, &copy, sizeof(copy));
    if (!ports)
        return PARSED_UNREADABLE;
    packet->port = ports->source;
    if (!is_our_port(ports->destination))
        return PARSED_OTHER;
    __u32 header = packet->protocol == IPPROTO_UDP ? sizeof(struct udphdr) : sizeof(struct tcphdr);
    __u32 least = packet->network + (packet->family == 4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr));
    if (packet->transport < least || packet->transport + header > packet->end || packet->end > bpf_xdp_get_buff_len(ctx))
        return PARSED_UNREADABLE;
    return PARSED_OURS;
}

/* Where the message of a UDP packet ends, 0 if its header contradicts the others. */
static __always_inline __u32 message_end(struct xdp_md *ctx, const struct packet *packet)
{
    struct udphdr copy;
    const struct udphdr *udp = header_at(ctx, packet->transport, &copy, sizeof(copy));
    if (!udp)
        return 0;
    __u32 length = bpf_ntohs(udp->length);
    if (length == 0 && packet->family == 6) /* of a jumbogram (RFC 2675), and Linux takes it for the packet's in any */
        return packet->end;
    __u32 end = packet->transport + length;
    return length < sizeof(struct udphdr) || end > packet->end ? 0 : end;
}
