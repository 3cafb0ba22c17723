package dev.weir.ebpf.prog;

import org.jspecify.annotations.Nullable;

/**
 * The types of programs, with the first kernel that has them. The constants are {@code enum bpf_prog_type} without BPF_PROG_TYPE_. Socket
 * filters and XDP are attached by this toolkit; the others can be loaded, tested and pinned.
 */
public enum ProgramType {
    UNSPECIFIED(0, "3.19"),
    SOCKET_FILTER(1, "3.19"),
    KPROBE(2, "4.1"),
    SCHED_CLS(3, "4.1"),
    SCHED_ACT(4, "4.1"),
    TRACEPOINT(5, "4.7"),
    XDP(6, "4.8"),
    PERF_EVENT(7, "4.9"),
    CGROUP_SKB(8, "4.10"),
    CGROUP_SOCK(9, "4.10"),
    LWT_IN(10, "4.10"),
    LWT_OUT(11, "4.10"),
    LWT_XMIT(12, "4.10"),
    SOCK_OPS(13, "4.13"),
    SK_SKB(14, "4.14"),
    CGROUP_DEVICE(15, "4.15"),
    SK_MSG(16, "4.17"),
    RAW_TRACEPOINT(17, "4.17"),
    CGROUP_SOCK_ADDR(18, "4.17"),
    LWT_SEG6LOCAL(19, "4.18"),
    LIRC_MODE2(20, "4.18"),
    SK_REUSEPORT(21, "4.19"),
    FLOW_DISSECTOR(22, "4.20"),
    CGROUP_SYSCTL(23, "5.2"),
    RAW_TRACEPOINT_WRITABLE(24, "5.2"),
    CGROUP_SOCKOPT(25, "5.3"),
    TRACING(26, "5.5"),
    STRUCT_OPS(27, "5.6"),
    EXT(28, "5.6"),
    LSM(29, "5.7"),
    SK_LOOKUP(30, "5.9"),
    SYSCALL(31, "5.14"),
    NETFILTER(32, "6.4");

    private final int number;
    private final String minimumKernel;

    ProgramType(int number, String minimumKernel) {
        this.number = number;
        this.minimumKernel = minimumKernel;
    }

    /** Returns the type with a number of {@code enum bpf_prog_type}, null if it is newer than this list. */
    public static @Nullable ProgramType ofNumber(int number) {
        ProgramType[] all = values();
        return number >= 0 && number < all.length ? all[number] : null;
    }

    /** Returns a name for any number, as bpftool writes it: {@code socket_filter}. */
    public static String nameOf(int number) {
        ProgramType type = ofNumber(number);
        return type == null ? "type " + number : type.toString();
    }

    public int number() {
        return number;
    }

    public String minimumKernel() {
        return minimumKernel;
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
