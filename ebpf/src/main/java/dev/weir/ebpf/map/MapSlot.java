package dev.weir.ebpf.map;

import dev.weir.sys.BpfCall;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Errno;
import dev.weir.sys.LeakDetector;
import dev.weir.sys.MapElemAttr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Room for one key and one value of a map, and the operations on the entry: the fast way, which allocates nothing. Write {@link #key} and
 * {@link #value}, then call. One thread at a time; but any may close, which waits for a running call.
 *
 * <p>Each operation answers 0 or {@code -errno}: {@code -ENOENT} for no such entry, {@code -EEXIST} with {@link #NO_EXIST}, {@code -E2BIG} or
 * {@code -ENOSPC} for a full map, {@code -EBADF} once the map is closed.
 */
public final class MapSlot implements AutoCloseable {
    /** Create or change. */
    public static final long ANY = 0;
    /** Create only. */
    public static final long NO_EXIST = 1;
    /** Change only. */
    public static final long EXIST = 2;

    private final BpfMap map;
    private final BpfCall bpf;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment key;
    private final MemorySegment value;
    private final MapElemAttr attr;

    MapSlot(BpfMap map, BpfCall bpf) {
        this.map = map;
        this.bpf = bpf;
        // Queues have keys of no bytes; the address still must be one.
        key = arena.allocate(Math.max(1, map.keyBytes()), Long.BYTES).asSlice(0, map.keyBytes());
        value = arena.allocate(Math.max(1, map.valueBytes()), Long.BYTES).asSlice(0, map.valueBytes());
        attr = new MapElemAttr(arena, map.keyBytes() == 0 ? MemorySegment.NULL : key, value);
        LeakDetector.opened(this);
    }

    /** Returns the key's memory. */
    public MemorySegment key() {
        return key;
    }

    /** Returns the value's memory; for per-CPU maps, that of all CPUs, each at a multiple of 8 bytes. */
    public MemorySegment value() {
        return value;
    }

    /** Copies the entry of {@link #key} into {@link #value}. */
    public synchronized int lookup() {
        return (int) attr.run(bpf, BpfCommand.BPF_MAP_LOOKUP_ELEM, map.fd(), 0);
    }

    /**
     * Stores {@link #value} under {@link #key}.
     *
     * @param flags {@link #ANY}, {@link #NO_EXIST} or {@link #EXIST}
     */
    public synchronized int update(long flags) {
        return (int) attr.run(bpf, BpfCommand.BPF_MAP_UPDATE_ELEM, map.fd(), flags);
    }

    /** Removes the entry of {@link #key}. */
    public synchronized int delete() {
        // The kernel wants every field after the key to be zero here.
        attr.point(key, MemorySegment.NULL);
        int result = (int) attr.run(bpf, BpfCommand.BPF_MAP_DELETE_ELEM, map.fd(), 0);
        attr.point(key, value);
        return result;
    }

    /**
     * Copies the entry and removes it in one step. Queues and stacks since Linux 4.20, hash maps since 5.14; {@code -ENOTSUPP} or
     * {@code -EINVAL} before.
     */
    public synchronized int lookupAndDelete() {
        return (int) attr.run(bpf, BpfCommand.BPF_MAP_LOOKUP_AND_DELETE_ELEM, map.fd(), 0);
    }

    /**
     * Replaces {@link #key} by the one that follows in the map's own order. A key that is not there (any more) is followed by the first one,
     * which makes walks of a changing map start over: see {@link MapWalk}.
     *
     * @param fromStart ignore the key and give the first one
     * @return {@code -ENOENT} at the end
     */
    public synchronized int nextKey(boolean fromStart) {
        // Key and next key may be the same memory: the kernel copies one in before it copies the other out.
        attr.point(fromStart ? MemorySegment.NULL : key, key);
        int result = (int) attr.run(bpf, BpfCommand.BPF_MAP_GET_NEXT_KEY, map.fd(), 0);
        attr.point(key, value);
        return result;
    }

    /** Returns whether a result says that there is no such entry. */
    public static boolean isMissing(int result) {
        return result == -Errno.ENOENT;
    }

    /** Frees the memory, whose use then is an IllegalStateException; the map stays. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            LeakDetector.closed(this);
        }
    }
}
