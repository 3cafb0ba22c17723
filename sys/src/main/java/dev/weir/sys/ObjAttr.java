package dev.weir.sys;

import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * What BPF_OBJ_PIN and BPF_OBJ_GET take, 16 bytes.
 *
 * <pre>{@code
 * struct {
 *     __aligned_u64 pathname;    //  0  text that ends in a zero byte
 *     __u32         bpf_fd;      //  8
 *     __u32         file_flags;  // 12  BPF_F_RDONLY, BPF_F_WRONLY
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class ObjAttr {
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u64("pathname"), u32("bpf_fd"), u32("file_flags"));

    private ObjAttr() {}
}
