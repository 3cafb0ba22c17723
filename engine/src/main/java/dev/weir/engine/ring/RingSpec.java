package dev.weir.engine.ring;

/**
 * What the rings keep.
 *
 * @param entries queries kept at most, and as many responses; all threads together; 0 keeps none
 * @param samplingRate one query and one response in so many is kept, and counts for as many; 0 and 1: each
 */
public record RingSpec(int entries, int samplingRate, boolean recordQueries, boolean recordResponses) {
    /** The largest ring that can be asked for. */
    public static final int MAX_ENTRIES = 1 << 28;

    public static final RingSpec DEFAULT = new RingSpec(10_000, 0, true, true);

    public RingSpec {
        if (entries < 0 || entries > MAX_ENTRIES) {
            throw new IllegalArgumentException("a ring of " + entries + " entries is not possible");
        }
        if (samplingRate < 0) {
            throw new IllegalArgumentException("a sampling rate of " + samplingRate + " is not possible");
        }
    }

    @Override
    public boolean recordQueries() {
        return recordQueries && entries > 0;
    }

    @Override
    public boolean recordResponses() {
        return recordResponses && entries > 0;
    }

    public RingSpec withEntries(int newEntries) {
        return new RingSpec(newEntries, samplingRate, recordQueries, recordResponses);
    }

    public RingSpec withSamplingRate(int newRate) {
        return new RingSpec(entries, newRate, recordQueries, recordResponses);
    }

    public RingSpec recording(boolean queries, boolean responses) {
        return new RingSpec(entries, samplingRate, queries, responses);
    }

    /** What an entry that was read counts for, at least 1. */
    public int weight() {
        return Math.max(1, samplingRate);
    }
}
