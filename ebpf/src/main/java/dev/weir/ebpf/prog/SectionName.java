package dev.weir.ebpf.prog;

/**
 * What a program's ELF section says of it, by the convention that libbpf and cilium/ebpf share.
 *
 * @param attachType {@code enum bpf_attach_type}
 * @see <a href="https://docs.kernel.org/bpf/libbpf/program_types.html">Program Types and ELF Sections</a>
 */
public record SectionName(ProgramType type, int attachType, int flags) {
    /** {@code BPF_XDP}. */
    public static final int ATTACH_XDP = 37;

    private static final int BPF_CGROUP_INET_INGRESS = 0;
    private static final int BPF_CGROUP_INET_EGRESS = 1;
    private static final int BPF_SK_LOOKUP = 36;
    private static final int BPF_SK_REUSEPORT_SELECT = 39;
    private static final int BPF_XDP_DEVMAP = 33;
    private static final int BPF_XDP_CPUMAP = 35;

    /** Reads a section's name such as {@code xdp}, {@code xdp/count} or {@code socket}; unknown ones give UNSPECIFIED. */
    public static SectionName of(String section) {
        String name = section.startsWith("?") ? section.substring(1) : section;
        int slash = name.indexOf('/');
        String kind = slash < 0 ? name : name.substring(0, slash);
        return switch (kind) {
            case "xdp" ->
                switch (name) {
                    case "xdp/devmap" -> plain(ProgramType.XDP, BPF_XDP_DEVMAP);
                    case "xdp/cpumap" -> plain(ProgramType.XDP, BPF_XDP_CPUMAP);
                    default -> plain(ProgramType.XDP, ATTACH_XDP);
                };
            case "xdp.frags" -> new SectionName(ProgramType.XDP, ATTACH_XDP, ProgramSpec.XDP_HAS_FRAGS);
            case "socket" -> plain(ProgramType.SOCKET_FILTER, 0);
            case "tc", "classifier", "tcx" -> plain(ProgramType.SCHED_CLS, 0);
            case "action" -> plain(ProgramType.SCHED_ACT, 0);
            case "kprobe", "kretprobe", "uprobe", "uretprobe" -> plain(ProgramType.KPROBE, 0);
            case "tp", "tracepoint" -> plain(ProgramType.TRACEPOINT, 0);
            case "raw_tp", "raw_tracepoint" -> plain(ProgramType.RAW_TRACEPOINT, 0);
            case "perf_event" -> plain(ProgramType.PERF_EVENT, 0);
            case "cgroup_skb" ->
                plain(
                        ProgramType.CGROUP_SKB,
                        name.equals("cgroup_skb/egress") ? BPF_CGROUP_INET_EGRESS : BPF_CGROUP_INET_INGRESS);
            case "sk_lookup" -> plain(ProgramType.SK_LOOKUP, BPF_SK_LOOKUP);
            case "sk_reuseport" -> plain(ProgramType.SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT);
            case "syscall" -> plain(ProgramType.SYSCALL, 0);
            case "flow_dissector" -> plain(ProgramType.FLOW_DISSECTOR, 0);
            default -> plain(ProgramType.UNSPECIFIED, 0);
        };
    }

    private static SectionName plain(ProgramType type, int attachType) {
        return new SectionName(type, attachType, 0);
    }
}
