// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Traffic control: lets no UDP packet for one port into the device. */
#include "packet.h"

/* What programs answer (TCX_*), which older kernel headers do not have. */
#define NEXT -1
#define DROP 2

const volatile __u16 closed_port = 0;
__u64 dropped = 0;

SEC("tcx/ingress")
int close_port(struct __sk_buff *skb)
{
    struct ethhdr eth;
    struct iphdr ip;
    __be16 port;
    if (bpf_skb_load_bytes(skb, 0, &eth, sizeof eth) < 0 || eth.protocol != bpf_htons(ETH_P_IP))
        return NEXT;
    if (bpf_skb_load_bytes(skb, sizeof eth, &ip, sizeof ip) < 0 || ip.protocol != IPPROTO_UDP)
        return NEXT;
    __u32 header = (ip.version_and_length & 0xf) * 4;
    if (bpf_skb_load_bytes(skb, sizeof eth + header + 2, &port, sizeof port) < 0 || bpf_ntohs(port) != closed_port)
        return NEXT;
    __sync_fetch_and_add(&dropped, 1);
    return DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
