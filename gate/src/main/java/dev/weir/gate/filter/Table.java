package dev.weir.gate.filter;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapSlot;
import dev.weir.ebpf.map.TypedMap;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A map as bytes, whose failures are the port's. Owns the map. Callers take turns. */
final class Table implements AutoCloseable {
    private final BpfMap map;
    private final TypedMap<byte[], byte[]> entries;

    /** What the map did with an entry. */
    enum Outcome {
        DONE,
        FULL,
        PRESENT,
        ABSENT
    }

    Table(BpfMap map) {
        this.map = map;
        this.entries = map.typed(Codec.bytes(map.keyBytes()), Codec.bytes(map.valueBytes()));
    }

    BpfMap map() {
        return map;
    }

    byte @Nullable [] find(byte[] key) throws KernelException {
        try {
            return entries.lookup(key).orElse(null);
        } catch (SyscallException e) {
            throw failed(e);
        }
    }

    /** Adds a new entry. Tries look at what is there since Linux 6.13 only: before, they replace it. */
    Outcome add(byte[] key, byte[] value) throws KernelException {
        return update(key, value, MapSlot.NO_EXIST);
    }

    Outcome put(byte[] key, byte[] value) throws KernelException {
        return update(key, value, MapSlot.ANY);
    }

    /**
     * Tells whether a trie has this very key, for which it has just found this value: the value of the longest prefix, which may be a shorter
     * one. Writes the value again, if it is the key's own; before Linux 6.13 goes through all entries.
     */
    byte @Nullable [] confirm(byte[] key, byte[] found) throws KernelException {
        if (TrieFlags.OBEYED) {
            return update(key, found, MapSlot.EXIST) == Outcome.DONE ? found : null;
        }
        byte[][] own = new byte[1][];
        forEach((other, value) -> {
            if (Arrays.equals(other, key)) {
                own[0] = value;
            }
        });
        return own[0];
    }

    private Outcome update(byte[] key, byte[] value, long flags) throws KernelException {
        try {
            entries.update(key, value, flags);
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
    boolean remove(byte[] key) throws KernelException {
        try {
            return entries.delete(key);
        } catch (SyscallException e) {
            throw failed(e);
        }
    }

    void forEach(BiConsumer<byte[], byte[]> visitor) throws KernelException {
        try {
            entries.forEach(visitor);
        } catch (SyscallException e) {
            throw failed(e);
        }
    }

    private static KernelException failed(SyscallException e) {
        return Remedy.of(e, Reason.FAILED);
    }

    @Override
    public void close() {
        map.close();
    }
}
