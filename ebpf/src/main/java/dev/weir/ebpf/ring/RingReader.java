package dev.weir.ebpf.ring;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.MapType;
import dev.weir.sys.Epoll;
import dev.weir.sys.Errno;
import dev.weir.sys.Fd;
import dev.weir.sys.Mmap;
import dev.weir.sys.PageSize;
import dev.weir.sys.SyscallException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Reads the records that programs put into a ring buffer. Any thread may call; readers take turns, and {@link #close} wakes the one that waits
 * and returns when it is out. Allocates nothing after construction.
 *
 * <p>The kernel maps three areas one after the other, the records twice in a row, so that one that wraps around the end still lies in one piece:
 *
 * <pre>{@code
 *   page 0             consumer position (u64), writable: how far user space has read
 *   page 1             producer position (u64), read-only: how far programs have reserved
 *   page 2 ..          records: __u32 len (bit 31: busy, bit 30: discarded), __u32 pg_off, data, padding to 8 bytes
 *   page 2 + size ..   the same records again
 * }</pre>
 *
 * The programs publish a length after the data, and this reader publishes its position after it is done with the data; hence acquire and
 * release. Since Linux 5.8.
 *
 * @see <a href="https://docs.kernel.org/bpf/ringbuf.html">BPF ring buffer</a>
 */
public final class RingReader implements AutoCloseable {
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;
    private static final int HEADER_BYTES = 8;
    private static final VarHandle LENGTH = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle POSITION = ValueLayout.JAVA_LONG.varHandle();

    private final Fd ring;
    private final Mmap consumer;
    private final Mmap producer;
    private final ReaderDoor door;
    private final long dataOffset = PageSize.bytes();
    private final long mask;

    /** Sees one record. */
    @FunctionalInterface
    public interface Handler {
        /**
         * @param memory the ring's; the record's bytes are valid until this returns and must not be written
         * @param offset where the record starts
         */
        void record(MemorySegment memory, long offset, int length);
    }

    /** @throws IllegalArgumentException if the map is no ring buffer */
    public RingReader(BpfMap map) throws SyscallException {
        if (map.type() != MapType.RINGBUF) {
            throw new IllegalArgumentException(map + " is no ring buffer");
        }
        ring = map.fd();
        mask = map.maxEntries() - 1L;
        consumer = Mmap.shared(ring, 0, PageSize.bytes(), true);
        try {
            producer = Mmap.shared(ring, PageSize.bytes(), PageSize.bytes() + 2L * map.maxEntries(), false);
        } catch (SyscallException e) {
            consumer.close();
            throw e;
        }
        try {
            door = new ReaderDoor(1, this::unmap);
        } catch (SyscallException e) {
            unmap();
            throw e;
        }
        try {
            door.add(ring);
        } catch (SyscallException e) {
            door.close();
            throw e;
        }
    }

    private void unmap() {
        producer.close();
        consumer.close();
    }

    /**
     * Waits until there are records and hands over those that there are, as {@link #drain(Handler)} does.
     *
     * @param timeoutMs 0 does not wait, -1 waits without end
     * @return how many records, 0 on timeout or {@link #wakeUp}, or {@code -errno}: {@code -EBADF} once the reader is closed
     */
    public int poll(int timeoutMs, Handler handler) {
        door.enter();
        try {
            int drained = drain(handler);
            if (drained != 0 || timeoutMs == 0) {
                return drained;
            }
            int ready = door.await(timeoutMs);
            return ready < 0 ? ready : drain(handler);
        } finally {
            door.leave();
        }
    }

    /**
     * Hands over what is there when it begins, without waiting: what programs add meanwhile is left for the next time, so that it ends however
     * fast they are. An exception of the handler leaves its record in the ring.
     *
     * @return how many records; {@code -EBADF} once the reader is closed
     */
    public int drain(Handler handler) {
        return drain(Integer.MAX_VALUE, handler);
    }

    /** The same for at most so many records. */
    public int drain(int limit, Handler handler) {
        door.enter();
        try {
            return door.isClosed() ? -Errno.EBADF : read(limit, handler);
        } finally {
            door.leave();
        }
    }

    private int read(int limit, Handler handler) {
        MemorySegment positions = consumer.memory();
        MemorySegment records = producer.memory();
        long position = (long) POSITION.getAcquire(positions, 0L);
        long end = (long) POSITION.getAcquire(records, 0L);
        int count = 0;
        while (position < end && count < limit && !door.isClosed()) {
            long at = dataOffset + (position & mask);
            int length = (int) LENGTH.getAcquire(records, at);
            if ((length & BUSY) != 0) {
                break;
            }
            int bytes = length & ~DISCARDED;
            if ((length & DISCARDED) == 0) {
                handler.record(records, at + HEADER_BYTES, bytes);
                count++;
            }
            position += HEADER_BYTES + (bytes + 7L & -8L);
            POSITION.setRelease(positions, 0L, position);
        }
        return count;
    }

    /** Returns whether a thread reads or waits for records now. */
    boolean isBusy() {
        return door.isOccupied();
    }

    /** Lets a {@link #poll} that waits return. After closing it does nothing. */
    public void wakeUp() {
        door.wakeUp();
    }

    /** Returns the descriptor that becomes readable with records, for an {@link Epoll} of one's own. */
    public Fd fd() {
        return ring;
    }

    /**
     * Unmaps the ring; the map stays. Wakes and waits for whoever is reading; a handler that closes its own reader gets out of its record first,
     * and no other record follows.
     */
    @Override
    public void close() {
        door.close();
    }
}
