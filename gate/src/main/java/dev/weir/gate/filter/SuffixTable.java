package dev.weir.gate.filter;

import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names with everything below them, in a trie; an entry holds its own end. Any thread.
 *
 * <pre>{@code u64 hits; u64 end (0: none); u16 prefix (the key's); u8 action; 5 bytes of padding}</pre>
 */
final class SuffixTable implements AutoCloseable {
    static final int VALUE = 24;

    private static final int END = 8;
    private static final int PREFIX = 16;
    private static final int ACTION = 18;

    private final Table suffixes;
    private final Expiries expiries = new Expiries();

    /** Sees an entry. */
    interface Visitor {
        void visit(Name suffix, int type, int action, long hits, long endNanos);
    }

    SuffixTable(Table suffixes) {
        this.suffixes = suffixes;
    }

    /** Takes over what a process before this one has left. */
    synchronized void takeOver() throws KernelException {
        suffixes.forEach((key, value) -> {
            if (end(value) != KernelFilter.FOREVER) {
                expiries.add(key, end(value));
            }
        });
    }

    synchronized Table.Outcome block(byte[] key, int action, long endNanos) throws KernelException {
        byte[] known = find(key);
        if (known != null && end(known) == KernelFilter.FOREVER) {
            return Table.Outcome.PRESENT;
        }
        long hits = known == null ? 0 : Layout.read(known).getLong();
        boolean stays = endNanos == KernelFilter.FOREVER;
        byte[] value = Layout.buffer(VALUE)
                .putLong(hits)
                .putLong(stays ? 0 : endNanos)
                .putShort((short) Layout.prefix(key))
                .put((byte) action)
                .array();
        Table.Outcome outcome = suffixes.put(key, value);
        if (outcome == Table.Outcome.DONE && !stays) {
            expiries.add(key, endNanos);
        }
        return outcome;
    }

    /** Returns whether there was one. */
    synchronized boolean unblock(byte[] key) throws KernelException {
        return suffixes.remove(key);
    }

    synchronized void purge(long nowNanos) throws KernelException {
        for (byte[] key = expiries.poll(nowNanos); key != null; key = expiries.poll(nowNanos)) {
            byte[] value = find(key);
            if (value != null && end(value) - nowNanos <= 0) {
                suffixes.remove(key);
            }
        }
    }

    synchronized long hits(byte[] key) throws KernelException {
        byte[] value = find(key);
        return value == null ? 0 : Layout.read(value).getLong();
    }

    synchronized void forEach(Visitor visitor) throws KernelException {
        List<byte[]> keys = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        suffixes.forEach((key, value) -> {
            keys.add(key);
            values.add(value);
        });
        for (int i = 0; i < keys.size(); i++) {
            byte[] key = keys.get(i);
            byte[] value = values.get(i);
            visitor.visit(
                    Layout.suffix(key),
                    Layout.typeOfSuffix(key),
                    value[ACTION] & 0xff,
                    Layout.read(value).getLong(),
                    end(value));
        }
    }

    /** The value of this very key; the trie answers for the longest suffix that it has. */
    private byte @Nullable [] find(byte[] key) throws KernelException {
        byte[] value = suffixes.find(key);
        boolean own = value != null && (Layout.read(value).getShort(PREFIX) & 0xffff) == Layout.prefix(key);
        return own ? value : null;
    }

    private static long end(byte[] value) {
        long end = Layout.read(value).getLong(END);
        return end == 0 ? KernelFilter.FOREVER : end;
    }

    @Override
    public void close() {
        suffixes.close();
    }
}
