package dev.weir.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogLimitTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void oneLineAPeriodWithTheCountSince() {
        LogLimit limit = new LogLimit(10);
        long startNs = Long.MAX_VALUE - SECOND_NS; // nanoTime may overflow at any moment
        assertThat(limit.admit(startNs)).isEqualTo(1);
        assertThat(limit.admit(startNs + SECOND_NS)).isZero();
        assertThat(limit.admit(startNs + 2 * SECOND_NS)).isZero();
        assertThat(limit.admit(startNs + 10 * SECOND_NS)).isEqualTo(3);
        assertThat(limit.admit(startNs + 11 * SECOND_NS)).isZero();
    }
}
