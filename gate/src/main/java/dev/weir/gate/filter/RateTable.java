package dev.weir.gate.filter;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.KernelException;

/**
 * Token buckets of networks, each kept as one time (the generic cell rate algorithm): {@code next} is when the bucket is full again, a packet
 * moves it {@code interval} ahead, and is over the rate if it is more than {@code tolerance} ahead. Any thread.
 *
 * <pre>{@code u64 next; u64 interval; u64 tolerance; u64 limited; u32 slip; 4 bytes of padding}</pre>
 */
final class RateTable implements AutoCloseable {
    static final int VALUE = 40;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int LIMITED = 24;
    private static final int SLIP = 32;

    private final Table rates;

    /** Sees an entry. */
    interface Visitor {
        void visit(Netmask range, boolean slips, long limited);
    }

    RateTable(Table rates) {
        this.rates = rates;
    }

    /** Sets a limit, in place of the one there may be; its bucket is full and its counter 0. */
    Table.Outcome limit(byte[] key, int queriesPerSecond, int burst, int slip) throws KernelException {
        long interval = SECOND_NANOS / queriesPerSecond;
        return rates.put(
                key,
                Layout.buffer(VALUE)
                        .putLong(0)
                        .putLong(interval)
                        .putLong((burst - 1) * interval)
                        .putLong(0)
                        .putInt(slip)
                        .array());
    }

    boolean remove(byte[] key) throws KernelException {
        return rates.remove(key);
    }

    void forEach(Visitor visitor) throws KernelException {
        rates.forEach((key, value) -> visitor.visit(
                Layout.range(key),
                Layout.read(value).getInt(SLIP) != 0,
                Layout.read(value).getLong(LIMITED)));
    }

    @Override
    public void close() {
        rates.close();
    }
}
