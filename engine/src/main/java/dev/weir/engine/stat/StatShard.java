package dev.weir.engine.stat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One thread's counters. Only its thread writes; anybody reads, and may see a value a moment old. Opaque access keeps the reads and writes
 * whole without a fence or a locked instruction, and no cache line is shared between writers.
 */
public final class StatShard {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle DOUBLES = MethodHandles.arrayElementVarHandle(double[].class);

    /** How many samples each moving average remembers, in the order of {@link #average}. */
    static final int[] WINDOWS = {100, 1000, 10000, 1000000};

    /** Longs on either side of the counters that keep other threads' data off their cache lines. */
    private static final int PAD = 16;

    private final long[] counts = new long[Counter.values().length + 2 * PAD];
    private final double[] averages = new double[LatencyKind.values().length * WINDOWS.length + 2 * PAD];
    private final long[] latencies = new long[SparseBuckets.PLACES + 2 * PAD];

    /** Counters of a chunk of {@link Cell}s. */
    private static final int CHUNK = 64;

    private final int number;
    private long[] chunk = {};
    private int chunkUsed;

    /** The number of shards whose counts nobody sums. */
    private static final int NOWHERE = Integer.MAX_VALUE;

    /** @param number counts up from 0 over the shards of one {@link Statistics} */
    StatShard(int number) {
        this.number = number;
    }

    /** A shard that no statistics know: what is counted there, in {@link Tally} too, is never seen. For one thread, as all shards. */
    public static StatShard nowhere() {
        return new StatShard(NOWHERE);
    }

    boolean isNowhere() {
        return number == NOWHERE;
    }

    int number() {
        return number;
    }

    /** A place for so many words beside this thread's others. Its thread only. */
    Cell newCell(int words) {
        if (chunkUsed + words > chunk.length - PAD) {
            chunk = new long[CHUNK + 2 * PAD];
            chunkUsed = PAD;
        }
        Cell cell = new Cell(chunk, chunkUsed);
        chunkUsed += words;
        return cell;
    }

    public void increment(Counter counter) {
        add(counter, 1);
    }

    public void add(Counter counter, long delta) {
        int index = PAD + counter.ordinal();
        LONGS.setOpaque(counts, index, (long) LONGS.getOpaque(counts, index) + delta);
    }

    public long value(Counter counter) {
        return (long) LONGS.getOpaque(counts, PAD + counter.ordinal());
    }

    /** Records how long one query took from its reception to its answer. */
    public void latency(long micros, LatencyKind kind) {
        increment(bucket(micros));
        increment(Counter.LATENCY_COUNT);
        add(Counter.LATENCY_SUM, micros);
        int sparse = PAD + SparseBuckets.place(micros);
        LONGS.setOpaque(latencies, sparse, (long) LONGS.getOpaque(latencies, sparse) + 1);
        int first = place(kind, 0);
        for (int i = 0; i < WINDOWS.length; i++) {
            double old = (double) DOUBLES.getOpaque(averages, first + i);
            DOUBLES.setOpaque(averages, first + i, old + (micros - old) / WINDOWS[i]);
        }
    }

    /** Adds how many latencies there are at each place of {@link SparseBuckets}. */
    void addLatencies(long[] places) {
        for (int place = 0; place < SparseBuckets.PLACES; place++) {
            places[place] += (long) LONGS.getOpaque(latencies, PAD + place);
        }
    }

    private static int place(LatencyKind kind, int window) {
        return PAD + kind.ordinal() * WINDOWS.length + window;
    }

    private static Counter bucket(long micros) {
        if (micros < 1_000) {
            return Counter.LATENCY0_1;
        } else if (micros < 10_000) {
            return Counter.LATENCY1_10;
        } else if (micros < 50_000) {
            return Counter.LATENCY10_50;
        } else if (micros < 100_000) {
            return Counter.LATENCY50_100;
        }
        return micros < 1_000_000 ? Counter.LATENCY100_1000 : Counter.LATENCY_SLOW;
    }

    double average(int window, LatencyKind kind) {
        return (double) DOUBLES.getOpaque(averages, place(kind, window));
    }
}
