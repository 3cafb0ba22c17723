package dev.weir.gate.filter;

import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapSlot;
import dev.weir.ebpf.map.TypedMap;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map whose failures are the port's. Owns the map. Callers take turns, by the lock: with each turn the table looks whether it still is the one
 * that is pinned.
 */
final class FilterTable<K, V> implements AutoCloseable {
    private final SharedMap shared;
    private final PinLock lock;
    private final Codec<K> keys;
    private final Codec<V> values;
    private TypedMap<K, V> entries;
    private long turn;
    private long emptyAt = -1;
    private boolean knownEmpty;

    /** What the map did with an entry. */
    enum Outcome {
        DONE,
        FULL,
        PRESENT,
        ABSENT
    }

    FilterTable(SharedMap shared, Codec<K> keys, Codec<V> values, PinLock lock) {
        this.shared = shared;
        this.lock = lock;
        this.keys = keys;
        this.values = values;
        this.entries = shared.map().typed(keys, values);
    }

    /** The entries, by the map that is the table in this turn. */
    private TypedMap<K, V> entries() throws KernelException {
        synchronized (shared) {
            if (turn != lock.turn()) {
                turn = lock.turn();
                follow();
            }
            return entries;
        }
    }

    /** Returns whether another map has become the table. */
    private boolean follow() throws KernelException {
        try {
            boolean moved = shared.follow();
            if (moved) {
                entries = shared.map().typed(keys, values);
            }
            return moved;
        } catch (SyscallException e) {
            throw failed(e);
        }
    }

    /** After work without the lock: whether it was done on a map that is the table no more. */
    boolean hasMoved() throws KernelException {
        synchronized (shared) {
            return turn == lock.turn() && follow();
        }
    }

    @Nullable V find(K key) throws KernelException {
        try {
            return entries().lookup(key).orElse(null);
        } catch (SyscallException e) {
            throw failed(e);
        }
    }

    /** Adds a new entry. Tries look at what is there since Linux 6.13 only: before, they replace it. */
    Outcome add(K key, V value) throws KernelException {
        return update(key, value, MapSlot.NO_EXIST);
    }

    Outcome put(K key, V value) throws KernelException {
        return update(key, value, MapSlot.ANY);
    }

    /**
     * Tells whether a trie has this very key, for which it has just found this value: the value of the longest prefix, which may be a shorter
     * one. Writes the value again, if it is the key's own; before Linux 6.13 goes through all entries.
     */
    @Nullable V confirm(K key, V found) throws KernelException {
        if (TrieFlags.OBEYED) {
            return update(key, found, MapSlot.EXIST) == Outcome.DONE ? found : null;
        }
        List<V> own = new ArrayList<>();
        forEach((other, value) -> {
            if (other.equals(key)) {
                own.add(value);
            }
        });
        return own.isEmpty() ? null : own.getFirst();
    }

    private Outcome update(K key, V value, long flags) throws KernelException {
        knownEmpty = false;
        try {
            entries().update(key, value, flags);
            return Outcome.DONE;
        } catch (SyscallException e) {
            return switch (e.errno()) {
                case Errno.E2BIG, Errno.ENOSPC -> Outcome.FULL;
                case Errno.EEXIST -> Outcome.PRESENT;
                case Errno.ENOENT -> Outcome.ABSENT;
                default -> throw failed(e);
            };
        }
    }

    /** Returns whether the key was there. */
    boolean remove(K key) throws KernelException {
        try {
            return entries().delete(key);
        } catch (SyscallException e) {
            throw failed(e);
        }
    }

    /** Whether it had no entry when this turn began, and got none from us since: for those who hold the lock. */
    boolean isKnownEmpty() throws KernelException {
        entries();
        if (emptyAt != turn) {
            emptyAt = turn;
            knownEmpty = isEmpty();
        }
        return knownEmpty;
    }

    boolean isEmpty() throws KernelException {
        entries();
        try (MapSlot slot = shared.map().slot()) {
            return MapSlot.isMissing(slot.nextKey(true));
        }
    }

    void forEach(BiConsumer<K, V> visitor) throws KernelException {
        try {
            entries().forEach(visitor);
        } catch (SyscallException e) {
            throw failed(e);
        }
    }

    private static KernelException failed(SyscallException e) {
        return Remedy.of(e, Reason.FAILED);
    }

    @Override
    public void close() {
        shared.close();
    }
}
