package dev.weir.net.udp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final int FULL = 64;
    private static final long SECOND = 1_000_000_000L;

    private final Gathering gathering = new Gathering(FULL);
    private long now = 17 * SECOND;

    @Test
    void anIdleListenerDoesNotPause() {
        assertThat(gathering.worthIt(now)).isFalse();
        turns(100, 1, 1, 20_000_000);
        assertThat(gathering.worthIt(now)).isFalse();
    }

    @Test
    void pausesOnceQueriesComeFast() {
        // 8 queries each 40 µs are 200,000 per second.
        turns(100, 8, 8, 40_000);
        assertThat(gathering.worthIt(now)).isTrue();
    }

    @Test
    void doesNotPauseAtRatesWhereHardlyAnythingWouldGather() {
        // 3 queries each 40 µs.
        turns(100, 3, 3, 40_000);
        assertThat(gathering.worthIt(now)).isFalse();
    }

    @Test
    void stopsWithinAWindowWhenTheRateFalls() {
        turns(100, 8, 8, 40_000);
        now += 1_000_000;
        gathering.received(1);
        assertThat(gathering.worthIt(now)).isFalse();
    }

    @Test
    void aBurstAfterSilenceIsNotARate() {
        turns(100, 1, 1, 20_000_000);
        gathering.received(50);
        now += 20_000_000;
        assertThat(gathering.worthIt(now)).isFalse();
    }

    @Test
    void doesNotPauseWhereManyQueriesAreForwardedOrDropped() {
        turns(100, 8, 5, 40_000);
        assertThat(gathering.worthIt(now)).isFalse();
        turns(100, 8, 6, 40_000);
        assertThat(gathering.worthIt(now)).isTrue();
    }

    @Test
    void doesNotPauseWhileMoreIsWaiting() {
        turns(100, 8, 8, 40_000);
        gathering.received(FULL);
        assertThat(gathering.worthIt(now)).isFalse();
        gathering.received(FULL - 1);
        assertThat(gathering.worthIt(now)).isTrue();
    }

    private void turns(int count, int queries, int answers, long nanosEach) {
        for (int i = 0; i < count; i++) {
            gathering.received(queries);
            for (int j = 0; j < answers; j++) {
                gathering.answered();
            }
            now += nanosEach;
            gathering.worthIt(now);
        }
    }
}
