package dev.weir.web.api;

import dev.weir.engine.action.Action;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.block.TopOffenders;
import dev.weir.engine.cache.CacheStats;
import dev.weir.engine.model.Engine;
import dev.weir.engine.model.Model;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.stat.CheckLatencies;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.CustomMetric;
import dev.weir.engine.stat.Metric;
import dev.weir.engine.view.BackendMetric;
import dev.weir.engine.view.CacheMetric;
import dev.weir.engine.view.FrontendMetric;
import dev.weir.engine.view.GlobalFigures;
import dev.weir.engine.view.HttpMetric;
import dev.weir.engine.view.PoolMetric;
import dev.weir.engine.view.PoolView;
import dev.weir.engine.view.ProcFigures;
import dev.weir.engine.view.QuicMetric;
import dev.weir.engine.view.TlsMetric;
import dev.weir.web.api.ExpositionFormat.Histogram;
import dev.weir.web.api.ExpositionFormat.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Metrics for Prometheus: all samples of a name stand together under its help and its type. */
final class Exposition {
    private static final String DEFAULT_POOL = "_default_";

    private final ExpositionFormat format;

    private Exposition(ExpositionFormat format) {
        this.format = format;
    }

    /** Writes everything that there is now. */
    static void write(Model model, ProcFigures proc, String version, ExpositionFormat format) {
        Exposition all = new Exposition(format);
        all.global(model.engine(), proc);
        all.labelled(model.engine());
        all.latencies(model.engine());
        List<Labelled> servers = Labelled.of(model.backends());
        all.servers(servers);
        all.checkLatencies(servers);
        List<FrontendLabels> frontends = FrontendLabels.of(model.engine().frontends());
        all.frontends(frontends);
        all.tls(frontends);
        all.http(frontends);
        all.quic(frontends);
        all.pools(PoolView.all(model));
        all.rules(model);
        DynamicBlocks blocks = model.engine().blocks();
        all.offenders("nmg", "netmask", "clients", blocks.clientOffenders());
        all.offenders("smt", "suffix", "suffixes", blocks.suffixOffenders());
        format.family("dnsdist_info", "The version, as a label; always 1", Kind.GAUGE);
        format.sample(List.of("version", version), 1L);
    }

    private void global(Engine engine, ProcFigures proc) {
        for (GlobalFigures.Sample sample : GlobalFigures.read(engine, proc)) {
            if (!sample.metric().prometheusName().isEmpty()) {
                head(sample.metric());
                format.sample(List.of(), sample.value());
            }
        }
    }

    /** Those of the operator's own figures whose values are told apart by labels. */
    private void labelled(Engine engine) {
        for (CustomMetric metric : engine.customMetrics().all()) {
            if (metric.labelled()) {
                head(metric);
                metric.each((labels, value) -> {
                    List<String> pairs = new ArrayList<>();
                    new TreeMap<>(labels).forEach((label, text) -> {
                        pairs.add(label);
                        pairs.add(text);
                    });
                    format.sample(pairs, value);
                });
            }
        }
    }

    private record Bound(String bound, Counter counter) {}

    private void latencies(Engine engine) {
        format.family("dnsdist_latency", "How long answers took, in milliseconds", Kind.HISTOGRAM);
        List<Histogram.Bucket> buckets = new ArrayList<>();
        long count = 0;
        for (Bound bound : List.of(
                new Bound("1", Counter.LATENCY0_1),
                new Bound("10", Counter.LATENCY1_10),
                new Bound("50", Counter.LATENCY10_50),
                new Bound("100", Counter.LATENCY50_100),
                new Bound("1000", Counter.LATENCY100_1000),
                new Bound("+Inf", Counter.LATENCY_SLOW))) {
            count += engine.statistics().value(bound.counter);
            buckets.add(new Histogram.Bucket(bound.bound, count));
        }
        long sumMicros = engine.statistics().value(Counter.LATENCY_SUM);
        format.histogram(
                List.of(), new Histogram(buckets, sumMicros, engine.statistics().latencies()));
    }

    /** A server and its labels, which are the same for all its figures. */
    private record Labelled(Backend backend, List<String> labels) {
        static List<Labelled> of(List<Backend> backends) {
            return backends.stream()
                    .map(backend -> new Labelled(
                            backend,
                            List.of(
                                    "server",
                                    backend.label(),
                                    "address",
                                    backend.address().toString())))
                    .toList();
        }
    }

    private void servers(List<Labelled> servers) {
        for (BackendMetric metric : BackendMetric.values()) {
            head(metric);
            boolean onlyUp = metric == BackendMetric.LATENCY || metric == BackendMetric.TCPLATENCY;
            for (Labelled each : servers) {
                if (!onlyUp || each.backend.isUp()) {
                    format.sample(each.labels, metric.read(each.backend));
                }
            }
        }
    }

