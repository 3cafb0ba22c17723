package dev.weir.export;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.CacheStats;
import dev.weir.engine.export.CarbonSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.model.Model;
import dev.weir.engine.ring.QueryCounts;
import dev.weir.engine.view.BackendMetric;
import dev.weir.engine.view.CacheMetric;
import dev.weir.engine.view.FrontendMetric;
import dev.weir.engine.view.GlobalFigures;
import dev.weir.engine.view.HttpMetric;
import dev.weir.engine.view.PoolMetric;
import dev.weir.engine.view.PoolView;
import dev.weir.engine.view.ProcFigures;
import dev.weir.engine.view.TlsMetric;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All figures of one moment, a line {@code path value seconds} each, under the paths that dnsdist has. What is a path's separator, or ends a
 * path, becomes an underscore in names.
 */
final class CarbonReport {
    private static final String DEFAULT_POOL = "_default_";

    /** As dnsdist spelt it up to some version after 1.7.3; people's graphs have either. */
    private static final String FORMER_CLIENT_TIMEOUTS = "tcpclientimeouts";

    private final StringBuilder text = new StringBuilder(16_384);
    private final String end;

    private CarbonReport(long epochSeconds) {
        this.end = " " + epochSeconds + "\n";
    }

    /** @param counts queries counted by name, which stand under paths of their own */
    static String of(
            Model model,
            ProcFigures proc,
            CarbonSpec spec,
            String host,
            List<QueryCounts.Count> counts,
            long epochSeconds) {
        CarbonReport report = new CarbonReport(epochSeconds);
        String prefix = spec.namespace() + "." + host + "." + spec.instance() + ".";
        for (GlobalFigures.Sample sample : GlobalFigures.read(model.engine(), proc)) {
            report.line(prefix + sample.metric().metric(), sample.value());
        }
        model.backends().forEach(backend -> report.server(prefix, backend));
        report.frontends(
                prefix, "dnsdist." + host + ".main.doh.", model.engine().frontends());
        PoolView.all(model).forEach(pool -> report.pool(prefix, pool));
        for (QueryCounts.Count count : counts) {
            String name = count.key().length() > 1 && count.key().endsWith(".")
                    ? count.key().substring(0, count.key().length() - 1)
                    : count.key();
            report.line("dnsdist.querycount." + path(name) + ".queries", count.queries());
        }
        return report.text.toString();
    }

    private static String path(String name) {
        StringBuilder path = new StringBuilder(name);
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '.' || c <= ' ' || c == 0x7f) {
                path.setCharAt(i, '_');
            }
        }
        return path.toString();
    }

    private void line(String path, Number value) {
        text.append(path).append(' ');
        if (value instanceof Double number) {
            text.append(String.format(Locale.ROOT, "%.6f", number));
        } else {
            text.append(value);
        }
        text.append(end);
    }

    private void server(String prefix, Backend backend) {
        String at = prefix + "servers." + path(backend.label()) + ".";
        for (BackendMetric metric : BackendMetric.values()) {
            if (!metric.carbonName().isEmpty()) {
                line(at + metric.carbonName(), metric.read(backend));
            }
        }
    }

    /** @param httpPrefix of DNS over HTTP, which dnsdist does not let namespace and instance change */
    private void frontends(String prefix, String httpPrefix, List<Frontend> frontends) {
        Map<String, Integer> seen = new HashMap<>();
        for (Frontend frontend : frontends) {
            String address = path(frontend.address().toString());
            String name = numbered(address + (frontend.protocol().isDatagram() ? "_udp" : "_tcp"), seen);
            String at = prefix + "frontends." + name + ".";
            for (FrontendMetric metric : FrontendMetric.values()) {
                if (!metric.carbonName().isEmpty()) {
                    line(at + metric.carbonName(), metric.read(frontend));
                }
            }
            line(at + FORMER_CLIENT_TIMEOUTS, FrontendMetric.TCPCLIENTTIMEOUTS.read(frontend));
            for (TlsMetric metric : TlsMetric.values()) {
                metric.read(frontend).forEach(figure -> line(at + metric.carbonName(figure), figure.value()));
            }
            if (frontend.http() != null) {
                String http = httpPrefix + numbered(address.replace(':', '_'), seen) + ".";
                for (HttpMetric metric : HttpMetric.values()) {
                    metric.read(frontend).forEach(figure -> line(http + figure.name(), figure.value()));
                }
            }
        }
    }

    /** Several sockets of one address are told apart by a number, but for the first. */
    private static String numbered(String name, Map<String, Integer> seen) {
        int before = seen.merge(name, 1, Integer::sum) - 1;
        return before == 0 ? name : name + "_" + before;
    }

    private void pool(String prefix, PoolView pool) {
        String at = prefix + "pools." + (pool.name().isEmpty() ? DEFAULT_POOL : path(pool.name())) + ".";
        for (PoolMetric metric : PoolMetric.values()) {
            line(at + metric.metric(), metric.read(pool));
        }
        CacheStats cache = pool.cache();
        if (cache != null) {
            for (CacheMetric metric : CacheMetric.values()) {
                line(at + metric.metric(), metric.read(cache));
            }
        }
    }
}
