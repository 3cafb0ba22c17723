package dev.weir.lua.listing;

import dev.weir.engine.log.QueuedSink;
import dev.weir.engine.model.Engine;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.Statistics;
import dev.weir.engine.task.FaultGuard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The global statistics by the names that dnsdist gives them: what {@code dumpStats()} prints and {@code getStatisticsCounters()} returns.
 *
 * <p>Scripts expect every name, so those whose subsystem does not exist yet are there and stay 0: the latencies over DoT, DoH, DoQ and DoH3,
 * the {@code …-pipe-full} of DoH, DoQ, DoH3, outgoing DoH and cross-protocol queries, and {@code security-status},
 * whose 0 means unknown. Two are Weir's own: {@code survived-errors} and {@code log-lines-lost}.
 */
public final class StatisticsListing {
    private static final int[] AVERAGE_OVER = {100, 1000, 10000, 1000000};
    private static final List<String> NOT_YET = List.of(
            "doh-query-pipe-full",
            "doh-response-pipe-full",
            "doh3-response-pipe-full",
            "doq-response-pipe-full",
            "outgoing-doh-query-pipe-full",
            "security-status",
            "tcp-cross-protocol-query-pipe-full",
            "tcp-cross-protocol-response-pipe-full");

    private final Engine engine;
    private final ProcFigures proc;

    public StatisticsListing(Engine engine) {
        this(engine, new ProcFigures(Path.of("/proc")));
    }

    StatisticsListing(Engine engine, ProcFigures proc) {
        this.engine = engine;
        this.proc = proc;
    }

    /** Two columns of names and values: the first half of the alphabet on the left, the second on the right. */
    public String dumpStats() {
        List<Map.Entry<String, Number>> all = new ArrayList<>(values().entrySet());
        int rows = (all.size() + 1) / 2;
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            String left = cell(all.get(row));
            if (rows + row < all.size()) {
                text.append(String.format(Locale.ROOT, "%-51s", left)).append(cell(all.get(rows + row)));
            } else {
                text.append(left);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String cell(Map.Entry<String, Number> entry) {
        // Whole numbers and whole parts end in the same column.
        return entry.getValue() instanceof Double real
                ? String.format(Locale.ROOT, "%-35s\t%13.1f", entry.getKey(), real)
                : String.format(
                        Locale.ROOT,
                        "%-35s\t%11d",
                        entry.getKey(),
                        entry.getValue().longValue());
    }

    /** All of them by name, in alphabetical order; {@link Double} for averages, {@link Long} for everything else. */
    public SortedMap<String, Number> values() {
        SortedMap<String, Number> values = new TreeMap<>();
        Statistics statistics = engine.statistics();
        for (Counter counter : Counter.values()) {
            values.put(counter.metric(), statistics.value(counter));
        }
        values.put(Counter.LATENCY_SUM.metric(), statistics.value(Counter.LATENCY_SUM) / 1000);
        values.put("dyn-block-nmg-size", (long) engine.blocks().size());
        averages(values, statistics);
        process(values);
        network(values);
        for (String name : NOT_YET) {
            values.put(name, 0L);
        }
        return values;
    }

    private static void averages(Map<String, Number> values, Statistics statistics) {
        for (int window = 0; window < AVERAGE_OVER.length; window++) {
            String suffix = "avg" + AVERAGE_OVER[window];
            values.put("latency-" + suffix, statistics.latencyAverage(window, false));
            values.put("latency-tcp-" + suffix, statistics.latencyAverage(window, true));
            for (String protocol : List.of("dot", "doh", "doq", "doh3")) {
                values.put("latency-" + protocol + "-" + suffix, 0.0);
            }
        }
    }

    private void process(Map<String, Number> values) {
        values.put("uptime", engine.uptimeSeconds());
        values.put("survived-errors", FaultGuard.total());
        values.put("log-lines-lost", QueuedSink.lostLines());
        values.put("real-memory-usage", proc.residentBytes());
        values.put("special-memory-usage", proc.anonymousBytes());
        values.put("cpu-user-msec", proc.userMillis());
        values.put("cpu-sys-msec", proc.systemMillis());
        values.put("cpu-iowait", proc.ioWaitTicks());
        values.put("cpu-steal", proc.stealTicks());
        values.put("fd-usage", proc.openFiles());
    }

    private void network(Map<String, Number> values) {
        Map<String, Long> counters = proc.network();
        for (String family : List.of("udp", "udp6")) {
            String prefix = family.equals("udp") ? "Udp." : "Udp6";
            values.put(family + "-in-errors", counters.getOrDefault(prefix + "InErrors", 0L));
            values.put(family + "-noport-errors", counters.getOrDefault(prefix + "NoPorts", 0L));
            values.put(family + "-recvbuf-errors", counters.getOrDefault(prefix + "RcvbufErrors", 0L));
            values.put(family + "-sndbuf-errors", counters.getOrDefault(prefix + "SndbufErrors", 0L));
            values.put(family + "-in-csum-errors", counters.getOrDefault(prefix + "InCsumErrors", 0L));
        }
        values.put("tcp-listen-overflows", counters.getOrDefault("TcpExt.ListenOverflows", 0L));
    }
}
