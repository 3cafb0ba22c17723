// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Leaves a name open, for whoever loads it. */
#include "packet.h"

SEC("xdp")
int asks(struct xdp_md *ctx)
{
    int answer;
    asm("%0 = THE_ANSWER ll" : "=r"(answer));
    return answer;
}

char _license[] SEC("license") = "GPL";
