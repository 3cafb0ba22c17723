// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* A tracepoint: counts by name which files one process opens. */
#include "packet.h"

/* As /sys/kernel/tracing/events/syscalls/sys_enter_openat/format describes it. */
struct openat {
    __u64 common;
    __s64 number;
    __s64 directory;
    const char *name;
};

struct path {
    char name[64];
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 1024);
    __type(key, struct path);
    __type(value, __u64);
} opened SEC(".maps");

const volatile __u32 process = 0;

SEC("tracepoint/syscalls/sys_enter_openat")
int count_opens(struct openat *call)
{
    if (bpf_get_current_pid_tgid() >> 32 != process)
        return 0;
    struct path path = {};
    __u64 one = 1;
    if (bpf_probe_read_user_str(path.name, sizeof path.name, call->name) < 0)
        return 0;
    __u64 *count = bpf_map_lookup_elem(&opened, &path);
    if (count)
        __sync_fetch_and_add(count, 1);
    else
        bpf_map_update_elem(&opened, &path, &one, BPF_ANY);
    return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
