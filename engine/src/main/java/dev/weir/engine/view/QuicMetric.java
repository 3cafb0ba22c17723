package dev.weir.engine.view;

import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.QuicCounters;
import dev.weir.engine.stat.Metric;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/** What is known of a frontend for QUIC; dnsdist shows the first four in tables only, and has not the rest. */
public enum QuicMetric implements Metric {
    QUIC_UNSUPPORTED_VERSIONS("Datagrams of a version that is not spoken", quic -> quic.unsupportedVersions.sum()),
    QUIC_INVALID_TOKENS(
            "Connections that began with a token that is not ours or too old", quic -> quic.invalidTokens.sum()),
    QUIC_ERRORS("Queries that were not answered, and streams without one", quic -> quic.errors.sum()),
    QUIC_VALID("Queries that were answered", quic -> quic.valid.sum()),
    QUIC_SHORT_INITIALS("Datagrams that were too short to begin a connection", quic -> quic.shortInitials.sum()),
    QUIC_REFUSED("Connections that were refused because there are, or come, too many", quic -> quic.refused.sum());

    private static final List<String> LABELS = List.of("frontend", "proto", "thread");

    private final String sentence;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final ToLongFunction<QuicCounters> reading;

    QuicMetric(String sentence, ToLongFunction<QuicCounters> reading) {
        this.sentence = sentence;
        this.reading = reading;
    }

    /** Its value now; none for a frontend without QUIC. */
    public OptionalLong read(Frontend frontend) {
        QuicCounters counters = frontend.quic();
        return counters == null ? OptionalLong.empty() : OptionalLong.of(reading.applyAsLong(counters));
    }

    @Override
    public String metric() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String prometheusName() {
        return Metric.prometheusName("weir_frontend_", metric()) + "_total";
    }

    @Override
    public String sentence() {
        return sentence;
    }

    @Override
    public List<String> labels() {
        return LABELS;
    }
}
