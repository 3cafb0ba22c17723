package dev.weir.engine.view;

import static dev.weir.engine.stat.Metric.Type.COUNTER;
import static dev.weir.engine.stat.Metric.Type.GAUGE;
import static dev.weir.engine.stat.Metric.Unit.MILLISECONDS;
import static dev.weir.engine.stat.Metric.Unit.NUMBER;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.stat.Metric;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What is known of each backend, under the names that dnsdist has for Prometheus; carbon has a few of its own. */
public enum BackendMetric implements Metric {
    STATUS("", GAUGE, NUMBER, "1 if it is up, 0 if not", backend -> backend.isUp() ? 1L : 0L),
    QUERIES(COUNTER, NUMBER, "Queries sent to it", backend -> backend.queries().sum()),
    RESPONSES(COUNTER, NUMBER, "Answers received from it and accepted", backend -> backend.responses()
            .sum()),
    NONCOMPLIANTRESPONSES(
            "",
            COUNTER,
            NUMBER,
            "Answers dropped as malformed or not asked for",
            backend -> backend.noncompliantResponses().sum()),
    DROPS(COUNTER, NUMBER, "Queries whose place in flight was taken before an answer came", backend -> backend.drops()
            .sum()),
    LATENCY(GAUGE, MILLISECONDS, "Average latency over UDP", backend -> backend.udpLatencyMicros() / 1000),
    TCPLATENCY(
            "latencytcp",
            GAUGE,
            MILLISECONDS,
            "Average latency over TCP",
            backend -> backend.tcpLatencyMicros() / 1000),
    SENDERRORS(COUNTER, NUMBER, "Queries that could not be handed to it", backend -> backend.sendErrors()
            .sum()),
    OUTSTANDING(GAUGE, NUMBER, "Queries that wait for its answer", backend -> (long) backend.outstanding()),
    ORDER("", GAUGE, NUMBER, "Its order", backend -> (long) backend.order()),
    WEIGHT("", GAUGE, NUMBER, "Its weight", backend -> (long) backend.weight()),
    TCPDIEDSENDINGQUERY(COUNTER, NUMBER, "Connections that ended while a query was sent", backend -> backend.stream()
            .diedSendingQuery
            .sum()),
    TCPDIEDREADINGRESPONSE(
            "tcpdiedreaddingresponse",
            COUNTER,
            NUMBER,
            "Connections that ended while an answer was read",
            backend -> backend.stream().diedReadingResponse.sum()),
    TCPGAVEUP(COUNTER, NUMBER, "Queries given up after as many attempts as are allowed", backend -> backend.stream()
            .gaveUp
            .sum()),
    TCPREADTIMEOUTS(
            "tcpreadimeouts",
            COUNTER,
            NUMBER,
            "Connections closed because an answer took too long",
            backend -> backend.stream().readTimeouts.sum()),
    TCPWRITETIMEOUTS(
            COUNTER, NUMBER, "Connections closed because a query could not be sent in time", backend -> backend.stream()
                    .writeTimeouts
                    .sum()),
    TCPCONNECTTIMEOUTS(COUNTER, NUMBER, "Connections that were not made in time", backend -> backend.stream()
            .connectTimeouts
            .sum()),
    TCPCURRENTCONNECTIONS(GAUGE, NUMBER, "Connections that are open", backend ->
            (long) backend.stream().currentConnections.get()),
    TCPMAXCONCURRENTCONNECTIONS(COUNTER, NUMBER, "Most connections that were open at a time", backend ->
            (long) backend.stream().maxConcurrentConnections.get()),
    TCPTOOMANYCONCURRENTCONNECTIONS(
            COUNTER,
            NUMBER,
            "Connections not made because there were as many as are allowed",
            backend -> backend.stream().tooManyConcurrentConnections.sum()),
    TCPNEWCONNECTIONS(COUNTER, NUMBER, "Connections made", backend -> backend.stream()
            .newConnections
            .sum()),
    TCPREUSEDCONNECTIONS(
            COUNTER, NUMBER, "Queries that went over a connection already there", backend -> backend.stream()
                    .reusedConnections
                    .sum()),
    TCPAVGQUERIESPERCONN(
            "tcpavgqueriesperconnection",
            GAUGE,
            NUMBER,
            "Average number of queries of a connection",
            backend -> backend.stream().queriesPerConnection.value()),
    TCPAVGCONNDURATION(
            "tcpavgconnectionduration",
            GAUGE,
            MILLISECONDS,
            "Average time that a connection is open",
            backend -> backend.stream().connectionMillis.value()),
    TLSRESUMPTIONS(COUNTER, NUMBER, "Handshakes that took up a former session", backend -> backend.stream()
            .tlsResumptions
            .sum()),
    HEALTHCHECKFAILURES(COUNTER, NUMBER, "Health checks that failed, for whatever reason", backend -> backend.health()
            .checkFailures()),
    HEALTHCHECKFAILURESPARSING(COUNTER, NUMBER, "Those whose answer could not be read", backend -> backend.health()
            .checkParseErrors()),
    HEALTHCHECKFAILURESTIMEOUT(COUNTER, NUMBER, "Those without an answer in time", backend -> backend.health()
            .checkTimeouts()),
    HEALTHCHECKFAILURESNETWORK(COUNTER, NUMBER, "Those that the network refused", backend -> backend.health()
            .checkNetworkErrors()),
    HEALTHCHECKFAILURESMISMATCH(
            COUNTER, NUMBER, "Those whose answer was to another question", backend -> backend.health()
                    .checkMismatches()),
    HEALTHCHECKFAILURESINVALID(COUNTER, NUMBER, "Those whose answer was not good enough", backend -> backend.health()
            .checkInvalid()),
    HEALTHCHECKLATENCY(
            GAUGE,
            MILLISECONDS,
            "How long the latest health check took",
            backend -> backend.health().checkLatencyMicros() / 1000.0);

    private static final List<String> LABELS = List.of("server", "address");

    /** Empty if carbon does not get it, {@code =} if under the name that it has elsewhere. */
    private final String carbonName;

    private final Type type;
    private final Unit unit;
    private final String sentence;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Function<Backend, Number> reading;

    BackendMetric(String carbonName, Type type, Unit unit, String sentence, Function<Backend, Number> reading) {
        this.carbonName = carbonName;
        this.type = type;
        this.unit = unit;
        this.sentence = sentence;
        this.reading = reading;
    }

    BackendMetric(Type type, Unit unit, String sentence, Function<Backend, Number> reading) {
        this("=", type, unit, sentence, reading);
    }

    /** Its value now; {@link Double} for averages and latencies, {@link Long} for everything else. */
    public Number read(Backend backend) {
        return reading.apply(backend);
    }

    @Override
    public String metric() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name under which carbon gets it, with dnsdist's own spelling; empty if it does not. */
    public String carbonName() {
        return carbonName.equals("=") ? metric() : carbonName;
    }

    @Override
    public String prometheusName() {
        return Metric.prometheusName("dnsdist_server_", metric());
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
