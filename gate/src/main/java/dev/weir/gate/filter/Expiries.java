package dev.weir.gate.filter;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When the entries of a table end, soonest first, so that purging costs as much as there is to purge and not as much as there is. The table of
 * ends in the kernel decides; this is only where to look. Callers take turns.
 */
final class Expiries<K> {
    private final PriorityQueue<Expiry<K>> queue = new PriorityQueue<>((a, b) -> Long.signum(a.endNanos - b.endNanos));

    private record Expiry<K>(long endNanos, K key) {}

    void add(K key, long endNanos) {
        queue.add(new Expiry<>(endNanos, key));
    }

    void clear() {
        queue.clear();
    }

    /** The key of an entry that may have ended, taken out; null if there is none. */
    @Nullable K poll(long nowNanos) {
        Expiry<K> first = queue.peek();
        if (first == null || first.endNanos - nowNanos > 0) {
            return null;
        }
        queue.remove();
        return first.key;
    }
}
