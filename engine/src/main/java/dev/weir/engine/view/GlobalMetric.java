package dev.weir.engine.view;

import static dev.weir.engine.stat.Metric.Type.COUNTER;
import static dev.weir.engine.stat.Metric.Type.GAUGE;
import static dev.weir.engine.stat.Metric.Unit.MICROSECONDS;
import static dev.weir.engine.stat.Metric.Unit.MILLISECONDS;
import static dev.weir.engine.stat.Metric.Unit.NUMBER;
import static dev.weir.engine.stat.Metric.Unit.OCTETS;
import static dev.weir.engine.stat.Metric.Unit.SECONDS;
import static dev.weir.engine.stat.Metric.Unit.TICKS;

import dev.weir.engine.log.QueuedSink;
import dev.weir.engine.stat.LatencyKind;
import dev.weir.engine.stat.Metric;
import dev.weir.engine.task.FaultGuard;
import java.util.List;
import java.util.function.Function;

/**
 * What the process has once and no data thread counts: what it is made of, what the kernel says of it, averages. With
 * {@link dev.weir.engine.stat.Counter} this is all of {@code dumpStats()}.
 *
 * <p>Scripts expect every name that dnsdist has, so those of pipes and the like that Weir does without are there and stay 0.
 */
public enum GlobalMetric implements Metric {
    UPTIME("uptime", GAUGE, SECONDS, "Time since the start", at -> at.engine().uptimeSeconds()),
    DYN_BLOCK_NMG_SIZE("dyn-block-nmg-size", GAUGE, NUMBER, "Dynamic blocks in force", at ->
            (long) at.engine().blocks().size()),
    SURVIVED_ERRORS(
            Ours.YES,
            "survived-errors",
            COUNTER,
            NUMBER,
            "Errors that ended one turn of a thread's work",
            at -> FaultGuard.total()),
    LOG_LINES_LOST(
            Ours.YES,
            "log-lines-lost",
            COUNTER,
            NUMBER,
            "Lines of the log that were dropped because their reader was too slow",
            at -> QueuedSink.lostLines()),
    EXPORT_RECORDS_LOST(
            Ours.YES,
            "export-records-lost",
            COUNTER,
            NUMBER,
            "Records of query logs that were dropped because their target was too slow or failed",
            at -> at.engine().exports().lost()),

    LATENCY_AVG100(latency("", 100), new Average(LatencyKind.UDP, 0)),
    LATENCY_AVG1000(latency("", 1000), new Average(LatencyKind.UDP, 1)),
    LATENCY_AVG10000(latency("", 10000), new Average(LatencyKind.UDP, 2)),
    LATENCY_AVG1000000(latency("", 1000000), new Average(LatencyKind.UDP, 3)),
    LATENCY_TCP_AVG100(latency("tcp-", 100), new Average(LatencyKind.TCP, 0)),
    LATENCY_TCP_AVG1000(latency("tcp-", 1000), new Average(LatencyKind.TCP, 1)),
    LATENCY_TCP_AVG10000(latency("tcp-", 10000), new Average(LatencyKind.TCP, 2)),
    LATENCY_TCP_AVG1000000(latency("tcp-", 1000000), new Average(LatencyKind.TCP, 3)),
    LATENCY_DOT_AVG100(latency("dot-", 100), new Average(LatencyKind.DOT, 0)),
    LATENCY_DOT_AVG1000(latency("dot-", 1000), new Average(LatencyKind.DOT, 1)),
    LATENCY_DOT_AVG10000(latency("dot-", 10000), new Average(LatencyKind.DOT, 2)),
    LATENCY_DOT_AVG1000000(latency("dot-", 1000000), new Average(LatencyKind.DOT, 3)),
    LATENCY_DOH_AVG100(latency("doh-", 100), new Average(LatencyKind.DOH, 0)),
    LATENCY_DOH_AVG1000(latency("doh-", 1000), new Average(LatencyKind.DOH, 1)),
    LATENCY_DOH_AVG10000(latency("doh-", 10000), new Average(LatencyKind.DOH, 2)),
    LATENCY_DOH_AVG1000000(latency("doh-", 1000000), new Average(LatencyKind.DOH, 3)),
    LATENCY_DOQ_AVG100(latency("doq-", 100), new Average(LatencyKind.DOQ, 0)),
    LATENCY_DOQ_AVG1000(latency("doq-", 1000), new Average(LatencyKind.DOQ, 1)),
    LATENCY_DOQ_AVG10000(latency("doq-", 10000), new Average(LatencyKind.DOQ, 2)),
    LATENCY_DOQ_AVG1000000(latency("doq-", 1000000), new Average(LatencyKind.DOQ, 3)),
    LATENCY_DOH3_AVG100(latency("doh3-", 100), new Average(LatencyKind.DOH3, 0)),
    LATENCY_DOH3_AVG1000(latency("doh3-", 1000), new Average(LatencyKind.DOH3, 1)),
    LATENCY_DOH3_AVG10000(latency("doh3-", 10000), new Average(LatencyKind.DOH3, 2)),
    LATENCY_DOH3_AVG1000000(latency("doh3-", 1000000), new Average(LatencyKind.DOH3, 3)),

