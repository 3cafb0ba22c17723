package dev.weir.engine.stat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLongArray;

/** All threads' shards, and their sums. Any thread. */
public final class Statistics {
    private final List<StatShard> shards = new CopyOnWriteArrayList<>();
    /** Of these, those whose threads have ended: what they have counted stays, and the next threads go on with them. */
    private final ArrayDeque<StatShard> free = new ArrayDeque<>();

    private final AtomicLongArray others = new AtomicLongArray(Counter.values().length);

    /** A shard for one thread's use. */
    public synchronized StatShard takeShard() {
        StatShard given = free.poll();
        if (given != null) {
            return given;
        }
        StatShard shard = new StatShard(shards.size());
        shards.add(shard);
        return shard;
    }

    /** The shard's thread has ended, or will not count in it any more. */
    public synchronized void giveBack(StatShard shard) {
        free.add(shard);
    }

    /** How many shards there are, in use or free. */
    public int shards() {
        return shards.size();
    }

    /** For threads without a shard. */
    public void add(Counter counter, long delta) {
        others.getAndAdd(counter.ordinal(), delta);
    }

    public long value(Counter counter) {
        long sum = others.get(counter.ordinal());
        for (StatShard shard : shards) {
            sum += shard.value(counter);
        }
        return sum;
    }

    /** All latencies that {@link StatShard#latency} was told of. */
    public SparseHistogram latencies() {
        long[] places = new long[SparseBuckets.PLACES];
        for (StatShard shard : shards) {
            shard.addLatencies(places);
        }
        return SparseHistogram.of(places);
    }

    /**
     * Moving average of the latency over about the last 100, 1,000, 10,000 or 1,000,000 answers ({@code window} 0 to 3), in microseconds:
     * the mean of the threads' averages, each weighted with what it answered.
     */
    public double latencyAverage(int window, LatencyKind kind) {
        double sum = 0;
        long weight = 0;
        for (StatShard shard : shards) {
            double average = shard.average(window, kind);
            if (average > 0) {
                long count = shard.value(Counter.LATENCY_COUNT);
                sum += average * count;
                weight += count;
            }
        }
        return weight == 0 ? 0 : sum / weight;
    }
}
