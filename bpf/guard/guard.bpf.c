// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/*
 * The guard: drops, answers or passes queries before the kernel's network stack sees them. Linux 5.18 or newer (bpf_xdp_load_bytes).
 *
 *     frame -> parse -> address, range -> question -> name, suffix -> rate -> verdict
 *
 * The first entry that matches decides, and counts if what it wants was done. What can't be read, or can't be answered, is passed: user space
 * knows what to do with it.
 */
#define CONTEXT struct xdp_md
#include "dns.h"

/* UDP and TCP ports that queries come to, a bit each; user space sets them. */
const volatile __u64 ports[65536 / 64] = {1ULL << 53};
/* Whether 255 in the table of names means any type, as dnsdist before 2.0 writes it, and not ANY. */
const volatile __u8 any_is_255 = 0;

#include "event.h"
#include "find.h"
#include "maps.h"
#include "parse.h"
#include "rate.h"
#include "reply.h"

static __always_inline long load(struct xdp_md *context, __u32 offset, void *to, __u32 length)
{
    return bpf_xdp_load_bytes(context, offset, to, length);
}

static __always_inline enum counter pass_because(enum counter reason)
{
    count(reason);
    return COUNTER_PASSED;
}

/* Actions that need no answer, and those that nobody knows; counts a hit for the former. */
static __always_inline enum counter settle(const struct match *match)
{
    switch (match->action) {
    case ACTION_PASS: /* an entry lets this packet through, whatever wider entries say */
        hit(match);
        return pass_because(COUNTER_ALLOWED);
    case ACTION_DROP: /* an entry, or the rate of the prefix, says so */
        hit(match);
        return COUNTER_DROPPED;
    default: /* from a version to come: passing is the one thing that is never wrong for long */
        return pass_because(COUNTER_UNKNOWN_ACTION);
    }
}

/* What a reply says besides QR: TC or a response code; 0 for actions without a reply. */
static __always_inline __u16 reply_result(__u8 action)
{
    switch (action) {
    case ACTION_TRUNCATE:
        return DNS_TC;
    case ACTION_REFUSED:
        return DNS_RCODE_REFUSED;
    case ACTION_NXDOMAIN:
        return DNS_RCODE_NXDOMAIN;
    default:
        return 0;
    }
}

static __always_inline enum counter answered(__u16 result)
{
    return result == DNS_TC ? COUNTER_TRUNCATED : result == DNS_RCODE_REFUSED ? COUNTER_REFUSED : COUNTER_NXDOMAIN;
}

/* What becomes of a whole UDP packet that the client's own entry, if it has one, does not settle. */
static __always_inline enum counter judge_query(
    struct xdp_md *ctx, const struct packet *packet, struct scratch *scratch, struct match *match)
{
    __u32 offset = packet->transport + sizeof(struct udphdr);
    __u32 end = packet->transport + udp_length(ctx, packet);
    /* Not a DNS query, or none with a question to look for: user space counts it and says FORMERR or nothing. */
    if (end > packet->end || !read_question(ctx, offset, end))
        return pass_because(COUNTER_MALFORMED);
    if (!match->found)
        find_name(ctx, offset + sizeof(struct dnshdr), scratch, match);
    if (!match->found && !exceeds_rate(packet, match)) /* nobody wants anything of this query */
        return COUNTER_PASSED;
    __u16 result = reply_result(match->action);
    if (!result)
        return settle(match);
    if (reply(ctx, packet, end, result)) {
        hit(match);
        return answered(result);
    }
    if (match->is_rate) /* over the rate without a way to say TC=1 */
        return COUNTER_DROPPED;
    return pass_because(COUNTER_UNANSWERABLE);
}

/* What becomes of a packet, done: the reply stands in the frame if it is to be sent. */
static __always_inline enum counter judge(struct xdp_md *ctx, const struct packet *packet, struct scratch *scratch)
{
    struct match match = {};
    find_client(packet, &match);
    if (match.found && !reply_result(match.action))
        return settle(&match);
    /* Streams and fragments are never answered, and hold no question that could be read: over TCP a truncated client comes back. */
    if (packet->protocol != IPPROTO_UDP || packet->is_fragment)
        return COUNTER_PASSED;
    return judge_query(ctx, packet, scratch, &match);
}

static __always_inline int verdict_of(enum counter outcome)
{
    switch (outcome) {
    case COUNTER_PASSED:
        return XDP_PASS;
    case COUNTER_DROPPED:
        return XDP_DROP;
    default: /* the frame has become a reply */
        return XDP_TX;
    }
}

static __always_inline enum counter judge_and_tell(struct xdp_md *ctx, const struct packet *packet)
{
    struct scratch *scratch = scratch_memory();
    if (!scratch)
        return COUNTER_PASSED;
    scratch->name_length = 0;
    enum counter outcome = judge(ctx, packet, scratch);
    tell(ctx, packet, scratch, outcome);
    return outcome;
}

SEC("xdp")
int guard(struct xdp_md *ctx)
{
    struct packet packet = {};
    enum counter outcome = COUNTER_PASSED;
    count(COUNTER_SEEN);
    switch (parse(ctx, &packet)) {
    case PARSED_OURS:
        outcome = judge_and_tell(ctx, &packet);
        break;
    case PARSED_MALFORMED: /* the network stack drops it, and counts it where people look for such things */
        count(COUNTER_MALFORMED);
        break;
    case PARSED_OTHER: /* none of our business */
        break;
    }
    count(outcome);
    return verdict_of(outcome);
}

char _license[] SEC("license") = "Dual BSD/GPL";
