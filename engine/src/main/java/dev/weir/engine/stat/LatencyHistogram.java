package dev.weir.engine.stat;

import java.util.Arrays;
import java.util.List;

/**
 * How many queries took how long, in bins whose upper bounds double from 0.1 ms to 1638.4 ms; the last one also holds all that took longer.
 * Counts of one moment.
 *
 * @param counts one number a bin
 * @param sumMicros how long all of them took together, in microseconds
 */
public record LatencyHistogram(List<Long> counts, long sumMicros) {
    public static final int BINS = 15;

    /** Upper bound of the first bin, in microseconds; it belongs to the bin. */
    private static final int FIRST_MICROS = 100;

    /** The bin that so many microseconds fall into. */
    static int bin(long micros) {
        if (micros <= FIRST_MICROS) {
            return 0;
        }
        return Math.min(BINS - 1, Long.SIZE - Long.numberOfLeadingZeros((micros - 1) / FIRST_MICROS));
    }

    /** The largest latency that belongs to the bin, in microseconds. */
    public static long boundMicros(int bin) {
        return (long) FIRST_MICROS << bin;
    }

    /** Collects latencies. */
    public static final class Builder {
        private final long[] counts = new long[BINS];
        private long sumMicros;

        public void add(long micros, long queries) {
            counts[bin(micros)] += queries;
            sumMicros += micros * queries;
        }

        public LatencyHistogram build() {
            return new LatencyHistogram(Arrays.stream(counts).boxed().toList(), sumMicros);
        }
    }

    /** Queries in all bins. */
    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
