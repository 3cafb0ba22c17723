// SPDX-License-Identifier: (GPL-2.0 OR BSD-2-Clause)
/* Everything that the loader supports, in one object. */
#include "packet.h"

struct entry {
    __u64 packets;
    __u32 last;
    __u16 port;
    char label[6];
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 64);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, __u32);
    __type(value, struct entry);
} entries SEC(".maps");

struct lpm_key {
    __u32 prefix;
    __u8 address[4];
};

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(max_entries, 32);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct lpm_key);
    __type(value, __u32);
} networks SEC(".maps");

struct inner {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} inner_a SEC(".maps"), inner_b SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 4);
    __type(key, __u32);
    __array(values, struct inner);
} outer SEC(".maps") = { .values = { [0] = &inner_a, [2] = &inner_b } };

int tail_target(struct xdp_md *ctx);

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 2);
    __uint(key_size, sizeof(__u32));
    __array(values, int(void *));
} jumps SEC(".maps") = { .values = { [1] = (void *)&tail_target } };

struct {
    __uint(type, BPF_MAP_TYPE_XSKMAP);
    __uint(max_entries, 4);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, sizeof(__u32));
} sockets SEC(".maps");

const volatile __u32 verdict = XDP_PASS;
const volatile __u64 magic = 0x1122334455667788;
static volatile const char text[] = "constant text";
__u32 initialised = 7;
__u64 zeroed;

/* Global: the verifier looks at it on its own. */
__noinline int add_to_zeroed(__u64 amount)
{
    zeroed += amount;
    return 0;
}

/* Static, and calls another: both go along with each program that needs them. */
static __noinline __u32 twice(__u32 value)
{
    add_to_zeroed(value);
    return value * 2;
}

struct loop_context {
    __u32 sum;
};

static long add_up(__u32 index, struct loop_context *context)
{
    context->sum += index;
    return 0;
}

SEC("xdp")
int main_program(struct xdp_md *ctx)
{
    __u32 key = 1;
    struct entry *entry = bpf_map_lookup_elem(&entries, &key);
    if (entry)
        entry->packets += twice(initialised);
    initialised++;
    return verdict;
}

SEC("xdp/loop")
int looping(struct xdp_md *ctx)
{
    struct loop_context context = {};
    bpf_loop(5, add_up, &context, 0);
    return context.sum;
}

SEC("xdp/tail")
int tail_target(struct xdp_md *ctx)
{
    return XDP_TX;
}

SEC("xdp/jump")
int jump(struct xdp_md *ctx)
{
    bpf_tail_call(ctx, &jumps, 1);
    return XDP_ABORTED;
}

SEC("xdp/nested")
int nested(struct xdp_md *ctx)
{
    __u32 slot = 2, zero = 0, *value;
    void *inner = bpf_map_lookup_elem(&outer, &slot);
    if (!inner)
        return XDP_ABORTED;
    value = bpf_map_lookup_elem(inner, &zero);
    return value && *value == 42 ? XDP_DROP : XDP_PASS;
}

SEC("xdp/text")
int fifth_letter(struct xdp_md *ctx)
{
    return text[5] + (magic == 0x1122334455667788 ? 0 : 1);
}

SEC("xdp/grow")
int append(struct xdp_md *ctx)
{
    if (bpf_xdp_adjust_tail(ctx, 4))
        return XDP_ABORTED;
    void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
    if (data + 14 > end)
        return XDP_ABORTED;
    *(__u8 *)data = 0xee;
    return XDP_TX;
}

SEC("socket")
int keep_four(struct __sk_buff *skb)
{
    return 4;
}

char _license[] SEC("license") = "GPL";
