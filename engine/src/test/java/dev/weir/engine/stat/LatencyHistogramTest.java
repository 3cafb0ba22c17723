package dev.weir.engine.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Which bin a latency falls into, and what they sum up to. */
class LatencyHistogramTest {
    @Test
    void aBoundBelongsToItsBin() {
        assertThat(LatencyHistogram.bin(0)).isZero();
        for (int bin = 0; bin < LatencyHistogram.BINS; bin++) {
            assertThat(LatencyHistogram.bin(LatencyHistogram.boundMicros(bin))).isEqualTo(bin);
            assertThat(LatencyHistogram.bin(LatencyHistogram.boundMicros(bin) + 1))
                    .isEqualTo(Math.min(bin + 1, LatencyHistogram.BINS - 1));
        }
        assertThat(LatencyHistogram.boundMicros(LatencyHistogram.BINS - 1)).isEqualTo(1_638_400);
        assertThat(LatencyHistogram.bin(Long.MAX_VALUE)).isEqualTo(LatencyHistogram.BINS - 1);
    }

    @Test
    void binsAndTheSumAreCollected() {
        LatencyHistogram.Builder builder = new LatencyHistogram.Builder();
        builder.add(150, 1);
        builder.add(170, 1);
        builder.add(5_000_000, 1);
        LatencyHistogram histogram = builder.build();
        assertThat(histogram.total()).isEqualTo(3);
        assertThat(histogram.sumMicros()).isEqualTo(5_000_320);
        assertThat(histogram.counts().get(1)).isEqualTo(2);
        assertThat(histogram.counts().getLast()).isEqualTo(1);
        assertThat(Collections.frequency(histogram.counts(), 0L)).isEqualTo(LatencyHistogram.BINS - 2);
    }
}
