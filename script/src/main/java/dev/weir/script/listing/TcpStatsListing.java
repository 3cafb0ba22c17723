package dev.weir.script.listing;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.model.Engine;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.view.BackendMetric;
import dev.weir.engine.view.FrontendMetric;
import dev.weir.engine.view.TlsMetric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What {@code showTCPStats()} prints: the threads, then one line a frontend, then one line a backend. Connections go to an event loop as
 * they are accepted, so none is ever queued for a thread.
 */
public final class TcpStatsListing {
    private static final Columns WORKERS = new Columns("-12 -12 -12 -12");
    private static final Columns FRONTENDS =
            new Columns("-3 -20.20 -20 -20 -20 -25 -20 -20 -20 -20 -20 -20 -20 -20 -25 -25 -15 -15 -15 -15 -15");
    private static final Columns BACKENDS =
            new Columns("-3 -20.20 -20.20 -20 -20 -25 -25 -20 -20 -20 -20 -20 -20 -20 -20 -20 -20");

    private static final List<FrontendMetric> OF_FRONTENDS = List.of(
            FrontendMetric.TCPCURRENTCONNECTIONS,
            FrontendMetric.TCPMAXCONCURRENTCONNECTIONS,
            FrontendMetric.TCPDIEDREADINGQUERY,
            FrontendMetric.TCPDIEDSENDINGRESPONSE,
            FrontendMetric.TCPGAVEUP,
            FrontendMetric.TCPCLIENTTIMEOUTS,
            FrontendMetric.TCPDOWNSTREAMTIMEOUTS,
            FrontendMetric.TCPAVGQUERIESPERCONNECTION,
            FrontendMetric.TCPAVGCONNECTIONDURATION,
            FrontendMetric.TCPAVGREADIOS);

    private static final List<TlsMetric> OF_TLS = List.of(
            TlsMetric.TLSNEWSESSIONS,
            TlsMetric.TLSRESUMPTIONS,
            TlsMetric.TLSUNKNOWNTICKETKEYS,
            TlsMetric.TLSINACTIVETICKETKEYS,
            TlsMetric.TLSQUERIES);

    private static final int TLS_COLUMNS = 9;

    private static final List<BackendMetric> OF_BACKENDS = List.of(
            BackendMetric.TCPCURRENTCONNECTIONS,
            BackendMetric.TCPMAXCONCURRENTCONNECTIONS,
            BackendMetric.TCPDIEDSENDINGQUERY,
            BackendMetric.TCPDIEDREADINGRESPONSE,
            BackendMetric.TCPGAVEUP,
            BackendMetric.TCPREADTIMEOUTS,
            BackendMetric.TCPWRITETIMEOUTS,
            BackendMetric.TCPCONNECTTIMEOUTS,
            BackendMetric.TCPTOOMANYCONCURRENTCONNECTIONS,
            BackendMetric.TCPNEWCONNECTIONS,
            BackendMetric.TCPREUSEDCONNECTIONS,
            BackendMetric.TLSRESUMPTIONS,
            BackendMetric.TCPAVGQUERIESPERCONN,
            BackendMetric.TCPAVGCONNDURATION);

    private TcpStatsListing() {}

    /** @param workers event loops that serve connections */
    public static String show(Model model, int workers) {
        StringBuilder text = new StringBuilder();
        LiveSettings settings = model.settings();
        WORKERS.line(text, "Workers", "Max Workers", "Queued", "Max Queued");
        WORKERS.line(
                text,
                workers,
                settings.number(Setting.MAX_TCP_CLIENT_THREADS),
                0,
                settings.number(Setting.MAX_TCP_QUEUED_CONNECTIONS));
        text.append("\nFrontends:\n");
        frontends(text, model.engine());
        text.append("\nBackends:\n");
        backends(text, model.backends());
        return text.toString();
    }

    private static void frontends(StringBuilder text, Engine engine) {
        FRONTENDS.line(
                text,
                "#",
                "Address",
                "Connections",
                "Max concurrent conn",
                "Died reading query",
                "Died sending response",
                "Gave up",
                "Client timeouts",
                "Downstream timeouts",
                "Avg queries/conn",
                "Avg duration",
                "Avg read IOs/conn",
                "TLS new sessions",
                "TLS Resumptions",
                "TLS unknown ticket keys",
                "TLS inactive ticket keys",
                "TLS 1.0",
                "TLS 1.1",
                "TLS 1.2",
                "TLS 1.3",
                "TLS other");
        List<Frontend> frontends = engine.frontends();
        for (int i = 0; i < frontends.size(); i++) {
            Frontend frontend = frontends.get(i);
            List<Object> row = new ArrayList<>(List.of(i, frontend.address()));
            OF_FRONTENDS.forEach(metric -> row.add(cell(metric.read(frontend))));
            row.addAll(tls(frontend));
            FRONTENDS.line(text, row.toArray());
        }
    }

    /** The columns of TLS, which are 0 for others. */
    private static List<Object> tls(Frontend frontend) {
        List<Object> cells = new ArrayList<>();
        for (TlsMetric metric : OF_TLS) {
            metric.read(frontend).forEach(figure -> cells.add(figure.value()));
        }
        return cells.isEmpty() ? new ArrayList<>(Collections.nCopies(TLS_COLUMNS, 0)) : cells;
    }

    private static void backends(StringBuilder text, List<Backend> backends) {
        BACKENDS.line(
                text,
                "#",
                "Name",
                "Address",
                "Connections",
                "Max concurrent conn",
                "Died sending query",
                "Died reading response",
                "Gave up",
                "Read timeouts",
                "Write timeouts",
                "Connect timeouts",
                "Too many conn",
                "Total connections",
                "Reused connections",
                "TLS resumptions",
                "Avg queries/conn",
                "Avg duration");
        for (int i = 0; i < backends.size(); i++) {
            Backend backend = backends.get(i);
            List<Object> row = new ArrayList<>(List.of(i, backend.label(), backend.address()));
            OF_BACKENDS.forEach(metric -> row.add(cell(metric.read(backend))));
            BACKENDS.line(text, row.toArray());
        }
    }

    private static Object cell(Number value) {
        return value instanceof Double average ? String.format(Locale.ROOT, "%.6f", average) : value;
    }
}
