package dev.weir.ebpf.ring;

import dev.weir.sys.Fd;
import dev.weir.sys.Mmap;
import dev.weir.sys.PageSize;
import dev.weir.sys.PerfEvent;
import dev.weir.sys.SyscallException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The records of one CPU in a perf array.
 *
 * <pre>{@code
 *   page 0    struct perf_event_mmap_page
 *               1024  __u64 data_head   how far the kernel has written
 *               1032  __u64 data_tail   how far user space has read
 *   page 1 .. records, each a multiple of 8 bytes, which wrap around the end:
 *               struct perf_event_header { __u32 type; __u16 misc; __u16 size; }
 *               PERF_RECORD_SAMPLE: __u32 size; data
 *               PERF_RECORD_LOST:   __u64 id; __u64 lost
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/perf_event_open.2.html">perf_event_open(2)</a>
 */
final class PerfRing implements AutoCloseable {
    private static final long HEAD = 1024;
    private static final long TAIL = 1032;
    private static final int SIZE = 6;
    private static final int RAW_SIZE = 8;
    private static final int RAW_DATA = 12;
    private static final int LOST = 16;
    private static final int PERF_RECORD_LOST = 2;
    private static final int PERF_RECORD_SAMPLE = 9;
    private static final VarHandle POSITION = ValueLayout.JAVA_LONG.varHandle();

    private final int cpu;
    private final Fd event;
    private final Mmap memory;
    private final long bytes;
    private final long dataOffset = PageSize.bytes();
    /** Where a record lies in one piece that does not in the ring. A size has 16 bits. */
    private final MemorySegment whole = MemorySegment.ofArray(new long[(1 << 16) / Long.BYTES]);

    private long lost;

    PerfRing(int cpu, int pages) throws SyscallException {
        this.cpu = cpu;
        bytes = (long) pages * PageSize.bytes();
        event = PerfEvent.bpfOutput(cpu, 1);
        try {
            memory = Mmap.shared(event, 0, PageSize.bytes() + bytes, true);
        } catch (SyscallException e) {
            event.close();
            throw e;
        }
    }

    int cpu() {
        return cpu;
    }

    Fd event() {
        return event;
    }

    /** Returns how many records the kernel had no room for. */
    long lost() {
        return lost;
    }

    /** Hands over what was there at the beginning. */
    int drain(ReaderDoor door, PerfReader.Handler handler) {
        MemorySegment ring = memory.memory();
        long head = (long) POSITION.getAcquire(ring, HEAD);
        long tail = (long) POSITION.getAcquire(ring, TAIL);
        int count = 0;
        while (tail < head && !door.isClosed()) {
            // Records begin at multiples of 8, so that their first numbers never wrap.
            int type = ring.get(ValueLayout.JAVA_INT, at(tail));
            int size = ring.get(ValueLayout.JAVA_SHORT, at(tail) + SIZE) & 0xffff;
            if (type == PERF_RECORD_SAMPLE) {
                hand(ring, tail, handler);
                count++;
            } else if (type == PERF_RECORD_LOST) {
                lost += ring.get(ValueLayout.JAVA_LONG, at(tail + LOST));
            }
            tail += size;
            POSITION.setRelease(ring, TAIL, tail);
        }
        return count;
    }

    private void hand(MemorySegment ring, long record, PerfReader.Handler handler) {
        int length = ring.get(ValueLayout.JAVA_INT, at(record + RAW_SIZE));
        long start = at(record + RAW_DATA);
        long left = dataOffset + bytes - start;
        if (length <= left) {
            handler.record(cpu, ring, start, length);
            return;
        }
        MemorySegment.copy(ring, start, whole, 0, left);
        MemorySegment.copy(ring, dataOffset, whole, left, length - left);
        handler.record(cpu, whole, 0, length);
    }

    private long at(long position) {
        return dataOffset + (position & bytes - 1);
    }

    @Override
    public void close() {
        memory.close();
        event.close();
    }
}
