package dev.weir.gate.filter;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When the entries of a table end, soonest first, so that purging costs as much as there is to purge and not as much as there is. The table of
 * ends in the kernel decides; this is only where to look. Callers take turns.
 */
final class Expiries {
    private final PriorityQueue<Expiry> queue = new PriorityQueue<>((a, b) -> Long.signum(a.endNanos - b.endNanos));

    private record Expiry(long endNanos, byte[] key) {}

    void add(byte[] key, long endNanos) {
        queue.add(new Expiry(endNanos, key));
    }

    /** The key of an entry that may have ended, taken out; null if there is none. */
    byte @Nullable [] poll(long nowNanos) {
        Expiry first = queue.peek();
        if (first == null || first.endNanos - nowNanos > 0) {
            return null;
        }
        queue.remove();
        return first.key;
    }
}
