package dev.weir.web.api;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.cache.CacheStats;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.TlsCounters;
import dev.weir.engine.listen.TlsVersion;
import dev.weir.engine.model.Model;
import dev.weir.engine.pool.PoolModel;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.view.BackendMetric;
import dev.weir.engine.view.CacheMetric;
import dev.weir.engine.view.FrontendMetric;
import dev.weir.engine.view.HttpMetric;
import dev.weir.engine.view.PoolView;
import dev.weir.engine.view.RuleView;
import dev.weir.engine.view.TlsMetric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/servers/localhost}: all that there is, in one object. */
final class StatusDocument {
    /** What the API calls figures that have other names in other places. */
    private static final Map<BackendMetric, String> SERVER_KEYS = new EnumMap<>(Map.ofEntries(
            Map.entry(BackendMetric.QUERIES, "queries"),
            Map.entry(BackendMetric.RESPONSES, "responses"),
            Map.entry(BackendMetric.NONCOMPLIANTRESPONSES, "nonCompliantResponses"),
            Map.entry(BackendMetric.DROPS, "reuseds"),
            Map.entry(BackendMetric.SENDERRORS, "sendErrors"),
            Map.entry(BackendMetric.OUTSTANDING, "outstanding"),
            Map.entry(BackendMetric.ORDER, "order"),
            Map.entry(BackendMetric.WEIGHT, "weight"),
            Map.entry(BackendMetric.TCPDIEDSENDINGQUERY, "tcpDiedSendingQuery"),
            Map.entry(BackendMetric.TCPDIEDREADINGRESPONSE, "tcpDiedReadingResponse"),
            Map.entry(BackendMetric.TCPGAVEUP, "tcpGaveUp"),
            Map.entry(BackendMetric.TCPREADTIMEOUTS, "tcpReadTimeouts"),
            Map.entry(BackendMetric.TCPWRITETIMEOUTS, "tcpWriteTimeouts"),
            Map.entry(BackendMetric.TCPCONNECTTIMEOUTS, "tcpConnectTimeouts"),
            Map.entry(BackendMetric.TCPCURRENTCONNECTIONS, "tcpCurrentConnections"),
            Map.entry(BackendMetric.TCPMAXCONCURRENTCONNECTIONS, "tcpMaxConcurrentConnections"),
            Map.entry(BackendMetric.TCPTOOMANYCONCURRENTCONNECTIONS, "tcpTooManyConcurrentConnections"),
            Map.entry(BackendMetric.TCPNEWCONNECTIONS, "tcpNewConnections"),
            Map.entry(BackendMetric.TCPREUSEDCONNECTIONS, "tcpReusedConnections"),
            Map.entry(BackendMetric.TCPAVGQUERIESPERCONN, "tcpAvgQueriesPerConnection"),
            Map.entry(BackendMetric.TCPAVGCONNDURATION, "tcpAvgConnectionDuration"),
            Map.entry(BackendMetric.TLSRESUMPTIONS, "tlsResumptions"),
            Map.entry(BackendMetric.HEALTHCHECKFAILURES, "healthCheckFailures"),
            Map.entry(BackendMetric.HEALTHCHECKFAILURESPARSING, "healthCheckFailuresParsing"),
            Map.entry(BackendMetric.HEALTHCHECKFAILURESTIMEOUT, "healthCheckFailuresTimeout"),
            Map.entry(BackendMetric.HEALTHCHECKFAILURESNETWORK, "healthCheckFailuresNetwork"),
            Map.entry(BackendMetric.HEALTHCHECKFAILURESMISMATCH, "healthCheckFailuresMismatch"),
            Map.entry(BackendMetric.HEALTHCHECKFAILURESINVALID, "healthCheckFailuresInvalid"),
            Map.entry(BackendMetric.HEALTHCHECKLATENCY, "healthCheckLatency")));

