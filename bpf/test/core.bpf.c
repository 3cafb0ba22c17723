// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Needs the running kernel's types (CO-RE), which the loader does not do: it must say so. */
#include "packet.h"

struct task_struct {
    int pid;
} __attribute__((preserve_access_index));

SEC("raw_tp/sched_switch")
int switched(struct bpf_raw_tracepoint_args *ctx)
{
    struct task_struct *task = (void *)ctx->args[1];
    int pid;
    bpf_probe_read_kernel(&pid, sizeof pid, &task->pid);
    return pid;
}

char _license[] SEC("license") = "GPL";
