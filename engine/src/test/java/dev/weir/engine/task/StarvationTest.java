package dev.weir.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StarvationTest {
    private static final long SECOND = 1_000_000_000L;

    private final Starvation starvation = new Starvation();

    @Test
    void oneFailureIsNoStarvation() {
        assertThat(starvation.met(5 * SECOND)).isFalse();
        assertThat(starvation.met(500 * SECOND)).isFalse();
        assertThat(starvation.met(5_000 * SECOND)).isFalse();
    }

    @Test
    void failuresWithoutAnEndAre() {
        for (int second = 0; second < 60; second += 5) {
            assertThat(starvation.met(second * SECOND)).isFalse();
        }
        assertThat(starvation.met(60 * SECOND)).isTrue();
    }

    @Test
    void aPauseBeginsANewCount() {
        for (int second = 0; second < 60; second += 5) {
            assertThat(starvation.met(second * SECOND)).isFalse();
        }
        assertThat(starvation.met(70 * SECOND)).isFalse();
        assertThat(starvation.met(75 * SECOND)).isFalse();
    }
}
