// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* A program for each kind of link. Each counts its runs, and those on packets write down in which order they ran. */
#include "packet.h"

__u64 runs = 0;
__u64 order = 0;
const volatile __u32 process = 0;

SEC("tcx/ingress")
int first(struct __sk_buff *skb)
{
    order = order * 10 + 1;
    return -1;
}

SEC("tcx/ingress")
int second(struct __sk_buff *skb)
{
    order = order * 10 + 2;
    return -1;
}

SEC("tcx/ingress")
int third(struct __sk_buff *skb)
{
    order = order * 10 + 3;
    return -1;
}

SEC("netkit/primary")
int from_primary(struct __sk_buff *skb)
{
    return 0;
}

/* Nobody connects to 127.0.0.77. */
SEC("cgroup/connect4")
int connect(struct bpf_sock_addr *address)
{
    __sync_fetch_and_add(&runs, 1);
    return address->user_ip4 != bpf_htonl(0x7f00004d);
}

SEC("cgroup_skb/egress")
int leaving(struct __sk_buff *skb)
{
    __sync_fetch_and_add(&runs, 1);
    return 1;
}

static __always_inline int count(void)
{
    if (bpf_get_current_pid_tgid() >> 32 == process)
        __sync_fetch_and_add(&runs, 1);
    return 0;
}

SEC("raw_tp/sys_enter")
int raw(void *context)
{
    return count();
}

SEC("kprobe/ksys_read")
int probe(void *context)
{
    return count();
}

SEC("kprobe.multi/ksys_read")
int probes(void *context)
{
    return count();
}

SEC("fentry/ksys_read")
int enter(void *context)
{
    return count();
}

SEC("tp_btf/sys_enter")
int typed(void *context)
{
    return count();
}

char _license[] SEC("license") = "Dual BSD/GPL";
