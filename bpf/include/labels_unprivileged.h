/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/*
 * Walks over names for programs that are verified without CAP_PERFMON: part of dns.h. There, one instruction may add to a pointer only what the
 * verifier knows equally little about each time, and a loop is also walked past its end, as a processor may that guesses wrong. So the loops are
 * bpf_loop callbacks (Linux 5.17), their position comes from memory, of which the verifier knows nothing, and each index has a mask.
 */
#pragma once

static __always_inline __u32 masked(struct scratch *scratch, __u32 index)
{
    *(volatile __u32 *)&scratch->at = index;
    return *(volatile __u32 *)&scratch->at & 0xff;
}

struct walk {
    CONTEXT *context;
    struct scratch *scratch;
    __u32 limit; /* octets that are there, or the name's length */
    __u32 name_offset; /* in the packet */
    bool is_done;
};

static long measure_label(__u32 index, struct walk *walk)
{
    struct scratch *scratch = walk->scratch;
    const __u8 *question = (const __u8 *)scratch->question;
    __u32 at = *(volatile __u32 *)&scratch->at;
    if (at >= walk->limit || at >= NAME_MAX)
        return 1;
    __u8 label = question[masked(scratch, at)];
    at += label + 1;
    if (label == 0) {
        scratch->name_length = at;
        walk->is_done = true;
        return 1;
    }
    scratch->at = at;
    return label > LABEL_MAX;
}

/* Measures the name at the start of the question, the root included. Returns false if it is none. */
static __always_inline bool measure_name(struct scratch *scratch, __u32 available)
{
    struct walk walk = {.scratch = scratch, .limit = available};
    scratch->at = 0;
    bpf_loop(LABELS_MAX + 1, measure_label, &walk, 0);
    return walk.is_done;
}

static long write_word(__u32 index, struct walk *walk)
{
    struct scratch *scratch = walk->scratch;
    __u32 i = masked(scratch, index) & 31;
    __u32 start = i * 8;
    __u32 length = walk->limit;
    __u64 mask = start >= length ? 0 : length - start >= 8 ? ~0ULL : (1ULL << (length - start) * 8) - 1;
    scratch->name.words[i] = lower(scratch->question[i]) & mask;
    return 0;
}

/* The key of the tables of names: lower case, zeros behind the root. */
static __always_inline void write_name(struct scratch *scratch, __u32 length)
{
    struct walk walk = {.scratch = scratch, .limit = length};
    __builtin_memset(scratch->name.words, 0, sizeof(scratch->name.words));
    bpf_loop((NAME_MAX + 7) / 8, write_word, &walk, 0);
}

static long reverse_label(__u32 index, struct walk *walk)
{
    struct scratch *scratch = walk->scratch;
    const __u8 *name = (const __u8 *)scratch->question;
    __u32 at = *(volatile __u32 *)&scratch->at;
    if (at >= NAME_MAX)
        return 1;
    __u32 size = name[masked(scratch, at)] + 1;
    __u32 to = walk->limit - 1 - at - size;
    if (size == 1 || size > LABEL_MAX + 1 || to >= NAME_MAX - 1)
        return 1;
    if (load(walk->context, walk->name_offset + at, (__u8 *)scratch->suffix.name + masked(scratch, to), size) < 0) {
        walk->is_done = false;
        return 1;
    }
    scratch->at = at + size;
    return 0;
}

/* The name's labels in reverse order, as they are in the packet. Returns false if they can't be read. */
static __always_inline bool reverse_labels(CONTEXT *context, struct scratch *scratch, __u32 name_offset, __u32 length)
{
    struct walk walk = {.context = context, .scratch = scratch, .limit = length, .name_offset = name_offset, .is_done = true};
    scratch->at = 0;
    bpf_loop(LABELS_MAX, reverse_label, &walk, 0);
    return walk.is_done;
}

static long lower_word(__u32 index, struct scratch **scratch)
{
    __u32 i = masked(*scratch, index) & 31;
    (*scratch)->suffix.name[i] = lower((*scratch)->suffix.name[i]);
    return 0;
}

static __always_inline void lower_labels(struct scratch *scratch, __u32 length)
{
    bpf_loop(NAME_MAX / 8 + 1, lower_word, &scratch, 0);
}
