package dev.weir.engine.block;

import java.util.Set;

/**
 * What a client may do, and the block for those that exceed it.
 *
 * @param kind what is counted; the order of the constants is the order of evaluation
 * @param code the query type of {@link Kind#TYPE_RATE}, the response code of {@link Kind#RCODE_RATE} and {@link Kind#RCODE_RATIO}
 * @param allowed response codes that {@link Kind#ALLOWED_RCODES_RATIO} does not count
 * @param most queries, responses or octets a second for rates, a share of all responses for ratios
 * @param warning from where on a warning is inserted, in the same unit; 0: none
 * @param seconds how far back it looks
 * @param leastResponses of ratios: for fewer responses there is no ratio
 * @param leastHitRatio of {@link Kind#CACHE_MISS_RATIO}: below this share of cache hits in the whole process it does not apply
 */
public record Limit(
        Kind kind,
        int code,
        Set<Integer> allowed,
        double most,
        double warning,
        int seconds,
        long leastResponses,
        double leastHitRatio,
        BlockSpec block) {
    /** Kinds of limits, in the order in which a client is tried. */
    public enum Kind {
        QUERY_RATE(false, false),
        BYTE_RATE(true, false),
        CACHE_MISS_RATIO(true, true),
        TYPE_RATE(false, false),
        RCODE_RATE(true, false),
        RCODE_RATIO(true, true),
        ALLOWED_RCODES_RATIO(true, true);

        private final boolean ofResponses;
        private final boolean ratio;

        Kind(boolean ofResponses, boolean ratio) {
            this.ofResponses = ofResponses;
            this.ratio = ratio;
        }

        /** Whether it looks at responses instead of queries. */
        public boolean ofResponses() {
            return ofResponses;
        }

        /** Whether it compares with the number of all responses instead of with the time. */
        public boolean isRatio() {
            return ratio;
        }
    }

    public Limit {
        allowed = Set.copyOf(allowed);
    }

    /** A limit per second. */
    public static Limit rate(Kind kind, int code, double most, double warning, int seconds, BlockSpec block) {
        return new Limit(kind, code, Set.of(), most, warning, seconds, 0, 0, block);
    }

    /** A limit of a share of all responses. */
    public static Limit ratio(
            Kind kind, int code, double most, double warning, int seconds, long leastResponses, BlockSpec block) {
        return new Limit(kind, code, Set.of(), most, warning, seconds, leastResponses, 0, block);
    }

    /** Whether {@code count} of {@code total} is above {@code limit}, which is {@link #most} or {@link #warning}. */
    boolean exceeds(double limit, long count, long total) {
        if (kind.isRatio()) {
            return total >= leastResponses && count > limit * total;
        }
        return count > limit * seconds;
    }
}
