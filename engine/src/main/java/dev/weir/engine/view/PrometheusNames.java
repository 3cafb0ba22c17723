package dev.weir.engine.view;

import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.Metric;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The names that Weir's own figures have for Prometheus. */
public final class PrometheusNames {
    /** What is no single figure of an owner. */
    private static final List<String> COMPOSED = List.of(
            "dnsdist_info",
            "dnsdist_latency",
            "dnsdist_latency_bucket",
            "dnsdist_latency_count",
            "dnsdist_latency_sum",
            "dnsdist_rule_hits",
            "dnsdist_dynblocks_nmg_top_offenders_hits_per_second",
            "dnsdist_dynblocks_smt_top_offenders_hits_per_second");

    private PrometheusNames() {}

    /** All of them. */
    public static Set<String> all() {
        Set<String> names = new HashSet<>(COMPOSED);
        for (Metric[] metrics : List.<Metric[]>of(
                Counter.values(),
                GlobalMetric.values(),
                BackendMetric.values(),
                FrontendMetric.values(),
                PoolMetric.values(),
                CacheMetric.values())) {
            Stream.of(metrics).map(Metric::prometheusName).forEach(names::add);
        }
        return names;
    }
}
