package dev.weir.gate.filter;

import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Addresses or ranges, and beside them when they end. Whoever dies half-way must neither leave a block for ever that was meant to end, nor have
 * a block lifted that was meant to stay, therefore:
 *
 * <ul>
 *   <li>an end is there before its block, and goes after it;
 *   <li>before a block that stays, an end that somebody left behind goes;
 *   <li>on opening, ends without a block go.
 * </ul>
 *
 * <p>Ends are CLOCK_MONOTONIC in nanoseconds, which is {@link System#nanoTime} here. Any thread.
 */
final class BlockTable implements AutoCloseable {
    private final Table blocks;
    private final Table ends;
    private final boolean trie;
    private final ValueFormat format;
    private final Expiries expiries = new Expiries();

    /** How a block's value is laid out. */
    enum ValueFormat {
        /** {@code u64 hits; u8 action; 7 bytes of padding}. */
        VERDICT,
        /** {@code u64 hits}, always dropped. */
        COUNTER
    }

    /** What an entry holds. */
    record Block(long hits, int action, long endNanos) {}

    /** @param trie whether keys are ranges, in a trie */
    BlockTable(Table blocks, Table ends, boolean trie, ValueFormat format) {
        this.blocks = blocks;
        this.ends = ends;
        this.trie = trie;
        this.format = format;
    }

    /** Takes over what a process before this one has left. */
    synchronized void takeOver() throws KernelException {
        List<byte[]> keys = new ArrayList<>();
        ends.forEach((key, value) -> keys.add(key));
        if (keys.isEmpty()) {
            return;
        }
        Set<ByteBuffer> there = new HashSet<>();
        blocks.forEach((key, value) -> there.add(ByteBuffer.wrap(key)));
        for (byte[] key : keys) {
            Long end = end(key);
            if (end == null || !there.contains(ByteBuffer.wrap(key))) {
                ends.remove(key);
            } else {
                expiries.add(key, end);
            }
        }
    }

    /** @return FULL or PRESENT if nothing was done */
    synchronized Table.Outcome block(byte[] key, int action, long endNanos, boolean replace) throws KernelException {
        byte[] known = find(key);
        Long knownEnd = end(key);
        if (known != null && knownEnd == null && !replace) {
            return Table.Outcome.PRESENT;
        }
        boolean stays = endNanos == KernelFilter.FOREVER;
        if (known != null) {
            return change(key, known, action, endNanos, knownEnd);
        }
        if (stays) {
            ends.remove(key);
        } else if (ends.put(key, endValue(key, endNanos)) == Table.Outcome.FULL) {
            return Table.Outcome.FULL;
        }
        Table.Outcome outcome = blocks.add(key, value(0, action));
        if (outcome != Table.Outcome.DONE && !stays) {
            ends.remove(key);
        } else if (!stays) {
            expiries.add(key, endNanos);
        }
        return outcome;
    }

    private Table.Outcome change(byte[] key, byte[] known, int action, long endNanos, @Nullable Long knownEnd)
            throws KernelException {
        boolean stays = endNanos == KernelFilter.FOREVER;
        if (!stays) {
            if (ends.put(key, endValue(key, endNanos)) == Table.Outcome.FULL) {
                return Table.Outcome.FULL;
            }
            // A later end is seen when the earlier one has come.
            if (knownEnd == null || endNanos - knownEnd < 0) {
                expiries.add(key, endNanos);
            }
        }
        if (format == ValueFormat.VERDICT && action(known) != action) {
            blocks.put(key, value(counted(known), action));
        }
        if (stays) {
            ends.remove(key);
        }
        return Table.Outcome.DONE;
    }

    /** Returns whether there was such a block. */
    synchronized boolean unblock(byte[] key) throws KernelException {
        boolean there = blocks.remove(key);
        ends.remove(key);
        return there;
    }

    synchronized void purge(long nowNanos) throws KernelException {
        for (byte[] key = expiries.poll(nowNanos); key != null; key = expiries.poll(nowNanos)) {
            Long end = end(key);
            if (end == null) {
                continue;
            }
            if (end - nowNanos > 0) {
                expiries.add(key, end);
            } else {
                blocks.remove(key);
                ends.remove(key);
            }
        }
    }

    synchronized long hits(byte[] key) throws KernelException {
        byte[] value = find(key);
        return value == null ? 0 : counted(value);
    }

    /** Visits all blocks, with their keys. */
    synchronized void forEach(BiConsumer<byte[], Block> visitor) throws KernelException {
        List<byte[]> keys = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        blocks.forEach((key, value) -> {
            keys.add(key);
            values.add(value);
        });
        for (int i = 0; i < keys.size(); i++) {
            Long end = end(keys.get(i));
            byte[] value = values.get(i);
            visitor.accept(
                    keys.get(i), new Block(counted(value), action(value), end == null ? KernelFilter.FOREVER : end));
        }
    }

    /** The value of this very key; a trie answers for the longest prefix that it has. */
    private byte @Nullable [] find(byte[] key) throws KernelException {
        byte[] value = blocks.find(key);
        if (value == null || !trie) {
            return value;
        }
        int prefix = Layout.prefix(key);
        if (prefix == 0 || blocks.find(Layout.withPrefix(key, prefix - 1)) == null) {
            return value;
        }
        // A shorter range is there as well, and values don't say whose they are.
        return blocks.confirm(key, value);
    }

    /** When this very key ends. */
    private @Nullable Long end(byte[] key) throws KernelException {
        byte[] value = ends.find(key);
        if (value == null || trie && Layout.read(value).getInt(Long.BYTES) != Layout.prefix(key)) {
            return null;
        }
        return Layout.read(value).getLong();
    }

    private byte[] endValue(byte[] key, long endNanos) {
        byte[] value = new byte[trie ? 16 : 8];
        Layout.read(value).putLong(0, endNanos);
        if (trie) {
            Layout.read(value).putInt(Long.BYTES, Layout.prefix(key));
        }
        return value;
    }

    private byte[] value(long hits, int action) {
        return format == ValueFormat.COUNTER
                ? Layout.buffer(8).putLong(hits).array()
                : Layout.buffer(16).putLong(hits).put((byte) action).array();
    }

    private static long counted(byte[] value) {
        return Layout.read(value).getLong();
    }

    private int action(byte[] value) {
        return format == ValueFormat.COUNTER ? 1 : value[8] & 0xff;
    }

    @Override
    public void close() {
        blocks.close();
        ends.close();
    }
}
