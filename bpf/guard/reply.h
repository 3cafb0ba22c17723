/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/*
 * Turns a query into its reply: header, question and, if the query had one, an OPT; sent back the way it came.
 *
 * The message is put together in scratch memory and its checksum computed anew, not updated: on virtual interfaces queries come with half a
 * checksum, left for hardware to complete. A reply is never longer than its query: what it holds, the query held.
 */
#pragma once

#include "maps.h"
#include "parse.h"

#define REPLY_TTL 64
/* What we say we take, as everywhere in Weir (DNS flag day 2020). */
#define OPT_PAYLOAD_SIZE 1232
#define OPT_DO 0x8000
#define MESSAGE_MAX (sizeof(struct dnshdr) + QUESTION_MAX + sizeof(struct opt))

/* RFC 6891 6.1.2 */
struct opt {
    __u8 name;
    __be16 type;
    __be16 payload_size;
    __u8 extended_rcode;
    __u8 version;
    __be16 flags;
    __be16 length;
} __attribute__((packed));

/* Whether the query has one OPT, directly behind its only question, of the version that there is. */
static __always_inline bool read_opt(struct xdp_md *context, __u32 offset, __u32 end, const struct dnshdr *header, struct opt *opt)
{
    return header->answers == 0 && header->authorities == 0 && header->additionals == bpf_htons(1)
        && offset + sizeof(*opt) <= end && load(context, offset, opt, sizeof(*opt)) == 0
        && opt->name == 0 && opt->type == bpf_htons(TYPE_OPT) && opt->version == 0
        && offset + sizeof(*opt) + bpf_ntohs(opt->length) <= end;
}

/* Replies go to one host from one host: nothing that came by multicast or broadcast, or from nowhere. */
static __always_inline bool is_unicast(struct xdp_md *ctx, const struct packet *packet)
{
    void *end = frame_end(ctx);
    struct ethhdr *eth = frame_start(ctx);
    if ((void *)(eth + 1) > end || (has_link_header && (eth->destination[0] | eth->source[0]) & 1))
        return false;
    if (packet->family == 4) {
        struct iphdr *ip = frame_at(ctx, packet->network);
        return (void *)(ip + 1) <= end && ip->source != 0 && bpf_ntohl(ip->source) >> 28 < 14
            && bpf_ntohl(ip->destination) >> 28 < 14;
    }
    struct ipv6hdr *ip = frame_at(ctx, packet->network);
    return (void *)(ip + 1) <= end && (packet->client.words[0] | packet->client.words[1]) != 0 && ip->source[0] != 0xff && ip->destination[0] != 0xff;
}

static __always_inline bool is_answerable(struct xdp_md *ctx, const struct packet *packet, const struct dnshdr *header)
{
    return !(header->flags & bpf_htons(DNS_QR)) /* answers are not answered, or two of us would do so for ever */
        && header->questions == bpf_htons(1)    /* "header and question" has no meaning for more */
        && !packet->has_extension               /* the reply would have to do without, and the frame to be moved */
        && packet->port != 0 && is_unicast(ctx, packet);
}

/* AA and AD are not ours to claim; RA is what the daemon says in answers of its own. */
static __always_inline __be16 reply_flags(__be16 query, __u16 result)
{
    __u16 flags = bpf_ntohs(query) & (DNS_OPCODE | DNS_RD | DNS_CD);
    return bpf_htons(flags | DNS_QR | (flags & DNS_RD ? DNS_RA : 0) | result);
}

/* Composes the message over the query's first bytes, zeros behind it for the checksum; returns its length. */
static __always_inline __u32 compose(struct xdp_md *ctx, __u32 offset, __u32 end, struct scratch *scratch, __u16 result)
{
    __u32 length = scratch->name_length + 4;
    struct opt opt;
    bool edns = read_opt(ctx, offset + sizeof(struct dnshdr) + length, end, &scratch->header, &opt);
    if (length > QUESTION_MAX)
        return 0;
    scratch->header.flags = reply_flags(scratch->header.flags, result);
    scratch->header.answers = scratch->header.authorities = 0;
    scratch->header.additionals = edns ? bpf_htons(1) : 0;
    __u8 *behind = (__u8 *)scratch->question + length;
    __builtin_memset(behind, 0, sizeof(opt) + 3);
    if (edns) {
        struct opt *reply = (struct opt *)behind;
        reply->type = bpf_htons(TYPE_OPT);
        reply->payload_size = bpf_htons(OPT_PAYLOAD_SIZE);
        reply->flags = opt.flags & bpf_htons(OPT_DO);
        length += sizeof(opt);
    }
    return sizeof(struct dnshdr) + length;
}

