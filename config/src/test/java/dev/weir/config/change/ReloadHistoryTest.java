package dev.weir.config.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReloadHistoryTest {
    @Test
    void theLatestStandFirstAndTheOldestIsForgotten() {
        ReloadHistory history = new ReloadHistory();
        assertThat(history.latest()).isEmpty();
        for (int i = 0; i <= ReloadHistory.MOST; i++) {
            history.add(Instant.ofEpochSecond(i), ReloadReport.failed("number " + i));
        }
        assertThat(history.latest()).hasSize(ReloadHistory.MOST);
        assertThat(history.latest().getFirst().report().error()).isEqualTo("number " + ReloadHistory.MOST);
        assertThat(history.latest().getLast().at()).isEqualTo(Instant.ofEpochSecond(1));
    }
}