    REAL_MEMORY_USAGE("real-memory-usage", GAUGE, OCTETS, "Memory of the process that is in RAM", at -> at.proc()
            .residentBytes()),
    SPECIAL_MEMORY_USAGE("special-memory-usage", GAUGE, OCTETS, "The part of it that no file backs", at -> at.proc()
            .anonymousBytes()),
    CPU_USER_MSEC("cpu-user-msec", COUNTER, MILLISECONDS, "Time that processors spent in the process", at -> at.proc()
            .userMillis()),
    CPU_SYS_MSEC("cpu-sys-msec", COUNTER, MILLISECONDS, "Time that they spent in the kernel for it", at -> at.proc()
            .systemMillis()),
    CPU_IOWAIT("cpu-iowait", COUNTER, TICKS, "Time the machine idled while something waited for a disk", at -> at.proc()
            .ioWaitTicks()),
    CPU_STEAL("cpu-steal", COUNTER, TICKS, "Time the hypervisor gave to others", at -> at.proc()
            .stealTicks()),
    FD_USAGE("fd-usage", GAUGE, NUMBER, "Open file descriptors", at -> at.proc().openFiles()),

    UDP_IN_ERRORS("udp-in-errors", new Kernel("Udp.InErrors")),
    UDP_NOPORT_ERRORS("udp-noport-errors", new Kernel("Udp.NoPorts")),
    UDP_RECVBUF_ERRORS("udp-recvbuf-errors", new Kernel("Udp.RcvbufErrors")),
    UDP_SNDBUF_ERRORS("udp-sndbuf-errors", new Kernel("Udp.SndbufErrors")),
    UDP_IN_CSUM_ERRORS("udp-in-csum-errors", new Kernel("Udp.InCsumErrors")),
    UDP6_IN_ERRORS("udp6-in-errors", new Kernel("Udp6InErrors")),
    UDP6_NOPORT_ERRORS("udp6-noport-errors", new Kernel("Udp6NoPorts")),
    UDP6_RECVBUF_ERRORS("udp6-recvbuf-errors", new Kernel("Udp6RcvbufErrors")),
    UDP6_SNDBUF_ERRORS("udp6-sndbuf-errors", new Kernel("Udp6SndbufErrors")),
    UDP6_IN_CSUM_ERRORS("udp6-in-csum-errors", new Kernel("Udp6InCsumErrors")),
    TCP_LISTEN_OVERFLOWS("tcp-listen-overflows", new Kernel("TcpExt.ListenOverflows")),

