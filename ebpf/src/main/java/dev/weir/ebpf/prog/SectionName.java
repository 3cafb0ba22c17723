package dev.weir.ebpf.prog;

import java.util.HashMap;
import java.util.Map;

/**
 * What a program's ELF section says of it, by the convention that libbpf and cilium/ebpf share: {@code xdp}, {@code fentry/tcp_connect}.
 *
 * @param attachType {@code enum bpf_attach_type}
 * @param attachTo what follows the slash where it names something of the kernel, else empty
 * @see <a href="https://docs.kernel.org/bpf/libbpf/program_types.html">Program Types and ELF Sections</a>
 */
public record SectionName(ProgramType type, int attachType, int flags, String attachTo) {
    /** {@code BPF_XDP}. */
    public static final int ATTACH_XDP = 37;

    /** The program may sleep ({@code fentry.s}, {@code lsm.s}). Since Linux 5.10. */
    private static final int SLEEPABLE = 1 << 4;

    private static final Map<String, SectionName> KNOWN = new HashMap<>();

    static {
        add(ProgramType.XDP, AttachType.XDP, "xdp");
        add(ProgramType.XDP, AttachType.XDP_DEVMAP, "xdp/devmap");
        add(ProgramType.XDP, AttachType.XDP_CPUMAP, "xdp/cpumap");
        addFragmented("xdp.frags", AttachType.XDP);
        addFragmented("xdp.frags/devmap", AttachType.XDP_DEVMAP);
        addFragmented("xdp.frags/cpumap", AttachType.XDP_CPUMAP);
        add(ProgramType.SOCKET_FILTER, AttachType.NONE, "socket");
        add(ProgramType.SCHED_CLS, AttachType.NONE, "tc", "classifier");
        add(ProgramType.SCHED_CLS, AttachType.TCX_INGRESS, "tcx", "tcx/ingress");
        add(ProgramType.SCHED_CLS, AttachType.TCX_EGRESS, "tcx/egress");
        add(ProgramType.SCHED_CLS, AttachType.NETKIT_PRIMARY, "netkit", "netkit/primary");
        add(ProgramType.SCHED_CLS, AttachType.NETKIT_PEER, "netkit/peer");
        add(ProgramType.SCHED_ACT, AttachType.NONE, "action");
        add(
                ProgramType.KPROBE,
                AttachType.NONE,
                "kprobe",
                "kretprobe",
                "uprobe",
                "uretprobe",
                "ksyscall",
                "kretsyscall");
        add(ProgramType.KPROBE, AttachType.KPROBE_MULTI, "kprobe.multi", "kretprobe.multi");
        add(ProgramType.TRACEPOINT, AttachType.NONE, "tp", "tracepoint");
        add(ProgramType.RAW_TRACEPOINT, AttachType.NONE, "raw_tp", "raw_tracepoint");
        add(ProgramType.RAW_TRACEPOINT_WRITABLE, AttachType.NONE, "raw_tp.w", "raw_tracepoint.w");
        add(ProgramType.TRACING, AttachType.RAW_TRACEPOINT, "tp_btf");
        add(ProgramType.TRACING, AttachType.FENTRY, "fentry");
        add(ProgramType.TRACING, AttachType.FEXIT, "fexit");
        add(ProgramType.TRACING, AttachType.MODIFY_RETURN, "fmod_ret");
        add(ProgramType.TRACING, AttachType.ITERATOR, "iter");
        add(ProgramType.LSM, AttachType.LSM, "lsm");
        add(ProgramType.LSM, AttachType.LSM_CGROUP, "lsm_cgroup");
        add(ProgramType.EXT, AttachType.NONE, "freplace");
        add(ProgramType.PERF_EVENT, AttachType.NONE, "perf_event");
        add(ProgramType.SK_LOOKUP, AttachType.SK_LOOKUP, "sk_lookup");
        add(ProgramType.SK_REUSEPORT, AttachType.SK_REUSEPORT_SELECT, "sk_reuseport");
        add(ProgramType.SK_REUSEPORT, AttachType.SK_REUSEPORT_SELECT_OR_MIGRATE, "sk_reuseport/migrate");
        add(ProgramType.SK_SKB, AttachType.SK_SKB_STREAM_PARSER, "sk_skb/stream_parser");
        add(ProgramType.SK_SKB, AttachType.SK_SKB_STREAM_VERDICT, "sk_skb/stream_verdict");
        add(ProgramType.SK_SKB, AttachType.NONE, "sk_skb");
        add(ProgramType.SK_MSG, AttachType.SK_MSG_VERDICT, "sk_msg");
        add(ProgramType.SOCK_OPS, AttachType.CGROUP_SOCK_OPS, "sockops");
        add(ProgramType.FLOW_DISSECTOR, AttachType.FLOW_DISSECTOR, "flow_dissector");
        add(ProgramType.LWT_IN, AttachType.NONE, "lwt_in");
        add(ProgramType.LWT_OUT, AttachType.NONE, "lwt_out");
        add(ProgramType.LWT_XMIT, AttachType.NONE, "lwt_xmit");
        add(ProgramType.LWT_SEG6LOCAL, AttachType.NONE, "lwt_seg6local");
        add(ProgramType.LIRC_MODE2, AttachType.LIRC_MODE2, "lirc_mode2");
        add(ProgramType.SYSCALL, AttachType.NONE, "syscall");
        add(ProgramType.NETFILTER, AttachType.NETFILTER, "netfilter");
        add(ProgramType.CGROUP_SKB, AttachType.CGROUP_INET_INGRESS, "cgroup_skb", "cgroup/skb", "cgroup_skb/ingress");
        add(ProgramType.CGROUP_SKB, AttachType.CGROUP_INET_EGRESS, "cgroup_skb/egress");
        add(ProgramType.CGROUP_DEVICE, AttachType.CGROUP_DEVICE, "cgroup/dev");
        add(ProgramType.CGROUP_SYSCTL, AttachType.CGROUP_SYSCTL, "cgroup/sysctl");
        add(ProgramType.CGROUP_SOCKOPT, AttachType.CGROUP_GETSOCKOPT, "cgroup/getsockopt");
        add(ProgramType.CGROUP_SOCKOPT, AttachType.CGROUP_SETSOCKOPT, "cgroup/setsockopt");
        add(ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET_SOCK_CREATE, "cgroup/sock", "cgroup/sock_create");
        add(ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET_SOCK_RELEASE, "cgroup/sock_release");
        add(ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET4_POST_BIND, "cgroup/post_bind4");
        add(ProgramType.CGROUP_SOCK, AttachType.CGROUP_INET6_POST_BIND, "cgroup/post_bind6");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_BIND, "cgroup/bind4");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_BIND, "cgroup/bind6");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_CONNECT, "cgroup/connect4");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_CONNECT, "cgroup/connect6");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP4_SENDMSG, "cgroup/sendmsg4");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP6_SENDMSG, "cgroup/sendmsg6");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP4_RECVMSG, "cgroup/recvmsg4");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_UDP6_RECVMSG, "cgroup/recvmsg6");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_GETPEERNAME, "cgroup/getpeername4");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_GETPEERNAME, "cgroup/getpeername6");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET4_GETSOCKNAME, "cgroup/getsockname4");
        add(ProgramType.CGROUP_SOCK_ADDR, AttachType.CGROUP_INET6_GETSOCKNAME, "cgroup/getsockname6");
    }

    private static void add(ProgramType type, AttachType attachType, String... names) {
        for (String name : names) {
            KNOWN.put(name, new SectionName(type, attachType.number(), 0, ""));
        }
    }

    private static void addFragmented(String name, AttachType attachType) {
        KNOWN.put(name, new SectionName(ProgramType.XDP, attachType.number(), ProgramSpec.XDP_HAS_FRAGS, ""));
    }

    /** Reads a section's name such as {@code xdp}, {@code xdp/count} or {@code socket}; unknown ones give UNSPECIFIED. */
    public static SectionName of(String section) {
        String name = section.startsWith("?") ? section.substring(1) : section;
        SectionName whole = KNOWN.get(name);
        if (whole != null) {
            return whole;
        }
        int slash = name.indexOf('/');
        String kind = slash < 0 ? name : name.substring(0, slash);
        String rest = slash < 0 ? "" : name.substring(slash + 1);
        boolean sleepable = kind.endsWith(".s");
        SectionName known = KNOWN.get(sleepable ? kind.substring(0, kind.length() - 2) : kind);
        if (known == null) {
            return new SectionName(ProgramType.UNSPECIFIED, 0, 0, "");
        }
        return new SectionName(known.type, known.attachType, known.flags | (sleepable ? SLEEPABLE : 0), rest);
    }
}
