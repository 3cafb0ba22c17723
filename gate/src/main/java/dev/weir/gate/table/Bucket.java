package dev.weir.gate.table;

import static dev.weir.gate.table.Fields.offset;
import static dev.weir.gate.table.Fields.u32;
import static dev.weir.gate.table.Fields.u64;

import dev.weir.ebpf.map.Codec;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * A network's rate of queries, by the generic cell rate algorithm.
 *
 * <pre>{@code
 * struct bucket {
 *     __u64 next;
 *     __u64 interval;
 *     __u64 tolerance;
 *     __u64 limited;
 *     __u32 slip;
 *     __u32 per;
 * };
 * }</pre>
 *
 * @param nextNs when the bucket will be full again, {@code CLOCK_MONOTONIC} nanoseconds; programs move it on
 * @param intervalNs between two queries at the rate
 * @param toleranceNs how far ahead {@code nextNs} may be: (burst - 1) intervals
 * @param limited queries over the rate
 * @param slip one in so many of those is answered with TC=1; 0: none
 * @param per each network of so many bits within the one that this stands for has a bucket of its own, which the program keeps; 0: all share
 *     this one
 */
public record Bucket(long nextNs, long intervalNs, long toleranceNs, long limited, int slip, int per) {
    private static final long SECOND_NS = 1_000_000_000;

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u64("next"), u64("interval"), u64("tolerance"), u64("limited"), u32("slip"), u32("per"))
            .withName("bucket");

    private static final long INTERVAL = offset(LAYOUT, "interval");
    private static final long TOLERANCE = offset(LAYOUT, "tolerance");
    /** Where it counts. */
    public static final long LIMITED = offset(LAYOUT, "limited");

    private static final long SLIP = offset(LAYOUT, "slip");
    private static final long PER = offset(LAYOUT, "per");

    public static final Codec<Bucket> CODEC = Codec.of(
            Fields.size(LAYOUT),
            (bucket, to) -> {
                to.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, bucket.nextNs);
                to.set(ValueLayout.JAVA_LONG_UNALIGNED, INTERVAL, bucket.intervalNs);
                to.set(ValueLayout.JAVA_LONG_UNALIGNED, TOLERANCE, bucket.toleranceNs);
                to.set(ValueLayout.JAVA_LONG_UNALIGNED, LIMITED, bucket.limited);
                to.set(ValueLayout.JAVA_INT_UNALIGNED, SLIP, bucket.slip);
                to.set(ValueLayout.JAVA_INT_UNALIGNED, PER, bucket.per);
            },
            from -> new Bucket(
                    from.get(ValueLayout.JAVA_LONG_UNALIGNED, 0),
                    from.get(ValueLayout.JAVA_LONG_UNALIGNED, INTERVAL),
                    from.get(ValueLayout.JAVA_LONG_UNALIGNED, TOLERANCE),
                    from.get(ValueLayout.JAVA_LONG_UNALIGNED, LIMITED),
                    from.get(ValueLayout.JAVA_INT_UNALIGNED, SLIP),
                    from.get(ValueLayout.JAVA_INT_UNALIGNED, PER)));

    /**
     * A full bucket.
     *
     * @param queriesPerSecond at least 1
     * @param burst how many queries may come at once, at least 1
     */
    public static Bucket of(int queriesPerSecond, int burst, int slip) {
        return of(queriesPerSecond, burst, slip, 0);
    }

    /**
     * A full bucket, or what each source's is made from.
     *
     * @param per the bits of a source's network; 0 for one bucket
     */
    public static Bucket of(int queriesPerSecond, int burst, int slip, int per) {
        if (queriesPerSecond < 1 || burst < 1 || slip < 0) {
            throw new IllegalArgumentException(
                    "rate " + queriesPerSecond + "/s, burst " + burst + ", slip " + slip + ": at least 1, 1 and 0");
        }
        long intervalNs = SECOND_NS / queriesPerSecond;
        return new Bucket(0, intervalNs, (burst - 1L) * intervalNs, 0, slip, per);
    }

    /** How many queries a second the interval allows; the nearest that there is to what was asked for. */
    public long queriesPerSecond() {
        return intervalNs == 0 ? SECOND_NS : Math.round((double) SECOND_NS / intervalNs);
    }

    /** How many queries may come at once. */
    public long burst() {
        return intervalNs == 0 ? 1 : toleranceNs / intervalNs + 1;
    }
}
