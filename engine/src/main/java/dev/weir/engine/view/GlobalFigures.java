package dev.weir.engine.view;

import dev.weir.engine.model.Engine;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.CustomMetric;
import dev.weir.engine.stat.LatencyKind;
import dev.weir.engine.stat.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One reading of everything that the process has once. Belongs to the thread that reads. */
public final class GlobalFigures {
    /**
     * A figure and its value.
     *
     * @param value {@link Double} for averages, {@link Long} for everything else
     */
    public record Sample(Metric metric, Number value) {}

    private static final long MICROS_PER_MILLI = 1000;

    private final Engine engine;
    private final ProcFigures proc;
    private @Nullable Map<String, Long> network;

    private GlobalFigures(Engine engine, ProcFigures proc) {
        this.engine = engine;
        this.proc = proc;
    }

    /** All of them by name, in alphabetical order. */
    public static List<Sample> read(Engine engine, ProcFigures proc) {
        GlobalFigures at = new GlobalFigures(engine, proc);
        List<Sample> all = new ArrayList<>();
        for (Counter counter : Counter.values()) {
            long value = engine.statistics().value(counter);
            all.add(new Sample(counter, counter == Counter.LATENCY_SUM ? value / MICROS_PER_MILLI : value));
        }
        for (GlobalMetric metric : GlobalMetric.values()) {
            all.add(new Sample(metric, metric.read(at)));
        }
        for (CustomMetric metric : engine.customMetrics().all()) {
            if (!metric.labelled()) {
                all.add(new Sample(metric, metric.get()));
            }
        }
        all.sort(Comparator.comparing(sample -> sample.metric().metric()));
        return all;
    }

    Engine engine() {
        return engine;
    }

    ProcFigures proc() {
        return proc;
    }

    /** As {@link dev.weir.engine.stat.Statistics#latencyAverage}. */
    double latency(int window, LatencyKind kind) {
        return engine.statistics().latencyAverage(window, kind);
    }

    /** One of {@link ProcFigures#network}, all of which are read when the first one is asked for. */
    long network(String counter) {
        Map<String, Long> counters = network;
        if (counters == null) {
            counters = proc.network();
            network = counters;
        }
        return counters.getOrDefault(counter, 0L);
    }
}
