package dev.weir.engine.view;

import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.TlsControl;
import dev.weir.engine.listen.TlsControl.TicketFigures;
import dev.weir.engine.listen.TlsCounters;
import dev.weir.engine.listen.TlsVersion;
import dev.weir.engine.stat.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/** What is known of a frontend's TLS, under the names that dnsdist has; some by version or reason. */
public enum TlsMetric implements Metric {
    TLSQUERIES("tls", "Queries by the version of TLS that they came with", (counters, tickets) -> {
        List<Figure> all = new ArrayList<>();
        for (TlsVersion version : TlsVersion.values()) {
            all.add(new Figure(version.label(), counters.queries(version).sum()));
        }
        return all;
    }),
    TLSNEWSESSIONS(
            "",
            "Full handshakes",
            (counters, tickets) -> one(counters.newSessions().sum())),
    TLSRESUMPTIONS(
            "",
            "Handshakes that took up a former session",
            (counters, tickets) -> one(counters.resumptions().sum())),
    TLSUNKNOWNTICKETKEYS(
            "",
            "Tickets made with a key that is not there, or not any more",
            (counters, tickets) -> one(tickets.unknownKeys())),
    TLSINACTIVETICKETKEYS(
            "",
            "Tickets made with a key that makes no new ones any more",
            (counters, tickets) -> one(tickets.inactiveKeys())),
    TLSHANDSHAKEFAILURES("error", "Handshakes that failed, by reason", (counters, tickets) -> {
        List<Figure> all = new ArrayList<>();
        for (TlsCounters.Failure failure : TlsCounters.Failure.values()) {
            all.add(new Figure(failure.label(), counters.failures(failure).sum()));
        }
        return all;
    });

    /**
     * One value.
     *
     * @param label which of several; empty for the only one
     */
    public record Figure(String label, long value) {}

    private final String label;
    private final String sentence;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final BiFunction<TlsCounters, TicketFigures, List<Figure>> reading;

    TlsMetric(String label, String sentence, BiFunction<TlsCounters, TicketFigures, List<Figure>> reading) {
        this.label = label;
        this.sentence = sentence;
        this.reading = reading;
    }

    private static List<Figure> one(long value) {
        return List.of(new Figure("", value));
    }

    /** Its values now; none for a frontend without TLS. */
    public List<Figure> read(Frontend frontend) {
        TlsCounters counters = frontend.tls();
        TlsControl control = frontend.tlsControl();
        if (counters == null) {
            return List.of();
        }
        return reading.apply(counters, control == null ? new TicketFigures(0, 0) : control.ticketFigures());
    }

    /** Name of the label that tells several values apart; empty if there is one. */
    public String label() {
        return label;
    }

    @Override
    public String metric() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name under which carbon gets one of its values. */
    public String carbonName(Figure figure) {
        return switch (this) {
            case TLSQUERIES -> (figure.label.startsWith("tls") ? "" : "tls-") + figure.label + "-queries";
            case TLSHANDSHAKEFAILURES -> "tls" + figure.label.toLowerCase(Locale.ROOT);
            default -> metric();
        };
    }

    @Override
    public String prometheusName() {
        return Metric.prometheusName("dnsdist_frontend_", metric());
    }

    @Override
    public String sentence() {
        return sentence;
    }

    @Override
    public List<String> labels() {
        return label.isEmpty() ? List.of("frontend", "proto", "thread") : List.of("frontend", "proto", "thread", label);
    }
}
