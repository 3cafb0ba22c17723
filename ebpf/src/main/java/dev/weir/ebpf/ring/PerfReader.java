package dev.weir.ebpf.ring;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.MapSlot;
import dev.weir.ebpf.map.MapType;
import dev.weir.sys.Errno;
import dev.weir.sys.HeldFds;
import dev.weir.sys.SyscallException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the records that programs put into a perf array by {@code bpf_perf_event_output}, a ring per CPU: for kernels and programs without ring
 * buffers, which do the same in one ring and in order. Records of one CPU come in order, those of several do not.
 *
 * <p>Any thread may call; readers take turns, and {@link #close} wakes the one that waits and returns when it is out. Allocates nothing after
 * construction. Needs CAP_PERFMON. Since Linux 4.4.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/perf_event_open.2.html">perf_event_open(2)</a>
 */
public final class PerfReader implements AutoCloseable {
    private final BpfMap map;
    private final List<PerfRing> rings = new ArrayList<>();
    private final ReaderDoor door;

    /** Sees one record. */
    @FunctionalInterface
    public interface Handler {
        /**
         * @param cpu where the program ran
         * @param memory holds the record until this returns, and must not be written
         * @param offset where the record starts, at no particular alignment
         * @param length up to 7 bytes more than the program wrote: the kernel fills up
         */
        void record(int cpu, MemorySegment memory, long offset, int length);
    }

    /**
     * Makes a ring for each CPU that is on, and puts them into the map, in place of what others may have put there.
     *
     * @param pages of each ring, a power of two
     * @throws IllegalArgumentException if the map is no perf array, or the number no power of two
     */
    public PerfReader(BpfMap map, int pages) throws SyscallException {
        if (map.type() != MapType.PERF_EVENT_ARRAY) {
            throw new IllegalArgumentException(map + " is no perf array");
        }
        if (Integer.bitCount(pages) != 1 || pages < 0) {
            throw new IllegalArgumentException(pages + " pages are no power of two");
        }
        this.map = map;
        door = new ReaderDoor(map.maxEntries(), this::release);
        try {
            for (int cpu = 0; cpu < map.maxEntries(); cpu++) {
                add(cpu, pages);
            }
        } catch (SyscallException e) {
            door.close();
            throw e;
        }
    }

    private void add(int cpu, int pages) throws SyscallException {
        PerfRing ring;
        try {
            ring = new PerfRing(cpu, pages);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENODEV) {
                return; // This CPU is off, and no program runs there.
            }
            throw e;
        }
        rings.add(ring);
        door.add(ring.event());
        try (HeldFds held = new HeldFds();
                MapSlot slot = map.slot()) {
            slot.key().set(ValueLayout.JAVA_INT, 0, cpu);
            slot.value().set(ValueLayout.JAVA_INT, 0, held.number(ring.event()));
            int result = slot.update(MapSlot.ANY);
            if (result < 0) {
                throw new SyscallException("ring of CPU " + cpu + " into the map " + map.name(), -result);
            }
        }
    }

    /**
     * Waits until there are records and hands over those that there are.
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

    /** Hands over what is there when it begins, without waiting; returns how many records, {@code -EBADF} once the reader is closed. */
    public int drain(Handler handler) {
        door.enter();
        try {
            if (door.isClosed()) {
                return -Errno.EBADF;
            }
            int count = 0;
            for (int i = 0; i < rings.size(); i++) {
                count += rings.get(i).drain(door, handler);
            }
            return count;
        } finally {
            door.leave();
        }
    }

    /** Returns how many records found no room, as far as the kernel has told so far: it does with the next one that finds some. */
    public long lost() {
        door.enter();
        try {
            return rings.stream().mapToLong(PerfRing::lost).sum();
        } finally {
            door.leave();
        }
    }

    /** Lets a {@link #poll} that waits return. After closing it does nothing. */
    public void wakeUp() {
        door.wakeUp();
    }

    /** Takes the rings out of the map, which stays, and unmaps them. Wakes and waits for whoever is reading. */
    @Override
    public void close() {
        door.close();
    }

    private void release() {
        if (map.fd().isOpen()) {
            try (MapSlot slot = map.slot()) {
                for (PerfRing ring : rings) {
                    slot.key().set(ValueLayout.JAVA_INT, 0, ring.cpu());
                    // Whatever it answers: the ring goes, and with it the entry.
                    slot.delete();
                }
            }
        }
        rings.forEach(PerfRing::close);
    }
}
