package dev.weir.engine.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.weir.engine.acl.AddressHash;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateTableTest {
    private static final long SECOND = 1_000_000_000L;

    private final Statistics statistics = new Statistics();
    private final StatShard mine = statistics.takeShard();

    private static RateTable table(long qps, long burst, long forgottenSeconds, int cells) {
        return new RateTable(
                new RateTable.Spec(qps, 32, 64, burst, forgottenSeconds, cells),
                new AddressHash(new SplittableRandom(7)));
    }

    private boolean exceeds(RateTable rates, long v4, long nowNanos) {
        return rates.exceeds(4, 0, v4, nowNanos, mine);
    }

    private int passed(RateTable rates, long v4, long nowNanos, int tries) {
        int passed = 0;
        for (int i = 0; i < tries; i++) {
            passed += exceeds(rates, v4, nowNanos) ? 0 : 1;
        }
        return passed;
    }

    @Test
    void eachNetworkHasItsOwnRate() {
        RateTable rates = new RateTable(new RateTable.Spec(2, 24, 64, 0, 300, 1000));
        assertThat(exceeds(rates, 0xc0000201L, 0)).isFalse();
        assertThat(exceeds(rates, 0xc00002ffL, 0)).isFalse();
        assertThat(exceeds(rates, 0xc0000207L, 0)).as("third of 192.0.2.0/24").isTrue();
        assertThat(exceeds(rates, 0xc0000301L, 0)).isFalse();
        assertThat(rates.exceeds(6, 1, 1, 0, mine)).isFalse();
        assertThat(rates.exceeds(6, 1, 99, 0, mine)).isFalse();
        assertThat(rates.exceeds(6, 1, 7, 0, mine)).isTrue();
        assertThat(rates.exceeds(6, 2, 7, 0, mine)).isFalse();
    }

    @Test
    void aBucketRefillsAtItsRateUpToItsBurst() {
        RateTable rates = table(10, 5, 300, 1000);
        assertThat(passed(rates, 1, 0, 100)).isEqualTo(5);
        assertThat(passed(rates, 1, SECOND / 10, 100)).isEqualTo(1);
        assertThat(passed(rates, 1, 10 * SECOND, 100)).isEqualTo(5);
    }

    @Test
    void aRateOfNothingLetsNothingPass() {
        assertThat(passed(table(0, 0, 300, 8), 1, 0, 10)).isZero();
    }

    /** The bucket would take 1,000 s to fill again. */
    @Test
    void aNetworkThatDidNotAskForLongStartsAgain() {
        RateTable rates = table(1, 1000, 300, 1000);
        assertThat(passed(rates, 1, 0, 2000)).isEqualTo(1000);
        assertThat(passed(rates, 1, 200 * SECOND, 2000)).isEqualTo(200);
        assertThat(passed(rates, 1, 501 * SECOND, 2000)).isEqualTo(1000);
    }

    /** Threads see the time at which their batches began. */
    @Test
    void aClockThatIsBehindForgetsNothing() {
        RateTable rates = table(1, 1000, 300, 1000);
        assertThat(passed(rates, 1, 5 * SECOND, 2000)).isEqualTo(1000);
        assertThat(passed(rates, 1, 5 * SECOND - 20_000_000, 2000)).isZero();
    }

    @Test
    void theClockMayStartBelowZero() {
        RateTable rates = table(10, 10, 300, 1000);
        assertThat(passed(rates, 1, Long.MIN_VALUE + 5, 100)).isEqualTo(10);
        assertThat(passed(rates, 1, -1, 100)).isEqualTo(10);
        assertThat(passed(rates, 1, 0, 100)).isZero();
    }

    @Test
    void aNewNetworkTakesTheCellUnusedLongest() {
        RateTable rates = table(1, 1000, 3000, 8);
        for (int network = 0; network < 8; network++) {
            assertThat(passed(rates, network, network * SECOND, 1000)).isEqualTo(1000);
        }
        assertThat(exceeds(rates, 0, 8 * SECOND)).as("8 tokens again").isFalse();
        assertThat(statistics.value(Counter.RATE_TABLE_EVICTIONS)).isZero();
        assertThat(passed(rates, 99, 9 * SECOND, 2000)).isEqualTo(1000);
        assertThat(statistics.value(Counter.RATE_TABLE_EVICTIONS)).isOne();
        assertThat(passed(rates, 0, 10 * SECOND, 2000)).as("remembered").isEqualTo(9);
        assertThat(passed(rates, 7, 10 * SECOND, 2000)).as("remembered").isEqualTo(3);
        assertThat(passed(rates, 1, 10 * SECOND, 2000)).as("forgotten").isEqualTo(1000);
    }

    @Test
    void whatWasForgottenAnywayMakesRoomUncounted() {
        RateTable rates = table(1, 1000, 300, 8);
        for (int network = 0; network < 16; network++) {
            exceeds(rates, network, network < 8 ? 0 : 400 * SECOND);
        }
        assertThat(statistics.value(Counter.RATE_TABLE_EVICTIONS)).isZero();
    }

    /** Five million forged addresses, 100,000 a second: the table stays as large as it is, and who asks too often stays limited. */
    @Test
    void aFloodOfStrangersNeitherGrowsItNorFreesAnybody() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        RateTable rates = table(20, 0, 300, RateTable.USUAL_CELLS);
        int offender = -1;
        int passed = 0;
        long nowNanos = 0;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int stranger = 0; stranger < 5_000_000; stranger++) {
            nowNanos = stranger * 10_000L;
            if (exceeds(rates, 0x0b00_0000L + stranger, nowNanos)) {
                throw new AssertionError("a first query passes");
            }
            if (stranger % 2500 == 0) { // 40 times a second
                passed += exceeds(rates, offender, nowNanos) ? 0 : 1;
            }
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("16 octets a cell, and a header a page")
                .isLessThan(5_000_000);
        assertThat(passed).as("20 at once and 20 a second for 50 seconds").isBetween(1000, 1025);
        assertThat(statistics.value(Counter.RATE_TABLE_EVICTIONS)).isGreaterThan(4_500_000);
    }

    @Test
    void fewClientsTakeLittleMemory() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        RateTable rates = table(20, 0, 300, RateTable.USUAL_CELLS);
        exceeds(rates, 1, 0);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(50_000);
    }

    @Test
    void threadsShareTheBurst() {
        RateTable rates = table(1000, 1000, 300, 8);
        exceeds(rates, 1, 0);
        AtomicLong passed = new AtomicLong(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                StatShard own = statistics.takeShard();
                threads.execute(() -> {
                    for (int query = 0; query < 2000; query++) {
                        if (!rates.exceeds(4, 0, 1, 0, own)) {
                            passed.incrementAndGet();
                        }
                    }
                });
            }
        }
        assertThat(passed).hasValue(1000);
    }

    @Test
    void impossibleSizesAreRefused() {
        assertThatThrownBy(() -> table(1, 1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table(1, 1, 1, RateTable.MOST_CELLS + 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
