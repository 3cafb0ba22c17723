package dev.weir.ebpf.map;

import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A map seen through codecs. Any thread may call; calls on one map take turns. Boxes keys and values: the way that allocates nothing is
 * {@link BpfMap#slot}. Does not own the map.
 */
public final class TypedMap<K, V> {
    private static final int BATCH = 64;

    private final BpfMap map;
    private final Codec<K> keys;
    private final Codec<V> values;

    TypedMap(BpfMap map, Codec<K> keys, Codec<V> values) {
        this.map = map;
        this.keys = keys;
        this.values = values;
    }

    /** Returns the value of a key, if there is one. */
    public Optional<V> lookup(K key) throws SyscallException {
        return take(key, BpfCommand.BPF_MAP_LOOKUP_ELEM);
    }

    /** Removes a key and returns its value in one step. Hash maps since Linux 5.14. */
    public Optional<V> lookupAndDelete(K key) throws SyscallException {
        return take(key, BpfCommand.BPF_MAP_LOOKUP_AND_DELETE_ELEM);
    }

    /** Stores a value, be there one already or not. */
    public void put(K key, V value) throws SyscallException {
        update(key, value, MapSlot.ANY);
    }

    /**
     * Stores a value.
     *
     * @param flags {@link MapSlot#ANY}, {@link MapSlot#NO_EXIST} or {@link MapSlot#EXIST}
     * @throws SyscallException EEXIST or ENOENT as the flags ask; E2BIG or ENOSPC if the map is full
     */
    public void update(K key, V value, long flags) throws SyscallException {
        synchronized (map) {
            MapSlot slot = map.ownSlot();
            keys.encode(key, slot.key());
            values.encode(value, slot.value());
            int result = slot.update(flags);
            if (result < 0) {
                throw map.updateFailure(result);
            }
        }
    }

    /** Removes a key; returns whether it was there. */
    public boolean delete(K key) throws SyscallException {
        synchronized (map) {
            MapSlot slot = map.ownSlot();
            keys.encode(key, slot.key());
            return present(slot.delete(), BpfCommand.BPF_MAP_DELETE_ELEM);
        }
    }

    /** Stores many values, as few system calls as the kernel allows. What comes before a failure stays stored. */
    public void putAll(Map<K, V> entries) throws SyscallException {
        try (MapBatch batch = map.batch(BATCH)) {
            int filled = 0;
            for (Map.Entry<K, V> entry : entries.entrySet()) {
                keys.encode(entry.getKey(), batch.keys().asSlice((long) filled * map.keyBytes(), map.keyBytes()));
                values.encode(
                        entry.getValue(), batch.values().asSlice((long) filled * map.valueBytes(), map.valueBytes()));
                if (++filled == BATCH) {
                    flush(batch, filled);
                    filled = 0;
                }
            }
            if (filled > 0) {
                flush(batch, filled);
            }
        }
    }

    /** Removes many keys, as few system calls as the kernel allows; those that are not there are passed over. */
    public void deleteAll(Collection<K> gone) throws SyscallException {
        List<K> all = List.copyOf(gone);
        try (MapBatch batch = map.batch(BATCH)) {
            int next = 0;
            while (next < all.size()) {
                int count = Math.min(BATCH, all.size() - next);
                for (int i = 0; i < count; i++) {
                    keys.encode(all.get(next + i), batch.keys().asSlice((long) i * map.keyBytes(), map.keyBytes()));
                }
                int result = batch.delete(count);
                if (result < 0 && result != -Errno.ENOENT) {
                    throw Bpf.failure(BpfCommand.BPF_MAP_DELETE_BATCH, result);
                }
                next += result == 0 ? count : batch.done() + 1;
            }
        }
    }

    /**
     * Visits all entries while programs and others go on changing the map: an entry that is there all the time is seen exactly once, none
     * is seen twice.
     *
     * @throws SyscallException EAGAIN if the map changes faster than it can be read
     */
    public void forEach(BiConsumer<K, V> visitor) throws SyscallException {
        new MapWalk(map).run((key, value) -> visitor.accept(keys.decode(key), values.decode(value)));
    }

    /** Returns a copy of all entries; see {@link #forEach}. */
    public Map<K, V> entries() throws SyscallException {
        Map<K, V> entries = new LinkedHashMap<>();
        forEach(entries::put);
        return entries;
    }

    /** Removes all entries that there are when their turn comes. Not for arrays, whose entries always exist. */
    public void clear() throws SyscallException {
        List<K> present = new ArrayList<>();
        forEach((key, value) -> present.add(key));
        deleteAll(present);
    }

    private void flush(MapBatch batch, int count) throws SyscallException {
        int result = batch.update(count, MapSlot.ANY);
        if (result < 0) {
            throw map.updateFailure(result);
        }
    }

    private Optional<V> take(K key, BpfCommand command) throws SyscallException {
        synchronized (map) {
            MapSlot slot = map.ownSlot();
            keys.encode(key, slot.key());
            int result = command == BpfCommand.BPF_MAP_LOOKUP_ELEM ? slot.lookup() : slot.lookupAndDelete();
            return present(result, command) ? Optional.of(values.decode(slot.value())) : Optional.empty();
        }
    }

    private static boolean present(int result, BpfCommand command) throws SyscallException {
        if (result < 0 && !MapSlot.isMissing(result)) {
            throw Bpf.failure(command, result);
        }
        return result == 0;
    }
}
