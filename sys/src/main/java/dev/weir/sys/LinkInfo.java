package dev.weir.sys;

import static dev.weir.sys.StructFields.padding;
import static dev.weir.sys.StructFields.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * What BPF_OBJ_GET_INFO_BY_FD says of a link: what all kinds share, and what XDP adds.
 *
 * <pre>{@code
 * struct bpf_link_info {
 *     __u32 type;     //  0  enum bpf_link_type
 *     __u32 id;       //  4
 *     __u32 prog_id;  //  8
 *     union {
 *         struct {
 *             __u32 ifindex;  // 16  0 once the device is gone
 *         } xdp;
 *     };
 * };
 * }</pre>
 *
 * @param interfaceIndex the device of an XDP link, 0 if it is gone or the link is of another kind
 */
public record LinkInfo(int type, int id, int programId, int interfaceIndex) {
    /** {@code BPF_LINK_TYPE_XDP}. */
    public static final int XDP = 6;

    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u32("type"), u32("id"), u32("prog_id"), padding(4), u32("ifindex"), padding(44));

    static LinkInfo read(MemorySegment info) {
        StructFields f = new StructFields(LAYOUT, info);
        int type = f.getInt("type");
        return new LinkInfo(type, f.getInt("id"), f.getInt("prog_id"), type == XDP ? f.getInt("ifindex") : 0);
    }
}
