package dev.weir.engine.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/** Native buckets against their definition, in whole numbers. */
class SparseBucketsTest {
    private static final int PER_POWER = 1 << SparseBuckets.SCHEMA;

    /** Whether so many microseconds are at most 2^(index/8) ms: micros^8 <= 2^index * 1000^8. */
    private static boolean isUpTo(long micros, int index) {
        BigInteger left = BigInteger.valueOf(micros).pow(PER_POWER);
        BigInteger right = BigInteger.valueOf(1_000).pow(PER_POWER);
        return index < 0 ? left.shiftLeft(-index).compareTo(right) <= 0 : left.compareTo(right.shiftLeft(index)) <= 0;
    }

    private static void check(long micros) {
        int index = SparseBuckets.bucket(SparseBuckets.place(micros));
        assertThat(isUpTo(micros, index))
                .as("%s µs in bucket %s", micros, index)
                .isTrue();
        assertThat(isUpTo(micros, index - 1))
                .as("%s µs in bucket %s", micros, index)
                .isFalse();
    }

    @Test
    void eachLatencyIsInItsBucket() {
        for (long micros = 1; micros <= 20_000; micros++) {
            check(micros);
        }
        for (int index = -79; index < 160; index++) {
            long about = (long) (1_000 * Math.pow(2, index / 8.0));
            for (long micros = Math.max(1, about - 2); micros <= about + 2; micros++) {
                check(micros);
            }
        }
    }

    @Test
    void theEnds() {
        assertThat(SparseBuckets.place(0)).isZero();
        assertThat(SparseBuckets.place(-1)).isZero();
        assertThat(SparseBuckets.place(1)).isEqualTo(1);
        assertThat(SparseBuckets.bucket(SparseBuckets.place(1_000)))
                .as("1 ms is 2^0")
                .isZero();
        assertThat(SparseBuckets.place(Long.MAX_VALUE)).isEqualTo(SparseBuckets.PLACES - 1);
    }

    @Test
    void threadsAreAddedUp() {
        Statistics statistics = new Statistics();
        StatShard one = statistics.takeShard();
        StatShard other = statistics.takeShard();
        one.latency(0, LatencyKind.UDP);
        one.latency(1_000, LatencyKind.UDP);
        other.latency(1_000, LatencyKind.DOT);
        other.latency(2_000, LatencyKind.TCP);
        SparseHistogram sum = statistics.latencies();
        assertThat(sum.zero()).isEqualTo(1);
        assertThat(sum.buckets()).containsExactly(new SparseHistogram.Bucket(0, 2), new SparseHistogram.Bucket(8, 1));
        assertThat(sum.total()).isEqualTo(4);
    }
}
