// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Refers to a variable of the kernel's configuration, which is outside the object: the loader must say so. */
#include "packet.h"

extern const int CONFIG_HZ __attribute__((section(".kconfig")));

SEC("xdp")
int ticks(struct xdp_md *ctx)
{
    return CONFIG_HZ;
}

char _license[] SEC("license") = "GPL";
