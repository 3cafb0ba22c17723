package dev.weir.engine.ring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts by key, shown as the largest ones and the rest. There is room for {@link #MOST} keys, which clients choose; those that come later
 * count to the rest: who is frequent in a ring is among the first of so many. Belongs to one thread.
 */
final class TopList<K extends Comparable<K>> {
    private static final int MOST = 1 << 17;

    private final Map<K, long[]> counts = new HashMap<>();
    private long total;

    void add(K key, long count) {
        long[] known = counts.get(key);
        if (known == null && counts.size() < MOST) {
            known = new long[1];
            counts.put(key, known);
        }
        if (known != null) {
            known[0] += count;
        }
        total += count;
    }

    /** Keys with a count of their own. */
    int size() {
        return counts.size();
    }

    /** The largest ones, those of equal count in the order of their keys, and one row for the rest. */
    List<RingReport.Row> rows(int most) {
        List<Map.Entry<K, long[]>> all = new ArrayList<>(counts.entrySet());
        all.sort((a, b) -> {
            int byCount = Long.compare(b.getValue()[0], a.getValue()[0]);
            return byCount != 0 ? byCount : a.getKey().compareTo(b.getKey());
        });
        List<RingReport.Row> rows = new ArrayList<>();
        long rest = total;
        for (Map.Entry<K, long[]> entry : all.subList(0, Math.min(most, all.size()))) {
            long count = entry.getValue()[0];
            rows.add(new RingReport.Row(entry.getKey().toString(), count, 100.0 * count / total));
            rest -= count;
        }
        rows.add(new RingReport.Row("Rest", rest, total == 0 ? 100 : 100.0 * rest / total));
        return rows;
    }
}
