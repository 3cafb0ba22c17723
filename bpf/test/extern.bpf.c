// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Refers to what the running kernel has: settings of its build, variables, functions and types. */
#include "packet.h"
#include <bpf/bpf_core_read.h>

struct task_struct {
    int tgid;
} __attribute__((preserve_access_index));

struct rq {
    int cpu;
} __attribute__((preserve_access_index));

extern const int CONFIG_HZ __kconfig;
extern const _Bool CONFIG_BPF_SYSCALL __kconfig;
extern const char CONFIG_DEFAULT_HOSTNAME[16] __kconfig;
extern const int LINUX_KERNEL_VERSION __kconfig;
extern const unsigned long long CONFIG_THAT_NEVER_WAS __kconfig __weak;

extern const struct rq runqueues __ksym;
extern const struct rq runqueues_that_never_were __ksym __weak;
extern const void ksys_read __ksym;
extern const void no_symbol_of_any_kernel __ksym __weak;

__u64 results[16];

SEC("xdp")
int settings(struct xdp_md *ctx)
{
    results[0] = CONFIG_HZ;
    results[1] = CONFIG_BPF_SYSCALL;
    results[2] = CONFIG_DEFAULT_HOSTNAME[0] << 8 | CONFIG_DEFAULT_HOSTNAME[1];
    results[3] = LINUX_KERNEL_VERSION;
    results[4] = CONFIG_THAT_NEVER_WAS;
    return XDP_PASS;
}

SEC("xdp")
int symbols(struct xdp_md *ctx)
{
    results[1] = (__u64)&ksys_read;
    results[2] = (__u64)&no_symbol_of_any_kernel;
    results[3] = (__u64)&runqueues_that_never_were;
    return XDP_PASS;
}

SEC("xdp")
int run_queue(struct xdp_md *ctx)
{
    const struct rq *rq = bpf_per_cpu_ptr(&runqueues, 0);
    results[0] = rq ? rq->cpu + 100 : 0;
    return XDP_PASS;
}

SEC("xdp")
int types(struct xdp_md *ctx)
{
    struct task_struct *task = (void *)bpf_get_current_task();
    results[0] = BPF_CORE_READ(task, tgid);
    results[1] = bpf_get_current_pid_tgid() >> 32;
    return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
