// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/*
 * The guard: drops, answers or passes queries before the kernel's network stack sees them. Linux 5.18 or newer (bpf_xdp_load_bytes).
 *
 *     frame -> sender -> address, range -> port -> question -> name, suffix -> rate -> verdict
 *
 * The first entry that matches decides, and counts if what it wants was done. What an entry says of a client holds for all it sends to our ports,
 * readable or not. Nothing is read that no entry asks for.
 */
#define CONTEXT struct xdp_md
#include "dns.h"

/* Whether 255 in the table of names means any type, as dnsdist before 2.0 writes it, and not ANY. */
const volatile __u8 any_is_255 = 0;
/* Whether a client that is to be answered gets through with what can't be answered: somebody behind the guard deals with it. */
const volatile __u8 pass_unanswerable = 0;

/* Whether there was a program on the device before. */
const volatile __u8 has_next = 0;

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

/* A client's entry wants an answer that can't be given: what was no question, or none in a form to be turned round, is no way in. */
static __always_inline enum counter refuse_entry(const struct match *match)
{
    count(COUNTER_UNANSWERABLE);
    if (pass_unanswerable)
        return COUNTER_PASSED;
    hit(match);
    return COUNTER_DROPPED;
}

/* Streams are not answered here. A truncated client is meant to come back by one. */
static __always_inline enum counter judge_stream(const struct match *match)
{
    return match->found && match->action != ACTION_TRUNCATE ? refuse_entry(match) : COUNTER_PASSED;
}

/* What exceeds a rate and is answered with TC=1, if it can be. */
static __always_inline enum counter slip(struct xdp_md *ctx, const struct packet *packet, __u32 end, bool has_question)
{
    return has_question && reply(ctx, packet, end, DNS_TC) ? COUNTER_TRUNCATED : COUNTER_DROPPED;
}

/* What becomes of a packet that is for us and that its client's entry, if it has one, does not settle. */
static __always_inline enum counter judge_datagram(
    struct xdp_md *ctx, const struct packet *packet, struct scratch *scratch, const struct questions *asked,
    struct bucket *bucket, struct match *match, bool is_readable)
{
    bool is_limited = false;
    if (!match->found && !is_question_wanted(asked)) { /* the rate alone decides, and only its slip is answered */
        is_limited = bucket && exceeds_rate(bucket, packet, match);
        if (!is_limited)
            return COUNTER_PASSED;
        if (match->action == ACTION_DROP)
            return COUNTER_DROPPED;
    }
    __u32 offset = packet->transport + sizeof(struct udphdr);
    __u32 end = is_readable && !packet->is_fragment ? message_end(ctx, packet) : 0;
    bool has_question = end && read_question(ctx, offset, end);
    if (!has_question && !packet->is_fragment)
        count(COUNTER_MALFORMED);
    if (is_limited)
        return slip(ctx, packet, end, has_question);
    if (has_question && !match->found)
        find_name(ctx, offset + sizeof(struct dnshdr), scratch, asked, match);
    __u16 result = reply_result(match->action);
    if (match->found && !result)
        return settle(match);
    if (match->found && has_question && reply(ctx, packet, end, result)) {
        hit(match);
        return answered(result);
    }
    if (match->found && !match->is_name)
        return refuse_entry(match);
    if (match->found) /* by its name: who is behind us has an answer */
        count(COUNTER_UNANSWERABLE);
    if (!bucket || !exceeds_rate(bucket, packet, match)) /* nobody wants anything of it */
        return COUNTER_PASSED;
    return match->action == ACTION_TRUNCATE ? slip(ctx, packet, end, has_question) : COUNTER_DROPPED;
}

/* The compiler would put two pointers together to see whether either is set, which the verifier takes for arithmetic. */
static __always_inline bool is_set(const void *pointer)
{
    __u64 set = pointer != 0;
    asm volatile("" : "+r"(set));
    return set;
}

static __always_inline enum counter judge(
    struct xdp_md *ctx, struct packet *packet, const struct settings *now, const struct occupied *occupied,
    bool is_sampled)
{
    struct match match = {};
    struct bucket *bucket = 0;
    find_client(packet, occupied, &match);
    if (!match.found)
        bucket = find_bucket(packet);
    struct questions asked = {
        .names = occupied->tables[COUNTED_QNAMES], .suffixes = !now->no_suffixes, .is_told = is_sampled};
    if (!is_set(match.hits) && !is_set(bucket) && !is_question_wanted(&asked))
        return COUNTER_PASSED;
    struct scratch *scratch = scratch_memory();
    if (!scratch)
        return COUNTER_PASSED;
    scratch->name_length = 0;
    enum parsed parsed = parse_transport(ctx, packet);
    if (parsed == PARSED_OTHER)
        return COUNTER_PASSED;
    enum counter outcome;
    if (match.found && !reply_result(match.action))
        outcome = settle(&match);
    else if (parsed == PARSED_OURS && packet->protocol == IPPROTO_TCP)
        outcome = judge_stream(&match);
    else
        outcome = judge_datagram(ctx, packet, scratch, &asked, bucket, &match, parsed == PARSED_OURS);
    if (is_sampled)
        tell(ctx, packet, scratch, outcome);
    return outcome;
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

SEC("xdp.frags")
int guard(struct xdp_md *ctx)
{
    struct packet packet = {};
    enum counter outcome = COUNTER_PASSED;
    __u32 key = 0;
    const struct settings *now = bpf_map_lookup_elem(&settings, &key);
    const struct occupied *occupied = occupied_tables();
    count(COUNTER_SEEN);
    if (now && occupied && parse_network(ctx, &packet))
        outcome = judge(ctx, &packet, now, occupied, is_sampled(now));
    count(outcome);
    int verdict = verdict_of(outcome);
    if (has_next && verdict == XDP_PASS)
        bpf_tail_call(ctx, &next, 0);
    return verdict;
}

char _license[] SEC("license") = "Dual BSD/GPL";
