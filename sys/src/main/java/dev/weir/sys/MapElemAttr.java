package dev.weir.sys;

import static dev.weir.sys.StructFields.padding;
import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;

/**
 * What BPF_MAP_*_ELEM and BPF_MAP_GET_NEXT_KEY take, 32 bytes, prepared once and used for many calls. One thread at a time.
 *
 * <pre>{@code
 * struct {
 *     __u32         map_fd;     //  0
 *     __aligned_u64 key;        //  8  in
 *     union {
 *         __aligned_u64 value;     // 16  in or out
 *         __aligned_u64 next_key;  // 16  out
 *     };
 *     __u64         flags;      // 24
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class MapElemAttr {
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u32("map_fd"), padding(4), u64("key"), u64("value"), u64("flags"));

    private static final long MAP_FD = LAYOUT.byteOffset(groupElement("map_fd"));
    private static final long KEY = LAYOUT.byteOffset(groupElement("key"));
    private static final long VALUE = LAYOUT.byteOffset(groupElement("value"));
    private static final long FLAGS = LAYOUT.byteOffset(groupElement("flags"));

    private final MemorySegment attr;

    /**
     * @param key NULL where BPF_MAP_GET_NEXT_KEY shall start
     * @param value the value, or the next key; its memory, like the key's, stays the caller's to keep alive
     */
    public MapElemAttr(SegmentAllocator allocator, MemorySegment key, MemorySegment value) {
        attr = allocator.allocate(LAYOUT);
        attr.set(Struct.U64, KEY, key.address());
        attr.set(Struct.U64, VALUE, value.address());
    }

    /** Points to other keys and values. */
    public void point(MemorySegment key, MemorySegment value) {
        attr.set(Struct.U64, KEY, key.address());
        attr.set(Struct.U64, VALUE, value.address());
    }

    /** Runs a command on the map; returns what bpf(2) returns, or {@code -errno}: EBADF once the map is closed. Allocates nothing. */
    public long run(BpfCall bpf, BpfCommand command, Fd map, long flags) {
        int number = map.hold();
        if (number < 0) {
            return -Errno.EBADF;
        }
        try {
            attr.set(Struct.U32, MAP_FD, number);
            attr.set(Struct.U64, FLAGS, flags);
            return bpf.bpf(command, attr);
        } finally {
            map.release();
        }
    }
}
