package dev.weir.engine.view;

import static dev.weir.engine.stat.Metric.Type.COUNTER;
import static dev.weir.engine.stat.Metric.Type.GAUGE;
import static dev.weir.engine.stat.Metric.Unit.MILLISECONDS;
import static dev.weir.engine.stat.Metric.Unit.NUMBER;

import dev.weir.engine.listen.Frontend;
import dev.weir.engine.stat.Metric;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What is known of each frontend, under the names that dnsdist has. Those of connections are a stream frontend's. */
public enum FrontendMetric implements Metric {
    QUERIES(COUNTER, NUMBER, "Queries received", frontend -> frontend.queries().sum()),
    NONCOMPLIANTQUERIES(COUNTER, NUMBER, "Queries dropped as malformed", frontend -> frontend.noncompliantQueries()
            .sum()),
    RESPONSES(COUNTER, NUMBER, "Answers sent", frontend -> frontend.responses().sum()),
    TCPDIEDREADINGQUERY(COUNTER, NUMBER, "Connections that ended while a query was read", frontend -> frontend.stream()
            .diedReadingQuery
            .sum()),
    TCPDIEDSENDINGRESPONSE(
            COUNTER, NUMBER, "Connections that ended while an answer was sent", frontend -> frontend.stream()
                    .diedSendingResponse
                    .sum()),
    TCPGAVEUP(COUNTER, NUMBER, "Queries given up because no backend took them", frontend -> frontend.stream()
            .gaveUp
            .sum()),
    TCPCLIENTTIMEOUTS(
            COUNTER, NUMBER, "Connections closed because their client took too long", frontend -> frontend.stream()
                    .clientTimeouts
                    .sum()),
    TCPDOWNSTREAMTIMEOUTS(COUNTER, NUMBER, "Queries whose backend took too long", frontend -> frontend.stream()
            .downstreamTimeouts
            .sum()),
    TCPCURRENTCONNECTIONS(GAUGE, NUMBER, "Connections that are open", frontend ->
            (long) frontend.stream().currentConnections.get()),
    TCPMAXCONCURRENTCONNECTIONS(COUNTER, NUMBER, "Most connections that were open at a time", frontend ->
            (long) frontend.stream().maxConcurrentConnections.get()),
    TCPAVGQUERIESPERCONNECTION(GAUGE, NUMBER, "Average number of queries of a connection", frontend -> frontend.stream()
            .queriesPerConnection
            .value()),
    TCPAVGCONNECTIONDURATION(
            GAUGE, MILLISECONDS, "Average time that a connection is open", frontend -> frontend.stream()
                    .connectionMillis
                    .value()),
    TCPAVGREADIOS(GAUGE, NUMBER, "Average number of reads of a connection", frontend -> frontend.stream()
            .readsPerConnection
            .value());

    private static final List<String> LABELS = List.of("frontend", "proto", "thread");

    private final Type type;
    private final Unit unit;
    private final String sentence;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Function<Frontend, Number> reading;

    FrontendMetric(Type type, Unit unit, String sentence, Function<Frontend, Number> reading) {
        this.type = type;
        this.unit = unit;
        this.sentence = sentence;
        this.reading = reading;
    }

    /** Its value now; {@link Double} for averages, {@link Long} for everything else. */
    public Number read(Frontend frontend) {
        return reading.apply(frontend);
    }

    /** Whether only frontends that take connections have it. */
    public boolean ofStreams() {
        return name().startsWith("TCP");
    }

    @Override
    public String metric() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name under which carbon gets it; empty if it does not. */
    public String carbonName() {
        return this == NONCOMPLIANTQUERIES ? "" : metric();
    }

    @Override
    public String prometheusName() {
        return Metric.prometheusName("dnsdist_frontend_", metric());
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public Unit unit() {
        return unit;
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
