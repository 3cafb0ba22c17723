package dev.weir.lua.function;

import static org.luaj.vm2.LuaValue.NONE;

import dev.weir.engine.Frontend;
import dev.weir.engine.pool.Backend;
import dev.weir.lua.lang.Area;
import dev.weir.lua.lang.Args;
import dev.weir.lua.object.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.Varargs;

/** Counters, in tables for people and for Lua. */
public final class StatisticsFunctions implements Area {
    private static final String FRONTEND_ROW =
            "%-3s %-20s %-20s %-20s %-20s %-25s %-20s %-20s %-20s %-20s %-20s %-20s %-20s %-20s %-25s %-25s %-20s %-20s %-20s %-20s %-20s";
    private static final String BACKEND_ROW =
            "%-3s %-20.20s %-20s %-20s %-20s %-25s %-25s %-20s %-20s %-20s %-20s %-20s %-20s %-20s %-20s %-20s %-20s";

    private final Context context;
    private final Metrics metrics;

    public StatisticsFunctions(Context context) {
        this.context = context;
        this.metrics = new Metrics(context.model);
    }

    @Override
    public List<String> functions() {
        return List.of("dumpStats", "getStatisticsCounters", "showTCPStats");
    }

    @Override
    public Varargs call(String function, Args args) {
        switch (function) {
            case "dumpStats" -> dumpStats();
            case "getStatisticsCounters" -> {
                LuaTable table = new LuaTable();
                metrics.all().forEach((name, value) -> table.set(name, value.doubleValue()));
                return table;
            }
            case "showTCPStats" -> {
                showWorkers();
                showFrontends();
                showBackends();
            }
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    private void dumpStats() {
        List<Map.Entry<String, Number>> all = new ArrayList<>(metrics.all().entrySet());
        int rows = (all.size() + 1) / 2;
        for (int i = 0; i < rows; i++) {
            String left = cell(all.get(i));
            context.print(
                    i + rows < all.size() ? left + cell(all.get(i + rows)).stripTrailing() : left.stripTrailing());
        }
    }

    private static String cell(Map.Entry<String, Number> metric) {
        Number value = metric.getValue();
        String number = value instanceof Double
                ? String.format(Locale.ROOT, "%13.1f  ", value.doubleValue())
                : String.format(Locale.ROOT, "%11d    ", value.longValue());
        return String.format(Locale.ROOT, "%-35s\t", metric.getKey()) + number;
    }

    private void showWorkers() {
        var tuning = context.model.tuning();
        line("%-12s %-12s %-12s %-12s", "Workers", "Max Workers", "Queued", "Max Queued");
        line(
                "%-12d %-12d %-12d %-12d",
                tuning.maxTcpClientThreads, tuning.maxTcpClientThreads, 0, tuning.maxTcpQueuedConnections);
        context.print("");
    }

    private void showFrontends() {
        context.print("Frontends:");
        line(
                FRONTEND_ROW,
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
        int i = 0;
        for (Frontend frontend : context.model.engine().frontends()) {
            Frontend.StreamCounters c = frontend.stream();
            if (!frontend.protocol().isDatagram()) {
                line(
                        FRONTEND_ROW,
                        i,
                        frontend.address(),
                        c.currentConnections,
                        c.maxConcurrentConnections,
                        c.diedReadingQuery,
                        c.diedSendingResponse,
                        c.gaveUp,
                        c.clientTimeouts,
                        c.downstreamTimeouts,
                        average(c.queriesPerConnection.value()),
                        average(c.connectionMillis.value()),
                        average(0),
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0);
            }
            i++;
        }
        context.print("");
    }

    private void showBackends() {
        context.print("Backends:");
        line(
                BACKEND_ROW,
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
        int i = 0;
        for (Backend backend : context.model.backends()) {
            Backend.StreamCounters c = backend.stream();
            line(
                    BACKEND_ROW,
                    i++,
                    backend.label(),
                    backend.address(),
                    c.currentConnections,
                    c.maxConcurrentConnections,
                    c.diedSendingQuery,
                    c.diedReadingResponse,
                    c.gaveUp,
                    c.readTimeouts,
                    c.writeTimeouts,
                    c.connectTimeouts,
                    c.tooManyConcurrentConnections,
                    c.newConnections,
                    c.reusedConnections,
                    0,
                    average(c.queriesPerConnection.value()),
                    average(c.connectionMillis.value()));
        }
    }

    private static String average(double value) {
        return String.format(Locale.ROOT, "%f", value);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private void line(String format, Object... cells) {
        context.print(String.format(Locale.ROOT, format, cells));
    }
}
