// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Asks everything that CO-RE relocations can ask, of types that core_kernel.bpf.c has in another shape. */
#include "packet.h"
#include <bpf/bpf_core_read.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct later;

struct shape {
    int gone;
    __u32 moved;
    __u32 widened;
    __s16 list[4];
    int tiny;
    __u32 bits : 5;
    struct later *next;
};

struct shape___old {
    __u32 moved;
};

struct absent {
    int x;
};

#pragma clang attribute pop

enum colour {
    RED = 1,
    GREEN = 2,
    NO_COLOUR = 3,
};

__u64 results[32];
char memory[128];

SEC("xdp")
int ask(struct xdp_md *ctx)
{
    struct shape *shape = (void *)memory;
    struct shape___old *old = (void *)memory;
    results[0] = bpf_core_field_exists(shape->gone);
    results[1] = bpf_core_field_exists(shape->moved);
    results[2] = __builtin_preserve_field_info(shape->moved, BPF_FIELD_BYTE_OFFSET);
    results[3] = bpf_core_field_size(shape->widened);
    results[4] = __builtin_preserve_field_info(shape->tiny, BPF_FIELD_SIGNED);
    results[5] = __builtin_preserve_field_info(shape->list[2], BPF_FIELD_BYTE_OFFSET);
    results[6] = __builtin_preserve_field_info(shape->bits, BPF_FIELD_BYTE_OFFSET);
    results[7] = __builtin_preserve_field_info(shape->bits, BPF_FIELD_BYTE_SIZE);
    results[8] = __builtin_preserve_field_info(shape->bits, BPF_FIELD_LSHIFT_U64);
    results[9] = __builtin_preserve_field_info(shape->bits, BPF_FIELD_RSHIFT_U64);
    results[10] = bpf_core_type_exists(struct absent);
    results[11] = bpf_core_type_exists(struct shape);
    results[12] = bpf_core_type_size(struct shape);
    results[13] = bpf_core_enum_value_exists(enum colour, NO_COLOUR);
    results[14] = bpf_core_enum_value(enum colour, GREEN);
    results[15] = bpf_core_type_id_local(struct shape);
    results[16] = bpf_core_type_id_kernel(struct shape);
    results[17] = __builtin_preserve_field_info(old->moved, BPF_FIELD_BYTE_OFFSET);
    results[18] = bpf_core_type_size(struct absent);
    results[19] = shape->widened;
    results[20] = shape->moved;
    return XDP_PASS;
}

/* What is not there may stand where the program does not come to. */
SEC("xdp")
int guarded(struct xdp_md *ctx)
{
    struct shape *shape = (void *)memory;
    return bpf_core_field_exists(shape->gone) ? shape->gone : XDP_DROP;
}

SEC("xdp")
int unguarded(struct xdp_md *ctx)
{
    struct shape *shape = (void *)memory;
    return shape->gone;
}

/* A signed number of another size would be read wrongly. */
SEC("xdp")
int narrowed(struct xdp_md *ctx)
{
    struct shape *shape = (void *)memory;
    return shape->tiny;
}

SEC("xdp")
int no_such_constant(struct xdp_md *ctx)
{
    return bpf_core_enum_value(enum colour, NO_COLOUR);
}

char _license[] SEC("license") = "GPL";
