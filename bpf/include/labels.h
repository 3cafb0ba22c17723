/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/* Walks over names for programs that are verified with CAP_PERFMON: part of dns.h. */
#pragma once

static __always_inline __u32 masked(struct scratch *scratch, __u32 index)
{
    return index;
}

/*
 * Measures the name at the start of the question, the root included: into memory, of which the verifier remembers nothing, so that it does not
 * go on with each length by itself. Returns false if it is none: it runs out of the message, is too long, or is compressed, which the first
 * name of a message can't be.
 */
static __always_inline bool measure_name(struct scratch *scratch, __u32 available)
{
    const __u8 *question = (const __u8 *)scratch->question;
    __u32 at = 0;
#pragma clang loop unroll(disable)
    for (int i = 0; i <= LABELS_MAX; i++) {
        if (at >= available || at >= NAME_MAX)
            return false;
        __u8 label = question[at];
        at += label + 1;
        if (label == 0) {
            scratch->name_length = at;
            return true;
        }
        if (label > LABEL_MAX)
            return false;
    }
    return false;
}

/* The key of the tables of names: lower case, zeros behind the root. The mask is for little endian, the one order that Weir is built for. */
static __always_inline void write_name(struct scratch *scratch, __u32 length)
{
    __builtin_memset(scratch->name.words, 0, sizeof(scratch->name.words));
#pragma clang loop unroll(disable)
    for (__u32 i = 0; i < (NAME_MAX + 7) / 8; i++) {
        __u32 start = i * 8;
        if (start >= length)
            break;
        __u64 mask = length - start >= 8 ? ~0ULL : (1ULL << (length - start) * 8) - 1;
        scratch->name.words[i] = lower(scratch->question[i]) & mask;
    }
}

/* The name's labels in reverse order, as they are in the packet. Returns false if they can't be read. */
static __always_inline bool reverse_labels(CONTEXT *context, struct scratch *scratch, __u32 name_offset, __u32 length)
{
    const __u8 *name = (const __u8 *)scratch->question;
    __u8 *reversed = (__u8 *)scratch->suffix.name;
    __u32 at = 0;
    for (int i = 0; i < LABELS_MAX; i++) {
        if (at >= NAME_MAX)
            break;
        __u32 size = name[at] + 1;
        __u32 to = length - 1 - at - size;
        if (size == 1 || size > LABEL_MAX + 1 || to >= NAME_MAX - 1)
            break;
        if (load(context, name_offset + at, reversed + to, size) < 0)
            return false;
        at += size;
    }
    return true;
}

static __always_inline void lower_labels(struct scratch *scratch, __u32 length)
{
#pragma clang loop unroll(disable)
    for (__u32 i = 0; i < NAME_MAX / 8 + 1; i++) {
        if (i * 8 >= length)
            break;
        scratch->suffix.name[i] = lower(scratch->suffix.name[i]);
    }
}
