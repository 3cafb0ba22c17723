package dev.weir.web.dashboard;

import dev.weir.config.Configuration;
import dev.weir.config.change.Change;
import dev.weir.config.change.ReloadHistory;
import dev.weir.config.change.ReloadReport;
import dev.weir.engine.action.Action;
import dev.weir.engine.cache.CacheStats;
import dev.weir.engine.model.Engine;
import dev.weir.engine.model.Model;
import dev.weir.engine.ring.RingReport;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.LatencyHistogram;
import dev.weir.engine.view.BlockView;
import dev.weir.engine.view.FrontendView;
import dev.weir.engine.view.GuardView;
import dev.weir.engine.view.PoolView;
import dev.weir.engine.view.RuleView;
import dev.weir.engine.view.ServerView;
import dev.weir.web.api.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows, as one line of JSON: counters as they are, from which the page makes rates, and the longest lists cut. Belongs to the
 * thread that answers.
 */
final class Overview {
    /** Of each list; the page says how many more there are. */
    private static final int MOST_BLOCKS = 200;

    private static final int MOST_RULES = 100;
    private static final int MOST_CHANGES = 20;
    private static final int TOP = 10;

    /** Looking at the rings may take this part of the thread's time, and no look is younger than this. */
    private static final int SHARE = 20;

    private static final long LOOK_NANOS = 2_000_000_000L;
    private static final List<Integer> PERCENTILES = List.of(50, 95, 99);

    private final Model model;
    private final Supplier<Configuration> configuration;
    private final Supplier<List<GuardView>> guards;
    private final ReloadHistory reloads;
    private final String version;
    private Map<String, Object> rings = Map.of();
    private long nextLookNanos = System.nanoTime();

    Overview(
            Model model,
            Supplier<Configuration> configuration,
            Supplier<List<GuardView>> guards,
            ReloadHistory reloads,
            String version) {
        this.guards = guards;
        this.reloads = reloads;
        this.model = model;
        this.configuration = configuration;
        this.version = version;
    }

    String text() {
        Engine engine = model.engine();
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("version", version);
        all.put("id", configuration.get().effectiveServerId());
        all.put("uptime", engine.uptimeSeconds());
        all.put("writable", configuration.get().web.apiWritable());
        all.put("policy", model.policy().name());
        all.put("counters", counters(engine));
        all.put("servers", servers());
        all.put("pools", pools());
        all.put("frontends", frontends(engine));
        all.put("rules", rules());
        all.put("guards", guards());
        all.put("reloads", reloads());
        blocks(all);
        long now = System.nanoTime();
        if (now - nextLookNanos >= 0) {
            rings = rings(engine);
            long took = System.nanoTime() - now;
            nextLookNanos = now + Math.max(LOOK_NANOS, SHARE * took);
        }
        all.putAll(rings);
        return Json.of(all);
    }