    private static final Map<FrontendMetric, String> FRONTEND_KEYS = new EnumMap<>(Map.ofEntries(
            Map.entry(FrontendMetric.QUERIES, "queries"),
            Map.entry(FrontendMetric.NONCOMPLIANTQUERIES, "nonCompliantQueries"),
            Map.entry(FrontendMetric.RESPONSES, "responses"),
            Map.entry(FrontendMetric.TCPDIEDREADINGQUERY, "tcpDiedReadingQuery"),
            Map.entry(FrontendMetric.TCPDIEDSENDINGRESPONSE, "tcpDiedSendingResponse"),
            Map.entry(FrontendMetric.TCPGAVEUP, "tcpGaveUp"),
            Map.entry(FrontendMetric.TCPCLIENTTIMEOUTS, "tcpClientTimeouts"),
            Map.entry(FrontendMetric.TCPDOWNSTREAMTIMEOUTS, "tcpDownstreamTimeouts"),
            Map.entry(FrontendMetric.TCPCURRENTCONNECTIONS, "tcpCurrentConnections"),
            Map.entry(FrontendMetric.TCPMAXCONCURRENTCONNECTIONS, "tcpMaxConcurrentConnections"),
            Map.entry(FrontendMetric.TCPAVGQUERIESPERCONNECTION, "tcpAvgQueriesPerConnection"),
            Map.entry(FrontendMetric.TCPAVGCONNECTIONDURATION, "tcpAvgConnectionDuration")));

    private static final Map<TlsMetric, String> TLS_KEYS = new EnumMap<>(Map.of(
            TlsMetric.TLSNEWSESSIONS, "tlsNewSessions",
            TlsMetric.TLSRESUMPTIONS, "tlsResumptions",
            TlsMetric.TLSUNKNOWNTICKETKEYS, "tlsUnknownTicketKey",
            TlsMetric.TLSINACTIVETICKETKEYS, "tlsInactiveTicketKey"));

    private static final Map<CacheMetric, String> CACHE_KEYS = new EnumMap<>(Map.of(
            CacheMetric.SIZE, "cacheSize",
            CacheMetric.ENTRIES, "cacheEntries",
            CacheMetric.HITS, "cacheHits",
            CacheMetric.MISSES, "cacheMisses",
            CacheMetric.DEFERRED_INSERTS, "cacheDeferredInserts",
            CacheMetric.DEFERRED_LOOKUPS, "cacheDeferredLookups",
            CacheMetric.LOOKUP_COLLISIONS, "cacheLookupCollisions",
            CacheMetric.INSERT_COLLISIONS, "cacheInsertCollisions",
            CacheMetric.TTL_TOO_SHORTS, "cacheTTLTooShorts",
            CacheMetric.CLEANUP_COUNT, "cacheCleanupCount"));

    private final Model model;
    private final String version;

    StatusDocument(Model model, String version) {
        this.model = model;
        this.version = version;
    }

