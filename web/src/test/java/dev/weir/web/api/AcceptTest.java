package dev.weir.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who ask for metrics say that they take. */
class AcceptTest {
    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    @ParameterizedTest
    @ValueSource(
            strings = {
                PROTOBUF,
                "application/vnd.google.protobuf; encoding=delimited; proto=io.prometheus.client.MetricFamily; q=0.1",
                // Prometheus 2.42 with native histograms
                PROTOBUF
                        + ",application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,"
                        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                PROTOBUF + ";q=0.5,text/plain;q=0.5"
            })
    void messages(String header) {
        assertThat(Accept.prefersProtobuf(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "text/html,application/xhtml+xml,*/*;q=0.8",
                "application/*",
                "application/vnd.google.protobuf",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
                "application/vnd.google.protobuf;proto=other;encoding=delimited",
                PROTOBUF + ";q=0",
                PROTOBUF + ";q=x",
                PROTOBUF + ";q=0.2,text/plain;version=0.0.4;q=0.5",
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
                ";;;=,=;q=",
            })
    void text(String header) {
        assertThat(Accept.prefersProtobuf(header)).isFalse();
    }

    @Test
    void aLongHeaderIsReadOnce() {
        assertThat(Accept.prefersProtobuf(",;".repeat(8_000) + "," + PROTOBUF)).isTrue();
    }
}
