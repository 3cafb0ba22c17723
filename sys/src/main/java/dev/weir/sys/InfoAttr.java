package dev.weir.sys;

import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * What BPF_OBJ_GET_INFO_BY_FD takes, 16 bytes.
 *
 * <pre>{@code
 * struct {
 *     __u32         bpf_fd;    // 0
 *     __u32         info_len;  // 4  in: room; out: length
 *     __aligned_u64 info;      // 8
 * } info;
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class InfoAttr {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(u32("bpf_fd"), u32("info_len"), u64("info"));

    private InfoAttr() {}
}
