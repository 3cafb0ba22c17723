// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* A filter for a UDP socket: drops what comes from one source port. */
#include "packet.h"

const volatile __u16 blocked_port = 0;
__u64 dropped = 0;

SEC("socket")
int block(struct __sk_buff *skb)
{
    __be16 source;
    if (bpf_skb_load_bytes(skb, 0, &source, sizeof source) < 0)
        return 0;
    if (bpf_ntohs(source) == blocked_port) {
        __sync_fetch_and_add(&dropped, 1);
        return 0;
    }
    return skb->len;
}

char _license[] SEC("license") = "Dual BSD/GPL";
