/* SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause) */
/*
 * Reading the question of a query (RFC 1035 4.1.2) into keys of the tables.
 *
 * A program defines CONTEXT, the type of its context, before it includes this; and after it how to read `length` bytes of its packet, 0 being
 * success:
 */
#pragma once

#include "packet.h"
#include "tables.h"

static long load(CONTEXT *context, __u32 offset, void *to, __u32 length);

/* RFC 1035 2.3.4 */
#define LABEL_MAX 63
/* A name of 255 bytes has 127 labels of one character. */
#define LABELS_MAX 127
/* Type and class behind the name */
#define QUESTION_MIN (1 + 4)
#define QUESTION_MAX (NAME_MAX + 4)

struct dnshdr {
    __be16 id;
    __be16 flags;
    __be16 questions;
    __be16 answers;
    __be16 authorities;
    __be16 additionals;
};

/* Bits of `flags` (RFC 1035 4.1.1, RFC 4035 3.1.6, 3.2.2). */
#define DNS_QR 0x8000
#define DNS_OPCODE 0x7800
#define DNS_TC 0x0200
#define DNS_RD 0x0100
#define DNS_RA 0x0080
#define DNS_CD 0x0010
#define DNS_RCODE_NXDOMAIN 3
#define DNS_RCODE_REFUSED 5

#define TYPE_OPT 41

/*
 * Where a message is taken apart: too large for the 512 bytes of stack. One per CPU; a program is not interrupted by itself.
 * `question` starts at a multiple of 8, so that names are handled in words.
 */
struct scratch {
    __u32 name_length; /* of the question's name, with the root; 0: no question has been read */
    __u16 type;        /* of the question */
    __u8 before[2];
    __u32 at; /* of walks that are verified without CAP_PERFMON */
    struct dnshdr header;
    __u64 question[36]; /* as it came: name, type, class; room for an OPT behind it */
    union {
        struct typed_name key;
        struct plain_name plain;
        __u64 words[33];
    } name;
    struct {
        __u8 before[2];
        __u32 prefix; /* from here on a struct suffix_key, its name at a multiple of 8 */
        __be16 type;
        __u64 name[41]; /* the verifier does not know that a last label fits: room for one more */
    } __attribute__((packed, aligned(8))) suffix;
};

static __always_inline void *suffix_key(struct scratch *scratch)
{
    return scratch->suffix.before + sizeof(scratch->suffix.before);
}

/* Maps are the program's to define. */
static struct scratch *scratch_memory(void);

/* Eight octets in lower case (RFC 4343), all at once; lengths of labels are below 'A' and stay. */
static __always_inline __u64 lower(__u64 octets)
{
    const __u64 each = 0x0101010101010101;
    __u64 low = octets & each * 0x7f;
    __u64 from_a = low + each * (0x80 - 'A');
    __u64 after_z = low + each * (0x7f - 'Z');
    __u64 upper = from_a & ~after_z & ~octets & each * 0x80;
    return octets | upper >> 2;
}

/*
 * Three walks over a name, of which the verifier needs different forms:
 *
 *     measure_name     its length, from the start of the question
 *     write_name       the key of the tables of names
 *     reverse_labels   the key of the trie of suffixes, which lower_labels completes
 */
#ifdef UNPRIVILEGED
#include "labels_unprivileged.h"
#else
#include "labels.h"
#endif

/*
 * Reads the header and first question of the message that starts at `offset` and ends at `end` into scratch memory; returns whether there is
 * one. Not static, like the other functions with a loop over a name: the verifier looks at such functions once, by themselves, and not again
 * for each way that leads to them and each length that a name can have.
 */
__attribute__((noinline)) int read_question(CONTEXT *context, __u32 offset, __u32 end)
{
    struct scratch *scratch = scratch_memory();
    __u32 start = offset + sizeof(struct dnshdr);
    if (!scratch || end < start + QUESTION_MIN)
        return false;
    __u32 available = end - start;
    if (available > QUESTION_MAX)
        available = QUESTION_MAX;
    if (load(context, offset, &scratch->header, sizeof(scratch->header) + available) < 0)
        return false;
    if (scratch->header.questions == 0)
        return false;
    if (!measure_name(scratch, available))
        return false;
    const __u8 *bytes = (const __u8 *)scratch->question;
    __u32 length = *(volatile __u32 *)&scratch->name_length;
    if (length > NAME_MAX || length + 4 > available) {
        scratch->name_length = 0;
        return false;
    }
    length = masked(scratch, length);
    scratch->type = bytes[length] << 8 | bytes[length + 1];
    write_name(scratch, length);
    return true;
}

/*
 * Makes the key of the trie of suffixes, of which `type` and `prefix` are still to be set: the labels in reverse order, lower case. The name
 * is the question's, at `name_offset` of the packet.
 */
__attribute__((noinline)) int write_suffix(CONTEXT *context, __u32 name_offset)
{
    struct scratch *scratch = scratch_memory();
    if (!scratch)
        return false;
    __u32 length = scratch->name_length;
    if (!reverse_labels(context, scratch, name_offset, length))
        return false;
    lower_labels(scratch, length);
    return true;
}

/* Bits of the trie's key that a name fills: its type and all octets but the root. */
static __always_inline __u32 suffix_bits(const struct scratch *scratch)
{
    return 16 + (scratch->name_length - 1) * 8;
}
