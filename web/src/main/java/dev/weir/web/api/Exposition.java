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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Metrics in Prometheus' text format, version 0.0.4: all samples of a name stand together under its help and its type.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition formats</a>
 */
final class Exposition {
    static final String TYPE = "text/plain; version=0.0.4";
    private static final String DEFAULT_POOL = "_default_";

    private final StringBuilder text = new StringBuilder(16_384);
    private final String instance;

    /** @param instance the value of a label that every sample gets; empty for none */
    private Exposition(String instance) {
        this.instance = instance;
    }

    /** Everything that there is now. */
    static String of(Model model, ProcFigures proc, String version, String instance) {
        Exposition all = new Exposition(instance);
        all.global(model.engine(), proc);
        all.labelled(model.engine());
        all.latencies(model.engine());
        all.servers(model.backends());
        all.checkLatencies(model.backends());
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
        all.head("dnsdist_info", "The version, as a label; always 1", "gauge");
        all.sample("dnsdist_info", List.of("version", version), 1L);
        return all.text.toString();
    }

    private void global(Engine engine, ProcFigures proc) {
        for (GlobalFigures.Sample sample : GlobalFigures.read(engine, proc)) {
            if (!sample.metric().prometheusName().isEmpty()) {
                head(sample.metric());
                sample(sample.metric().prometheusName(), List.of(), sample.value());
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
                    sample(metric.prometheusName(), pairs, value);
                });
            }
        }
    }

    private record Bucket(String bound, Counter counter) {}

    private void latencies(Engine engine) {
        String name = "dnsdist_latency";
        head(name, "How long answers took, in milliseconds", "histogram");
        long count = 0;
        for (Bucket bucket : List.of(
                new Bucket("1", Counter.LATENCY0_1),
                new Bucket("10", Counter.LATENCY1_10),
                new Bucket("50", Counter.LATENCY10_50),
                new Bucket("100", Counter.LATENCY50_100),
                new Bucket("1000", Counter.LATENCY100_1000),
                new Bucket("+Inf", Counter.LATENCY_SLOW))) {
            count += engine.statistics().value(bucket.counter);
            sample(name + "_bucket", List.of("le", bucket.bound), count);
        }
        sample(name + "_sum", List.of(), engine.statistics().value(Counter.LATENCY_SUM) / 1000);
        sample(name + "_count", List.of(), count);
    }

    private void servers(List<Backend> backends) {
        for (BackendMetric metric : BackendMetric.values()) {
            head(metric);
            boolean onlyUp = metric == BackendMetric.LATENCY || metric == BackendMetric.TCPLATENCY;
            for (Backend backend : backends) {
                if (!onlyUp || backend.isUp()) {
                    sample(
                            metric.prometheusName(),
                            List.of(
                                    "server",
                                    backend.label(),
                                    "address",
                                    backend.address().toString()),
                            metric.read(backend));
                }
            }
        }
    }

    private void checkLatencies(List<Backend> backends) {
        String name = "dnsdist_server_healthchecklatency_histo";
        head(name, "How long health checks took, in milliseconds", "histogram");
        for (Backend backend : backends) {
            List<String> labels = List.of(
                    "server", backend.label(), "address", backend.address().toString());
            CheckLatencies latencies = backend.health().checkLatencies();
            long count = 0;
            for (int bucket = 0; bucket < CheckLatencies.bounds().size(); bucket++) {
                count += latencies.count(bucket);
                List<String> bounded = new ArrayList<>(labels);
                bounded.addAll(List.of("le", CheckLatencies.bounds().get(bucket)));
                sample(name + "_bucket", bounded, count);
            }
            sample(name + "_sum", labels, latencies.sumMillis());
            sample(name + "_count", labels, count);
        }
    }

    private void frontends(List<FrontendLabels> frontends) {
        for (FrontendMetric metric : FrontendMetric.values()) {
            head(metric);
            for (FrontendLabels each : frontends) {
                if (!metric.ofStreams() || !each.frontend().protocol().isDatagram()) {
                    List<String> labels = List.of(
                            "frontend", each.address(), "proto", each.type(), "thread", String.valueOf(each.thread()));
                    sample(metric.prometheusName(), labels, metric.read(each.frontend()));
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
                    sample(metric.prometheusName(), labels, figure.value());
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
                    sample(metric.prometheusName(), labels, figure.value());
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
                metric.read(each.frontend()).ifPresent(value -> sample(metric.prometheusName(), labels, value));
            }
        }
    }

    private void pools(List<PoolView> pools) {
        for (PoolMetric metric : PoolMetric.values()) {
            head(metric);
            for (PoolView pool : pools) {
                sample(metric.prometheusName(), List.of("pool", nameOf(pool)), metric.read(pool));
            }
        }
        for (CacheMetric metric : CacheMetric.values()) {
            head(metric);
            for (PoolView pool : pools) {
                CacheStats cache = pool.cache();
                if (cache != null) {
                    sample(metric.prometheusName(), List.of("pool", nameOf(pool)), metric.read(cache));
                }
            }
        }
    }

    private static String nameOf(PoolView pool) {
        return pool.name().isEmpty() ? DEFAULT_POOL : pool.name();
    }

    private void rules(Model model) {
        String name = "dnsdist_rule_hits";
        head(name, "Queries or answers that the rule matched", "counter");
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
            sample(name, List.of("id", id), rule.matches().sum());
        }
    }

    private void offenders(String table, String label, String what, TopOffenders offenders) {
        String name = "dnsdist_dynblocks_" + table + "_top_offenders_hits_per_second";
        head(name, "Queries of blocked " + what + " per second over a minute, for the busiest of each reason", "gauge");
        for (TopOffenders.Offender each : offenders.top()) {
            sample(name, List.of("reason", each.reason(), label, each.key()), each.hitsPerSecond());
        }
    }

    private void head(Metric metric) {
        head(metric.prometheusName(), metric.sentence(), metric.type().name().toLowerCase(Locale.ROOT));
    }

    private void head(String name, String help, String type) {
        text.append("# HELP ").append(name).append(' ');
        escaped(help, false);
        text.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /** @param labels names and values in turn */
    private void sample(String name, List<String> labels, @Nullable Number value) {
        text.append(name);
        char before = '{';
        for (int i = 0; i < labels.size(); i += 2) {
            before = label(before, labels.get(i), labels.get(i + 1));
        }
        if (!instance.isEmpty()) {
            before = label(before, "instance", instance);
        }
        text.append(before == ',' ? "} " : " ");
        number(value);
        text.append('\n');
    }

    private char label(char before, String name, String value) {
        text.append(before).append(name).append("=\"");
        escaped(value, true);
        text.append('"');
        return ',';
    }

    private void escaped(String value, boolean quoted) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(quoted ? "\\\"" : "\"");
                default -> text.append(c);
            }
        }
    }

    private void number(@Nullable Number value) {
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            text.append((long) (double) number);
        } else {
            text.append(value);
        }
    }
}
