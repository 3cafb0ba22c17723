package dev.weir.engine.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final long SECOND = 1_000_000_000L;

    private static int takeAll(TokenBucket bucket, long now, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += bucket.take(now) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aFullBucketGivesItsBurstAndThenItsRate() {
        TokenBucket bucket = new TokenBucket(10, 5, 0);
        assertThat(takeAll(bucket, 0, 100)).isEqualTo(5);
        assertThat(takeAll(bucket, SECOND / 10, 100)).isEqualTo(1);
        assertThat(takeAll(bucket, SECOND, 100))
                .as("no more than the burst piles up")
                .isEqualTo(5);
    }

    @Test
    void lookingAtATokenTakesNone() {
        TokenBucket bucket = new TokenBucket(1, 1, 0);
        assertThat(bucket.hasToken(0)).isTrue();
        assertThat(bucket.hasToken(0)).isTrue();
        assertThat(bucket.take(0)).isTrue();
        assertThat(bucket.hasToken(0)).isFalse();
    }

    @Test
    void theClockMayStartBelowZero() {
        TokenBucket bucket = new TokenBucket(10, 10, Long.MIN_VALUE + 5);
        assertThat(takeAll(bucket, Long.MIN_VALUE + 5, 100)).isEqualTo(10);
    }

    /** Many threads together get the burst, neither more nor less. */
    @Test
    void threadsShareTheBurst() {
        TokenBucket bucket = new TokenBucket(1000, 1000, 0);
        AtomicLong taken = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                threads.execute(() -> taken.addAndGet(takeAll(bucket, 0, 2000)));
            }
        }
        assertThat(taken).hasValue(1000);
    }
}
