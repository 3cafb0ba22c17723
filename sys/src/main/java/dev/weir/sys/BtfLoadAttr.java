package dev.weir.sys;

import static dev.weir.sys.StructFields.padding;
import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * What BPF_BTF_LOAD takes, 32 bytes.
 *
 * <pre>{@code
 * struct {
 *     __aligned_u64 btf;            //  0
 *     __aligned_u64 btf_log_buf;    //  8
 *     __u32         btf_size;       // 16
 *     __u32         btf_log_size;   // 20
 *     __u32         btf_log_level;  // 24
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class BtfLoadAttr {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            u64("btf"), u64("btf_log_buf"), u32("btf_size"), u32("btf_log_size"), u32("btf_log_level"), padding(4));

    private BtfLoadAttr() {}
}
