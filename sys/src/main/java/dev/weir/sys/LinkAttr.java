package dev.weir.sys;

import static dev.weir.sys.StructFields.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * What the commands on links take: BPF_LINK_CREATE, BPF_LINK_UPDATE, BPF_LINK_DETACH.
 *
 * <pre>{@code
 * struct {                     // 16 bytes: what every kind of link needs
 *     __u32 prog_fd;           //  0
 *     union {
 *         __u32 target_fd;       //  4
 *         __u32 target_ifindex;  //  4
 *     };
 *     __u32 attach_type;       //  8  enum bpf_attach_type
 *     __u32 flags;             // 12  XDP_FLAGS_* for XDP
 * } link_create;
 *
 * struct {
 *     __u32 link_fd;           //  0
 *     __u32 new_prog_fd;       //  4
 *     __u32 flags;             //  8  BPF_F_REPLACE: the old program must be old_prog_fd
 *     __u32 old_prog_fd;       // 12
 * } link_update;
 *
 * struct {
 *     __u32 link_fd;           //  0
 * } link_detach;
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class LinkAttr {
    public static final StructLayout CREATE =
            MemoryLayout.structLayout(u32("prog_fd"), u32("target_ifindex"), u32("attach_type"), u32("flags"));
    public static final StructLayout UPDATE =
            MemoryLayout.structLayout(u32("link_fd"), u32("new_prog_fd"), u32("flags"), u32("old_prog_fd"));
    public static final StructLayout DETACH = MemoryLayout.structLayout(u32("link_fd"));

    private LinkAttr() {}
}
