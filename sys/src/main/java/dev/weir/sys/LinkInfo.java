package dev.weir.sys;

import static dev.weir.sys.StructFields.padding;
import static dev.weir.sys.StructFields.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * What BPF_OBJ_GET_INFO_BY_FD says of a link: what all kinds share, and where it is attached.
 *
 * <pre>{@code
 * struct bpf_link_info {
 *     __u32 type;     //  0  enum bpf_link_type
 *     __u32 id;       //  4
 *     __u32 prog_id;  //  8
 *     union {
 *         struct { __u32 ifindex; } xdp;                                          // 16  0 once the device is gone
 *         struct { __u32 ifindex; __u32 attach_type; } tcx, netkit;               // 16
 *         struct { __u64 cgroup_id; __u32 attach_type; } cgroup;                  // 16
 *         struct { __u32 netns_ino; __u32 attach_type; } netns;                   // 16
 *         struct { __u32 attach_type; __u32 target_obj_id; __u32 target_btf_id; } tracing;  // 16
 *     };
 * };
 * }</pre>
 *
 * @param interfaceIndex the device of an XDP, tcx or netkit link, 0 if it is gone or the link is of another kind
 * @param attachType {@code enum bpf_attach_type}, -1 where the kernel does not say
 * @param cgroupId of a link on a cgroup, else 0
 * @param targetBtfId the function or tracepoint of a tracing link, a number in the kernel's types, else 0
 */
public record LinkInfo(
        int type, int id, int programId, int interfaceIndex, int attachType, long cgroupId, int targetBtfId) {
    /** {@code BPF_LINK_TYPE_XDP}. */
    public static final int XDP = 6;

    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u32("type"), u32("id"), u32("prog_id"), padding(4), u32("ifindex"), padding(44));

    private static final int TRACING = 2;
    private static final int CGROUP = 3;
    private static final int NETNS = 5;
    private static final int TCX = 11;
    private static final int NETKIT = 13;
    private static final int UNKNOWN = -1;
    private static final long UNION = 16;

    static LinkInfo read(MemorySegment info) {
        StructFields f = new StructFields(LAYOUT, info);
        int type = f.getInt("type");
        int first = info.get(Struct.U32, UNION);
        int second = info.get(Struct.U32, UNION + 4);
        int third = info.get(Struct.U32, UNION + 8);
        int id = f.getInt("id");
        int program = f.getInt("prog_id");
        return switch (type) {
            case XDP -> new LinkInfo(type, id, program, first, UNKNOWN, 0, 0);
            case TCX, NETKIT -> new LinkInfo(type, id, program, first, second, 0, 0);
            case CGROUP -> new LinkInfo(type, id, program, 0, third, info.get(Struct.U64, UNION), 0);
            case NETNS -> new LinkInfo(type, id, program, 0, second, 0, 0);
            case TRACING -> new LinkInfo(type, id, program, 0, first, 0, third);
            default -> new LinkInfo(type, id, program, 0, UNKNOWN, 0, 0);
        };
    }
}
