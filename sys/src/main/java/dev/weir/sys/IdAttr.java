package dev.weir.sys;

import static dev.weir.sys.StructFields.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * What BPF_*_GET_NEXT_ID and BPF_*_GET_FD_BY_ID take, 12 bytes.
 *
 * <pre>{@code
 * struct {
 *     union {
 *         __u32 start_id;                           //  0
 *         __u32 prog_id, map_id, btf_id, link_id;   //  0
 *     };
 *     __u32 next_id;     //  4  out
 *     __u32 open_flags;  //  8
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class IdAttr {
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u32("start_id"), u32("next_id"), u32("open_flags"));

    private IdAttr() {}
}
