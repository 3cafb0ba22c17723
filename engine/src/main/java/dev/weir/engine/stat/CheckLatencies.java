package dev.weir.engine.stat;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How long health checks took, in the buckets that dnsdist has for latencies. Any thread. */
public final class CheckLatencies {
    private static final long MICROS_PER_MILLI = 1_000;

    /** Upper bounds in milliseconds; a last bucket holds what took longer. */
    private static final List<Long> BOUNDS_MILLIS = List.of(1L, 10L, 50L, 100L, 1000L);

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS_MILLIS.size() + 1);
    private final LongAdder sumMicros = new LongAdder();

    /** Counts by place of {@link SparseBuckets}: a backend's checks take about as long as each other, and there may be many backends. */
    private final SortedMap<Integer, Long> sparse = new TreeMap<>();

    public void add(long micros) {
        int bucket = 0;
        while (bucket < BOUNDS_MILLIS.size() && micros > BOUNDS_MILLIS.get(bucket) * MICROS_PER_MILLI) {
            bucket++;
        }
        counts.getAndIncrement(bucket);
        sumMicros.add(micros);
        synchronized (sparse) {
            sparse.merge(SparseBuckets.place(micros), 1L, Long::sum);
        }
    }

    /** All of them in finer buckets. */
    public SparseHistogram sparse() {
        long[] places = new long[SparseBuckets.PLACES];
        synchronized (sparse) {
            sparse.forEach((place, count) -> places[place] = count);
        }
        return SparseHistogram.of(places);
    }

    /** The buckets' upper bounds as Prometheus writes them, the last one {@code +Inf}. */
    public static List<String> bounds() {
        String[] bounds = new String[BOUNDS_MILLIS.size() + 1];
        Arrays.setAll(
                bounds, i -> i < BOUNDS_MILLIS.size() ? BOUNDS_MILLIS.get(i).toString() : "+Inf");
        return List.of(bounds);
    }

    /** Checks in this bucket alone. */
    public long count(int bucket) {
        return counts.get(bucket);
    }

    /** How long all of them took together, in microseconds. */
    public long sumMicros() {
        return sumMicros.sum();
    }
}
