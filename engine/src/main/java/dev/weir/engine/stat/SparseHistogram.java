package dev.weir.engine.stat;

import java.util.ArrayList;
import java.util.List;

/**
 * Latencies in {@link SparseBuckets}, as counted at one moment.
 *
 * @param zero how many took no microsecond
 * @param buckets those with at least one, in ascending order of their index
 */
public record SparseHistogram(long zero, List<Bucket> buckets) {
    /**
     * Those in one bucket alone.
     *
     * @param index Prometheus' index
     */
    public record Bucket(int index, long count) {}

    /** @param places counts by {@linkplain SparseBuckets#place place} */
    static SparseHistogram of(long[] places) {
        List<Bucket> filled = new ArrayList<>();
        for (int place = 1; place < places.length; place++) {
            if (places[place] > 0) {
                filled.add(new Bucket(SparseBuckets.bucket(place), places[place]));
            }
        }
        return new SparseHistogram(places[0], List.copyOf(filled));
    }

    /** All of them. */
    public long total() {
        return zero + buckets.stream().mapToLong(Bucket::count).sum();
    }
}
