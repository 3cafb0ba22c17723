package dev.weir.sys;

import static dev.weir.sys.StructFields.padding;
import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * What BPF_RAW_TRACEPOINT_OPEN takes, 16 bytes.
 *
 * <pre>{@code
 * struct {
 *     __u64 name;     // 0  NULL for programs that are loaded for a tracepoint or function
 *     __u32 prog_fd;  // 8
 * } raw_tracepoint;
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class RawTracepointAttr {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(u64("name"), u32("prog_fd"), padding(4));

    private RawTracepointAttr() {}
}
