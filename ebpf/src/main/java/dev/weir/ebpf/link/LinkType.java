package dev.weir.ebpf.link;

import java.util.Locale;

/** The kinds of links: {@code enum bpf_link_type} without its prefix. */
public enum LinkType {
    /** Newer than this list. */
    UNKNOWN,
    RAW_TRACEPOINT,
    TRACING,
    CGROUP,
    ITER,
    NETNS,
    XDP,
    PERF_EVENT,
    KPROBE_MULTI,
    STRUCT_OPS,
    NETFILTER,
    TCX,
    UPROBE_MULTI,
    NETKIT,
    SOCKMAP;

    /** Returns the kind with a number. */
    public static LinkType ofNumber(int number) {
        LinkType[] all = values();
        return number >= 0 && number < all.length ? all[number] : UNKNOWN;
    }

    /** Returns the number of {@code enum bpf_link_type}. */
    public int number() {
        return ordinal();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
