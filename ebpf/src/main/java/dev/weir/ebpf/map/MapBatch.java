package dev.weir.ebpf.map;

import dev.weir.sys.BpfCall;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Errno;
import dev.weir.sys.LeakDetector;
import dev.weir.sys.MapBatchAttr;
import dev.weir.sys.MapElemAttr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Room for many keys and values of a map, side by side, and the operations that do them all in one system call; where the kernel or the type
 * of map has no such operation (since Linux 5.6 for hash maps and arrays, 5.13 for LPM tries and per-CPU arrays), one call per entry does the
 * same. Allocates nothing after construction. One thread at a time.
 */
public final class MapBatch implements AutoCloseable {
    private final BpfMap map;
    private final BpfCall bpf;
    private final Arena arena = Arena.ofConfined();
    private final int capacity;
    private final MemorySegment keys;
    private final MemorySegment values;
    private final MemorySegment key;
    private final MemorySegment value;
    private final MemorySegment position;
    private final MemorySegment nextPosition;
    private final MapBatchAttr attr;
    private final MapElemAttr single;
    private boolean oneByOne;
    private int done;

    MapBatch(BpfMap map, BpfCall bpf, int capacity) {
        this.map = map;
        this.bpf = bpf;
        this.capacity = capacity;
        keys = arena.allocate((long) capacity * map.keyBytes(), Long.BYTES);
        values = arena.allocate((long) capacity * map.valueBytes(), Long.BYTES);
        key = arena.allocate(map.keyBytes(), Long.BYTES);
        value = arena.allocate(map.valueBytes(), Long.BYTES);
        // In hash maps a position is a bucket's number, 4 bytes; in other maps it is a key.
        long positionBytes = Math.max(Integer.BYTES, map.keyBytes());
        position = arena.allocate(positionBytes, Long.BYTES);
        nextPosition = arena.allocate(positionBytes, Long.BYTES);
        attr = new MapBatchAttr(arena, keys, values);
        single = new MapElemAttr(arena, key, value);
        LeakDetector.opened(this);
    }

    /** Returns how many entries there is room for. */
    public int capacity() {
        return capacity;
    }

    /** Returns the keys' memory: key {@code i} lies at {@code i * map.keyBytes()}. */
    public MemorySegment keys() {
        return keys;
    }

    /** Returns the values' memory: value {@code i} lies at {@code i * map.valueBytes()}. */
    public MemorySegment values() {
        return values;
    }

    /** Returns how many entries the last operation did, be it that it failed after them. */
    public int done() {
        return done;
    }

    /** Returns whether the kernel refused batches of this map, so that entries go one by one. */
    public boolean isOneByOne() {
        return oneByOne;
    }

    /**
     * Stores the first {@code count} values under the first {@code count} keys.
     *
     * @param flags as for {@link MapSlot#update}
     * @return 0, or {@code -errno} of the entry after the first {@link #done}
     */
    public int update(int count, long flags) {
        if (!oneByOne) {
            int result = run(BpfCommand.BPF_MAP_UPDATE_BATCH, count, flags);
            if (!isUnsupported(result)) {
                return result;
            }
            oneByOne = true;
        }
        return each(BpfCommand.BPF_MAP_UPDATE_ELEM, count, flags);
    }

    /**
     * Removes the entries of the first {@code count} keys.
     *
     * @return 0, or {@code -errno} of the entry after the first {@link #done}; {@code -ENOENT} for a key that is not there
     */
    public int delete(int count) {
        if (!oneByOne) {
            int result = run(BpfCommand.BPF_MAP_DELETE_BATCH, count, 0);
            if (!isUnsupported(result)) {
                return result;
            }
            oneByOne = true;
        }
        return each(BpfCommand.BPF_MAP_DELETE_ELEM, count, 0);
    }

    /** Copies the entries of the first {@code count} keys, one call each: the kernel has no batch for chosen keys. */
    public int lookup(int count) {
        return each(BpfCommand.BPF_MAP_LOOKUP_ELEM, count, 0);
    }

    /**
     * Reads the next entries of a walk through the whole map, as many as there is room for, in whole buckets of hash maps; {@link TypedMap#forEach}
     * is the same made easy. Since Linux 5.6.
     *
     * @param fromStart whether to begin anew
     * @return 0 if more may follow, {@code -ENOENT} if these, {@link #done} of them, were the last, {@code -ENOSPC} if one bucket holds more than
     *     the capacity, {@code -EINVAL} or {@code -ENOTSUPP} if the kernel or the type of map has no batches
     */
    public int read(boolean fromStart) {
        int result = walk(BpfCommand.BPF_MAP_LOOKUP_BATCH, fromStart ? MemorySegment.NULL : position, nextPosition);
        if (result == 0) {
            position.copyFrom(nextPosition);
        }
        return result;
    }

    int walk(BpfCommand command, MemorySegment in, MemorySegment out) {
        attr.walk(in, out);
        return run(command, capacity, 0);
    }

    private int run(BpfCommand command, int count, long flags) {
        int result = (int) attr.run(bpf, command, map.fd(), checked(count), flags);
        // Refused as a whole, the count is still the one that was asked for.
        done = result == -Errno.EFAULT || isUnsupported(result) ? 0 : attr.done();
        return result;
    }

    private int each(BpfCommand command, int count, long flags) {
        int keyBytes = map.keyBytes();
        int valueBytes = map.valueBytes();
        // The kernel wants every field after the key to be zero for a deletion.
        single.point(key, command == BpfCommand.BPF_MAP_DELETE_ELEM ? MemorySegment.NULL : value);
        for (done = 0; done < checked(count); done++) {
            MemorySegment.copy(keys, (long) done * keyBytes, key, 0, keyBytes);
            if (command == BpfCommand.BPF_MAP_UPDATE_ELEM) {
                MemorySegment.copy(values, (long) done * valueBytes, value, 0, valueBytes);
            }
            int result = (int) single.run(bpf, command, map.fd(), flags);
            if (result < 0) {
                return result;
            }
            if (command == BpfCommand.BPF_MAP_LOOKUP_ELEM) {
                MemorySegment.copy(value, 0, values, (long) done * valueBytes, valueBytes);
            }
        }
        return 0;
    }

    private int checked(int count) {
        if (count < 0 || count > capacity) {
            throw new IndexOutOfBoundsException(count + " entries in a batch of " + capacity);
        }
        return count;
    }

    /** EINVAL comes from kernels before 5.6, ENOTSUPP from types of maps without the operation. */
    static boolean isUnsupported(int result) {
        return result == -Errno.EINVAL || result == -Errno.ENOTSUPP || result == -Errno.EOPNOTSUPP;
    }

    /** Frees the memory; the map stays. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            LeakDetector.closed(this);
        }
    }
}
