package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Versions are compared by number, not by letter. */
class KernelVersionTest {
    @ParameterizedTest
    @CsvSource({
        "5.8, 5.18, true",
        "5.18, 5.8, false",
        "6.1.0-18-amd64, 6.6, true",
        "6.18.44-fc, 6.7, false",
        "5.18, 5.18, false",
        "'', 3.18, true",
        "nonsense, 3.18, true"
    })
    void older(String running, String wanted, boolean before) {
        assertThat(KernelVersion.parse(running).isBefore(wanted)).isEqualTo(before);
    }
}