    Map<String, @Nullable Object> whole(Object statistics) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("daemon_type", "dnsdist");
        all.put("version", version);
        all.put("servers", servers(model.backends()));
        all.put("frontends", frontends());
        all.put("dohFrontends", dohFrontends());
        all.put("pools", pools());
        all.put("acl", model.acl().toString());
        all.put("local", local());
        all.put("statistics", statistics);
        all.put("rules", rules(model.rules().rules(), true));
        all.put("cache-miss-rules", rules(model.cacheMissRules().rules(), true));
        all.put("response-rules", rules(model.responseRules().rules(), false));
        all.put("cache-hit-response-rules", rules(model.cacheHitRules().rules(), false));
        all.put(
                "cache-inserted-response-rules",
                rules(model.cacheInsertedRules().rules(), false));
        all.put("self-answered-response-rules", rules(model.selfAnsweredRules().rules(), false));
        all.put("xfr-response-rules", rules(model.xfrRules().rules(), false));
        all.put("timeout-response-rules", rules(model.timeoutRules().rules(), false));
        return all;
    }

    /** Null if there is no such pool. */
    @Nullable Map<String, @Nullable Object> pool(String name) {
        List<PoolView> all = PoolView.all(model);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals(name)) {
                Map<String, @Nullable Object> both = new LinkedHashMap<>();
                both.put("stats", pool(i, all.get(i)));
                both.put("servers", servers(all.get(i).servers()));
                return both;
            }
        }
        return null;
    }

    private String local() {
        return model.engine().frontends().stream()
                .map(frontend -> frontend.address().toString())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private List<Object> servers(List<Backend> backends) {
        List<Object> all = new ArrayList<>();
        for (Backend backend : backends) {
            all.add(server(all.size(), backend));
        }
        return all;
    }

    private Map<String, @Nullable Object> server(int number, Backend backend) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", number);
        row.put("name", backend.label());
        row.put("address", backend.address());
        row.put("state", backend.health().stateText());
        row.put("protocol", protocol(backend.spec()));
        row.put("qps", Math.round(backend.queryRate()));
        row.put("qpsLimit", backend.qpsLimit());
        row.put(
                "pools",
                model.pools().stream()
                        .filter(pool -> pool.servers().contains(backend))
                        .map(PoolModel::name)
                        .toList());
        boolean off = backend.health().stateText().equals("DOWN");
        row.put("latency", off ? null : BackendMetric.LATENCY.read(backend));
        row.put("tcpLatency", off ? null : BackendMetric.TCPLATENCY.read(backend));
        row.put("dropRate", backend.dropRate());
        SERVER_KEYS.forEach((metric, key) -> row.put(key, metric.read(backend)));
        return row;
    }

    private static String protocol(BackendSpec spec) {
        if (spec.http() != null) {
            return "DoH";
        }
        return spec.tls() != null ? "DoT" : spec.tcp().only() ? "Do53 TCP" : "Do53";
    }

    private List<Object> frontends() {
        List<Object> all = new ArrayList<>();
        for (Frontend frontend : model.engine().frontends()) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("id", all.size());
            row.put("address", frontend.address());
            row.put("udp", frontend.protocol().isDatagram());
            row.put("tcp", !frontend.protocol().isDatagram());
            row.put("type", frontend.type());
            FRONTEND_KEYS.forEach((metric, key) -> row.put(key, metric.read(frontend)));
            tls(frontend, row);
            all.add(row);
        }
        return all;
    }

    /** Frontends without TLS have its figures too, as 0. */
    private static void tls(Frontend frontend, Map<String, @Nullable Object> row) {
        TLS_KEYS.forEach((metric, key) -> {
            List<TlsMetric.Figure> figures = metric.read(frontend);
            row.put(key, figures.isEmpty() ? 0L : figures.getFirst().value());
        });
        TlsCounters counters = frontend.tls();
        for (TlsVersion version : TlsVersion.values()) {
            String key = version == TlsVersion.UNKNOWN ? "tlsUnknownQueries" : version.label() + "Queries";
            row.put(key, counters == null ? 0L : counters.queries(version).sum());
        }
        if (counters != null) {
            Map<String, @Nullable Object> failures = new LinkedHashMap<>();
            for (TlsCounters.Failure failure : TlsCounters.Failure.values()) {
                failures.put(failure.key(), counters.failures(failure).sum());
            }
            row.put("tlsHandshakeFailures", failures);
        }
    }

    private List<Object> dohFrontends() {
        List<Object> all = new ArrayList<>();
        for (Frontend frontend : model.engine().frontends()) {
            if (frontend.http() == null) {
                continue;
            }
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("id", all.size());
            row.put("address", frontend.address());
            for (HttpMetric metric : HttpMetric.values()) {
                metric.read(frontend).forEach(figure -> row.put(figure.name(), figure.value()));
            }
            all.add(row);
        }
        return all;
    }

    private List<Object> pools() {
        List<Object> all = new ArrayList<>();
        for (PoolView pool : PoolView.all(model)) {
            all.add(pool(all.size(), pool));
        }
        return all;
    }

    private static Map<String, @Nullable Object> pool(int number, PoolView pool) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", number);
        row.put("name", pool.name());
        row.put("serversCount", pool.servers().size());
        CacheStats cache = pool.cache();
        CACHE_KEYS.forEach((metric, key) -> row.put(key, cache == null ? 0 : metric.read(cache)));
        return row;
    }

    private static List<Object> rules(List<? extends Rule<?>> rules, boolean ofQueries) {
        List<Object> all = new ArrayList<>();
        for (RuleView rule : RuleView.of(rules)) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("id", rule.number());
            row.put("creationOrder", rule.creationOrder());
            row.put("uuid", rule.uuid());
            row.put("name", rule.name());
            row.put("matches", rule.matches());
            row.put("rule", rule.selector());
            row.put("action", rule.action());
            if (ofQueries) {
                row.put("action-stats", rule.actionStats());
            }
            all.add(row);
        }
        return all;
    }
}