    private static Map<String, Object> counters(Engine engine) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Counter counter : Counter.values()) {
            all.put(counter.metric(), engine.statistics().value(counter));
        }
        return all;
    }

    private List<Object> servers() {
        List<Object> all = new ArrayList<>();
        for (ServerView server : ServerView.of(model, model.backends())) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", server.id());
            row.put("name", server.label());
            row.put("address", server.address().toString());
            row.put("state", server.state());
            row.put("qps", server.queryRate());
            row.put("drops", server.dropRate());
            row.put("latency", server.udpLatencyMicros() / 1000);
            row.put("outstanding", server.outstanding());
            row.put("queries", server.queries());
            row.put("weight", server.weight());
            row.put("order", server.order());
            row.put("pools", server.pools());
            all.add(row);
        }
        return all;
    }

    private List<Object> pools() {
        List<Object> all = new ArrayList<>();
        for (PoolView pool : PoolView.all(model)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", pool.name());
            row.put("policy", pool.policy());
            row.put("servers", pool.servers().size());
            row.put("up", pool.countUp());
            CacheStats cache = pool.cache();
            if (cache != null) {
                row.put("entries", cache.entries());
                row.put("size", cache.maxEntries());
                row.put("hits", cache.hits());
                row.put("misses", cache.misses());
            }
            all.add(row);
        }
        return all;
    }

    private static List<Object> frontends(Engine engine) {
        List<Object> all = new ArrayList<>();
        for (FrontendView frontend : FrontendView.of(engine.frontends())) {
            all.add(Map.of(
                    "address",
                    frontend.address().toString(),
                    "type",
                    frontend.type(),
                    "queries",
                    frontend.queries(),
                    "responses",
                    frontend.responses()));
        }
        return all;
    }

    private List<Object> rules() {
        List<Object> all = new ArrayList<>();
        List<Rule<Action>> rules = model.rules().rules();
        for (RuleView rule : RuleView.of(rules.subList(0, Math.min(MOST_RULES, rules.size())))) {
            all.add(Map.of(
                    "name", rule.name(), "rule", rule.selector(), "action", rule.action(), "matches", rule.matches()));
        }
        return all;
    }

    private List<Object> guards() {
        List<Object> all = new ArrayList<>();
        for (GuardView guard : guards.get()) {
            all.add(Map.of("device", guard.device(), "state", guard.state(), "counters", guard.counters()));
        }
        return all;
    }

    /** The latest first, each with as many of its changes as people read. */
    private List<Object> reloads() {
        List<Object> all = new ArrayList<>();
        for (ReloadHistory.Past past : reloads.latest()) {
            ReloadReport report = past.report();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("at", past.at().getEpochSecond());
            row.put("succeeded", report.succeeded());
            row.put("error", report.error());
            row.put("count", report.changes().size());
            row.put(
                    "changes",
                    report.changes().stream()
                            .limit(MOST_CHANGES)
                            .map(Change::toString)
                            .toList());
            row.put("notes", report.notes().stream().limit(MOST_CHANGES).toList());
            all.add(row);
        }
        return all;
    }

    private void blocks(Map<String, @Nullable Object> all) {
        List<BlockView> blocks = BlockView.all(model.engine().blocks(), System.nanoTime());
        List<Object> rows = new ArrayList<>();
        blocks.stream()
                .sorted(Comparator.comparingLong(BlockView::blocks).reversed())
                .limit(MOST_BLOCKS)
                .forEach(block -> rows.add(Map.of(
                        "key", block.key(),
                        "name", block.ofName(),
                        "reason", block.reason(),
                        "seconds", block.secondsLeft(),
                        "blocks", block.blocks(),
                        "action", block.action().luaName(),
                        "warning", block.warning(),
                        "kernel", block.inKernel())));
        all.put("blocks", rows);
        all.put("blockCount", blocks.size());
        all.put(
                "kernelBlocked",
                blocks.stream().mapToLong(BlockView::kernelBlocks).sum());
    }

    private static Map<String, Object> rings(Engine engine) {
        RingReport report = new RingReport(engine.rings());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("topClients", top(report.clients(TOP)));
        all.put("topNames", top(report.queries(TOP, RingReport.ALL_LABELS)));
        all.put("topTimeouts", top(report.timeouts(TOP, RingReport.ALL_LABELS)));
        all.put("percentiles", percentiles(report.latency()));
        return all;
    }

    /** Without the last row, the rest. */
    private static List<Object> top(List<RingReport.Row> rows) {
        List<Object> all = new ArrayList<>();
        for (RingReport.Row row : rows.subList(0, Math.max(0, rows.size() - 1))) {
            all.add(Map.of("key", row.key(), "count", row.count(), "percent", row.percent()));
        }
        return all;
    }

    /** Upper bounds in milliseconds, by percentile: what the bins tell. */
    private static Map<String, Object> percentiles(LatencyHistogram histogram) {
        Map<String, Object> all = new LinkedHashMap<>();
        long total = histogram.total();
        for (int percentile : PERCENTILES) {
            long seen = 0;
            for (int bin = 0; bin < LatencyHistogram.BINS && total > 0; bin++) {
                seen += histogram.counts().get(bin);
                if (seen * 100 >= total * percentile) {
                    all.put("p" + percentile, LatencyHistogram.boundMicros(bin) / 1000.0);
                    break;
                }
            }
        }
        return all;
    }
}