/* Ones' complement sum of 16 bits (RFC 1071). */
static __always_inline __u16 fold(__u64 sum)
{
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}

static __always_inline void turn_ethernet(struct ethhdr *eth)
{
    __u8 station[6];
    __builtin_memcpy(station, eth->source, 6);
    __builtin_memcpy(eth->source, eth->destination, 6);
    __builtin_memcpy(eth->destination, station, 6);
}

static __always_inline void turn_ipv4(struct iphdr *ip, __u32 udp_length)
{
    __be32 client = ip->source;
    ip->source = ip->destination;
    ip->destination = client;
    ip->tos = 0;
    ip->total_length = bpf_htons(sizeof(*ip) + udp_length);
    ip->ttl = REPLY_TTL;
    ip->checksum = 0;
    ip->checksum = fold(bpf_csum_diff(0, 0, (__be32 *)ip, sizeof(*ip), 0));
}

static __always_inline void turn_ipv6(struct ipv6hdr *ip, __u32 udp_length)
{
    __u8 client[16];
    __builtin_memcpy(client, ip->source, 16);
    __builtin_memcpy(ip->source, ip->destination, 16);
    __builtin_memcpy(ip->destination, client, 16);
    ip->version_class_flow = bpf_htonl(6 << 28);
    ip->payload_length = bpf_htons(udp_length);
    ip->hop_limit = REPLY_TTL;
}

/* `sum` is that of message and addresses; the rest of pseudo-header and header comes here (RFC 768, RFC 8200 8.1). */
static __always_inline void turn_udp(struct udphdr *udp, __u32 udp_length, __u64 sum, bool with_checksum)
{
    __be16 client = udp->source;
    udp->source = udp->destination;
    udp->destination = client;
    udp->length = bpf_htons(udp_length);
    sum += (__u64)udp->source + udp->destination + udp->length + udp->length + bpf_htons(IPPROTO_UDP);
    __u16 checksum = fold(sum);
    /* Zero says "none"; its other form says zero. */
    udp->checksum = !with_checksum ? 0 : checksum == 0 ? 0xffff : checksum;
}

/* Cuts the frame to its new length and turns all headers around. Returns whether it could; if not, nothing has changed. */
static __always_inline bool turn(struct xdp_md *ctx, const struct packet *packet, __u32 message, __u64 sum)
{
    __u32 udp_length = sizeof(struct udphdr) + message;
    __u32 frame = packet->transport + udp_length;
    if (bpf_xdp_adjust_tail(ctx, (int)frame - (int)bpf_xdp_get_buff_len(ctx)) < 0)
        return false;
    void *end = frame_end(ctx);
    struct ethhdr *eth = frame_start(ctx);
    struct udphdr *udp = frame_at(ctx, packet->transport);
    if ((void *)(eth + 1) > end || (void *)(udp + 1) > end)
        return false;
    if (packet->family == 4) {
        struct iphdr *ip = frame_at(ctx, packet->network);
        if ((void *)(ip + 1) > end)
            return false;
        turn_ipv4(ip, udp_length);
        sum += (__u64)ip->source + ip->destination;
        turn_udp(udp, udp_length, sum, udp->checksum != 0);
    } else {
        struct ipv6hdr *ip = frame_at(ctx, packet->network);
        if ((void *)(ip + 1) > end)
            return false;
        turn_ipv6(ip, udp_length);
        sum += (__u32)bpf_csum_diff(0, 0, (__be32 *)ip->source, 32, 0);
        turn_udp(udp, udp_length, sum, true);
    }
    if (has_link_header)
        turn_ethernet(eth);
    return true;
}

/*
 * Makes the frame the reply to the query whose question stands in scratch memory and whose message ends at `end`. `result` is TC or a response
 * code. Returns whether it could; if not, the frame is as it was. Verified by itself, as read_question is; hence the look at `packet`.
 */
__attribute__((noinline)) int reply(struct xdp_md *ctx, const struct packet *packet, __u32 end, __u16 result)
{
    struct scratch *scratch = scratch_memory();
    if (!packet || !scratch || !is_answerable(ctx, packet, &scratch->header))
        return false;
    __u32 offset = packet->transport + sizeof(struct udphdr);
    __u32 length = compose(ctx, offset, end, scratch, result);
    if (length < sizeof(struct dnshdr) + QUESTION_MIN || length > MESSAGE_MAX)
        return false;
    __u32 sum = bpf_csum_diff(0, 0, (__be32 *)&scratch->header, (length + 3) & ~3U, 0);
    return turn(ctx, packet, length, sum) && bpf_xdp_store_bytes(ctx, offset, &scratch->header, length) == 0;
}
