// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* The part of the kernel in the tests of CO-RE: only its types are used. */
#include "packet.h"

struct later {
    int x;
};

struct shape {
    __u64 head[5];                  /*  0 */
    __u64 widened;                  /* 40 */
    struct {
        union {
            __u32 moved;            /* 48 */
            __u32 other;
        };
    };
    __u32 lead : 3;                 /* 52 */
    __u32 bits : 7;
    __s16 list[6];                  /* 54 */
    __s8 tiny;                      /* 66 */
    struct later *next;             /* 72 */
};

enum colour {
    PURPLE = 7,
    GREEN = 20,
};

struct shape *shape;
struct later *later;
enum colour colour;

SEC("xdp")
int nothing(struct xdp_md *ctx)
{
    return shape && later && colour ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
