package dev.weir.sys;

import static dev.weir.sys.StructFields.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * What BPF_ENABLE_STATS takes, 4 bytes.
 *
 * <pre>{@code
 * struct {
 *     __u32 type;  // 0  enum bpf_stats_type; BPF_STATS_RUN_TIME is 0
 * } enable_stats;
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class EnableStatsAttr {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(u32("type"));

    private EnableStatsAttr() {}
}
