package dev.weir.engine.stat;

/**
 * The buckets of Prometheus' native histograms for latencies: each power of two of a millisecond is divided into {@code 2^SCHEMA} buckets, so that
 * a bucket's upper bound, which belongs to it, is 9 % above the one before. A place is a bucket's number in an array: 0 for the latency of zero,
 * 1 for the bucket that holds one microsecond, {@link #PLACES} - 1 for the last one, which also holds all that took longer.
 *
 * @see <a href="https://prometheus.io/docs/specs/native_histograms/">Native histograms</a>
 */
public final class SparseBuckets {
    /** Prometheus' number for this resolution. */
    public static final int SCHEMA = 3;

    private static final int PER_POWER = 1 << SCHEMA;
    private static final double MICROS_PER_MILLI = 1_000;

    /** The bucket with 1 µs: 2^(-80/8) ms is 0.98 µs, 2^(-79/8) ms is 1.06 µs. */
    private static final int FIRST = -79;

    /** The bucket up to 2^20 ms, 17 minutes: nothing waits for so long. */
    private static final int LAST = 20 * PER_POWER;

    public static final int PLACES = LAST - FIRST + 2;

    /** The largest whole number of microseconds in each place. */
    private static final long[] LARGEST = new long[PLACES];

    /** Where to begin looking for numbers of so many bits. */
    private static final int[] BY_BITS = new int[Long.SIZE + 1];

    static {
        for (int place = 1; place < PLACES; place++) {
            LARGEST[place] = (long) (MICROS_PER_MILLI * Math.pow(2, (double) bucket(place) / PER_POWER));
        }
        LARGEST[PLACES - 1] = Long.MAX_VALUE;
        for (int bits = 1; bits < BY_BITS.length; bits++) {
            int place = BY_BITS[bits - 1];
            long least = bits == Long.SIZE ? Long.MAX_VALUE : 1L << bits - 1;
            while (LARGEST[place] < least) {
                place++;
            }
            BY_BITS[bits] = place;
        }
    }

    private SparseBuckets() {}

    /** Where so many microseconds are counted; 0 if they are not positive. A few steps, no arithmetic with fractions. */
    public static int place(long micros) {
        if (micros <= 0) {
            return 0;
        }
        int place = BY_BITS[Long.SIZE - Long.numberOfLeadingZeros(micros)];
        while (LARGEST[place] < micros) {
            place++;
        }
        return place;
    }

    /** Prometheus' index {@code i} of the bucket at a place above 0: it holds latencies of up to 2^(i/8) ms. */
    public static int bucket(int place) {
        return FIRST + place - 1;
    }
}
