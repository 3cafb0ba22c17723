package dev.weir.sys;

import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;

/**
 * What BPF_MAP_*_BATCH take, 56 bytes, prepared once and used for many calls. One thread at a time.
 *
 * <pre>{@code
 * struct {
 *     __aligned_u64 in_batch;    //  0  where to go on, NULL for the start
 *     __aligned_u64 out_batch;   //  8  out: where the next batch goes on
 *     __aligned_u64 keys;        // 16
 *     __aligned_u64 values;      // 24
 *     __u32         count;       // 32  in: entries there is room for; out: entries done
 *     __u32         map_fd;      // 36
 *     __u64         elem_flags;  // 40
 *     __u64         flags;       // 48
 * } batch;
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class MapBatchAttr {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            u64("in_batch"),
            u64("out_batch"),
            u64("keys"),
            u64("values"),
            u32("count"),
            u32("map_fd"),
            u64("elem_flags"),
            u64("flags"));

    private static final long IN_BATCH = LAYOUT.byteOffset(groupElement("in_batch"));
    private static final long OUT_BATCH = LAYOUT.byteOffset(groupElement("out_batch"));
    private static final long KEYS = LAYOUT.byteOffset(groupElement("keys"));
    private static final long VALUES = LAYOUT.byteOffset(groupElement("values"));
    private static final long COUNT = LAYOUT.byteOffset(groupElement("count"));
    private static final long MAP_FD = LAYOUT.byteOffset(groupElement("map_fd"));
    private static final long ELEM_FLAGS = LAYOUT.byteOffset(groupElement("elem_flags"));

    private final MemorySegment attr;

    /** @param keys memory for keys, side by side; like that of the values it stays the caller's to keep alive */
    public MapBatchAttr(SegmentAllocator allocator, MemorySegment keys, MemorySegment values) {
        attr = allocator.allocate(LAYOUT);
        attr.set(Struct.U64, KEYS, keys.address());
        attr.set(Struct.U64, VALUES, values.address());
    }

    /**
     * Sets where a walk goes on and where the kernel says how to go on after it.
     *
     * @param in what the last batch gave as {@code out}, NULL for the start
     */
    public void walk(MemorySegment in, MemorySegment out) {
        attr.set(Struct.U64, IN_BATCH, in.address());
        attr.set(Struct.U64, OUT_BATCH, out.address());
    }

    /**
     * Runs a command on {@code count} entries; returns what bpf(2) returns, or {@code -errno}: EBADF once the map is closed. Allocates
     * nothing.
     */
    public long run(BpfCall bpf, BpfCommand command, Fd map, int count, long elementFlags) {
        int number = map.hold();
        if (number < 0) {
            attr.set(Struct.U32, COUNT, 0);
            return -Errno.EBADF;
        }
        try {
            attr.set(Struct.U32, COUNT, count);
            attr.set(Struct.U32, MAP_FD, number);
            attr.set(Struct.U64, ELEM_FLAGS, elementFlags);
            return bpf.bpf(command, attr);
        } finally {
            map.release();
        }
    }

    /** Returns how many entries the last {@link #run} did, whether it failed or not. EFAULT alone leaves the count as it was asked. */
    public int done() {
        return attr.get(Struct.U32, COUNT);
    }
}