    private void checkLatencies(List<Labelled> servers) {
        format.family(
                "dnsdist_server_healthchecklatency_histo",
                "How long health checks took, in milliseconds",
                Kind.HISTOGRAM);
        for (Labelled each : servers) {
            CheckLatencies latencies = each.backend.health().checkLatencies();
            List<Histogram.Bucket> buckets = new ArrayList<>();
            long count = 0;
            for (int bucket = 0; bucket < CheckLatencies.bounds().size(); bucket++) {
                count += latencies.count(bucket);
                buckets.add(new Histogram.Bucket(CheckLatencies.bounds().get(bucket), count));
            }
            format.histogram(each.labels, new Histogram(buckets, latencies.sumMicros(), latencies.sparse()));
        }
    }

    private void frontends(List<FrontendLabels> frontends) {
        for (FrontendMetric metric : FrontendMetric.values()) {
            head(metric);
            for (FrontendLabels each : frontends) {
                if (!metric.ofStreams() || !each.frontend().protocol().isDatagram()) {
                    List<String> labels = List.of(
                            "frontend", each.address(), "proto", each.type(), "thread", String.valueOf(each.thread()));
                    format.sample(labels, metric.read(each.frontend()));
                }
            }
        }
    }

    private void tls(List<FrontendLabels> frontends) {
        for (TlsMetric metric : TlsMetric.values()) {
            head(metric);
            for (FrontendLabels each : frontends) {
                for (TlsMetric.Figure figure : metric.read(each.frontend())) {
                    List<String> labels = new ArrayList<>(List.of(
                            "frontend", each.address(), "proto", each.type(), "thread", String.valueOf(each.thread())));
                    if (!metric.label().isEmpty()) {
                        labels.addAll(List.of(metric.label(), figure.label()));
                    }
                    format.sample(labels, figure.value());
                }
            }
        }
    }

    private void http(List<FrontendLabels> frontends) {
        for (HttpMetric metric : HttpMetric.values()) {
            head(metric);
            for (FrontendLabels each : frontends) {
                for (HttpMetric.Figure figure : metric.read(each.frontend())) {
                    List<String> labels = new ArrayList<>(
                            List.of("frontend", each.address(), "thread", String.valueOf(each.thread())));
                    for (int i = 0; i < metric.ownLabels().size(); i++) {
                        labels.add(metric.ownLabels().get(i));
                        labels.add(figure.values().get(i));
                    }
                    format.sample(labels, figure.value());
                }
            }
        }
    }

    private void quic(List<FrontendLabels> frontends) {
        for (QuicMetric metric : QuicMetric.values()) {
            head(metric);
            for (FrontendLabels each : frontends) {
                List<String> labels = List.of(
                        "frontend", each.address(), "proto", each.type(), "thread", String.valueOf(each.thread()));
                metric.read(each.frontend()).ifPresent(value -> format.sample(labels, value));
            }
        }
    }

    private void pools(List<PoolView> pools) {
        for (PoolMetric metric : PoolMetric.values()) {
            head(metric);
            for (PoolView pool : pools) {
                format.sample(List.of("pool", nameOf(pool)), metric.read(pool));
            }
        }
        for (CacheMetric metric : CacheMetric.values()) {
            head(metric);
            for (PoolView pool : pools) {
                CacheStats cache = pool.cache();
                if (cache != null) {
                    format.sample(List.of("pool", nameOf(pool)), metric.read(cache));
                }
            }
        }
    }

    private static String nameOf(PoolView pool) {
        return pool.name().isEmpty() ? DEFAULT_POOL : pool.name();
    }

    private void rules(Model model) {
        format.family("dnsdist_rule_hits", "Queries or answers that the rule matched", Kind.COUNTER);
        List<Rule<?>> all = new ArrayList<>();
        for (List<Rule<Action>> chain :
                List.of(model.rules().rules(), model.cacheMissRules().rules())) {
            all.addAll(chain);
        }
        all.addAll(model.responseRules().rules());
        all.addAll(model.cacheHitRules().rules());
        all.addAll(model.cacheInsertedRules().rules());
        all.addAll(model.selfAnsweredRules().rules());
        all.addAll(model.xfrRules().rules());
        all.addAll(model.timeoutRules().rules());
        for (Rule<?> rule : all) {
            String id = rule.name().isEmpty() ? rule.uuid().toString() : rule.name();
            format.sample(List.of("id", id), rule.matches().sum());
        }
    }

    private void offenders(String table, String label, String what, TopOffenders offenders) {
        String name = "dnsdist_dynblocks_" + table + "_top_offenders_hits_per_second";
        format.family(
                name,
                "Queries of blocked " + what + " per second over a minute, for the busiest of each reason",
                Kind.GAUGE);
        for (TopOffenders.Offender each : offenders.top()) {
            format.sample(List.of("reason", each.reason(), label, each.key()), each.hitsPerSecond());
        }
    }

    private void head(Metric metric) {
        format.family(
                metric.prometheusName(),
                metric.sentence(),
                metric.type() == Metric.Type.COUNTER ? Kind.COUNTER : Kind.GAUGE);
    }
}