    SECURITY_STATUS("security-status", GAUGE, NUMBER, "0 means unknown: nobody is asked", at -> 0L),
    DOH_QUERY_PIPE_FULL("doh-query-pipe-full", COUNTER, NUMBER, "0: there is no such pipe", at -> 0L),
    DOH_RESPONSE_PIPE_FULL("doh-response-pipe-full", COUNTER, NUMBER, "0: there is no such pipe", at -> 0L),
    DOH3_RESPONSE_PIPE_FULL("doh3-response-pipe-full", COUNTER, NUMBER, "0: there is no such pipe", at -> 0L),
    DOQ_RESPONSE_PIPE_FULL("doq-response-pipe-full", COUNTER, NUMBER, "0: there is no such pipe", at -> 0L),
    OUTGOING_DOH_QUERY_PIPE_FULL("outgoing-doh-query-pipe-full", COUNTER, NUMBER, "0: there is no such pipe", at -> 0L),
    TCP_CROSS_PROTOCOL_QUERY_PIPE_FULL(
            "tcp-cross-protocol-query-pipe-full", COUNTER, NUMBER, "0: there is no such pipe", at -> 0L),
    TCP_CROSS_PROTOCOL_RESPONSE_PIPE_FULL(
            "tcp-cross-protocol-response-pipe-full", COUNTER, NUMBER, "0: there is no such pipe", at -> 0L);

    /** Whether dnsdist has no such figure. */
    private enum Ours {
        YES,
        NO
    }

    /** A counter of the kernel's network, under the name that {@link ProcFigures#network} has for it. */
    private record Kernel(String counter) {}

    /** A moving average of latencies. */
    private record Average(LatencyKind kind, int window) {
        private static final List<String> SAMPLES = List.of("100", "1,000", "10,000", "1,000,000");

        String sentence() {
            return "Average latency of about the last " + SAMPLES.get(window) + " answers to clients over " + kind;
        }
    }

    private final Ours ours;
    private final String metric;
    private final Type type;
    private final Unit unit;
    private final String sentence;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Function<GlobalFigures, Number> reading;

    GlobalMetric(
            Ours ours, String metric, Type type, Unit unit, String sentence, Function<GlobalFigures, Number> reading) {
        this.ours = ours;
        this.metric = metric;
        this.type = type;
        this.unit = unit;
        this.sentence = sentence;
        this.reading = reading;
    }

    GlobalMetric(String metric, Type type, Unit unit, String sentence, Function<GlobalFigures, Number> reading) {
        this(Ours.NO, metric, type, unit, sentence, reading);
    }

    GlobalMetric(String metric, Kernel kernel) {
        this(
                Ours.NO,
                metric,
                COUNTER,
                NUMBER,
                "The machine's " + kernel.counter + ", of all processes",
                at -> at.network(kernel.counter));
    }

    GlobalMetric(String metric, Average average) {
        this(Ours.NO, metric, GAUGE, MICROSECONDS, average.sentence(), at -> at.latency(average.window, average.kind));
    }

    private static String latency(String protocol, int samples) {
        return "latency-" + protocol + "avg" + samples;
    }

    /** Its value now; {@link Double} for averages, {@link Long} for everything else. */
    Number read(GlobalFigures at) {
        return reading.apply(at);
    }

    @Override
    public String metric() {
        return metric;
    }

    /** dnsdist exports neither what came after its list of definitions nor the memory that no file backs. */
    @Override
    public String prometheusName() {
        return switch (this) {
            case SPECIAL_MEMORY_USAGE,
                    DOQ_RESPONSE_PIPE_FULL,
                    DOH3_RESPONSE_PIPE_FULL,
                    LATENCY_DOH3_AVG100,
                    LATENCY_DOH3_AVG1000,
                    LATENCY_DOH3_AVG10000,
                    LATENCY_DOH3_AVG1000000 -> "";
            default ->
                ours == Ours.YES
                        ? Metric.prometheusName("weir_", metric) + (type == COUNTER ? "_total" : "")
                        : Metric.prometheusName("dnsdist_", metric);
        };
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
}
