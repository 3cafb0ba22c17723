package dev.weir.lua.function;

import static org.luaj.vm2.LuaValue.NONE;

import dev.weir.engine.Frontend;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.Backend;
import dev.weir.engine.pool.PoolModel;
import dev.weir.lua.lang.Area;
import dev.weir.lua.lang.Args;
import dev.weir.lua.lang.Options;
import dev.weir.lua.object.CommandHistory;
import dev.weir.lua.object.Context;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.luaj.vm2.Varargs;

/** What the console shows of servers, pools, frontends and itself. */
public final class ConsoleFunctions implements Area {
    private final Context context;
    private final CommandHistory history;
    private final Collection<String> names;

    /** @param names all names that {@code help()} lists, filled when the world is complete */
    public ConsoleFunctions(Context context, CommandHistory history, Collection<String> names) {
        this.context = context;
        this.history = history;
        this.names = names;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "clearConsoleHistory",
                "delta",
                "help",
                "show",
                "showACL",
                "showBinds",
                "showPools",
                "showServers",
                "showVersion");
    }

    @Override
    public Varargs call(String function, Args args) {
        switch (function) {
            case "clearConsoleHistory" -> history.clear();
            case "delta" -> context.append(history.text());
            case "help" -> help(args.stringOr(1, "command", ""));
            case "show" -> context.print(args.string(1, "text"));
            case "showACL" -> context.model.acl().masks().forEach(mask -> context.print(mask.toString()));
            case "showBinds" -> showBinds();
            case "showPools" -> showPools();
            case "showServers" -> showServers(args);
            case "showVersion" -> context.print(context.host.version());
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    private void help(String prefix) {
        List<String> found =
                names.stream().filter(name -> name.startsWith(prefix)).toList();
        if (found.isEmpty()) {
            context.print("Nothing found for " + prefix);
        }
        found.forEach(context::print);
    }

    private void showBinds() {
        line("%-3s %-30s %-21s %s", "#", "Address", "Protocol", "Queries");
        int i = 0;
        for (Frontend frontend : context.model.engine().frontends()) {
            String protocol = frontend.protocol().isDatagram() ? "UDP" : "TCP";
            line(
                    "%-3d %-30s %-21s %d",
                    i++, frontend.address(), protocol, frontend.queries().sum());
        }
    }

    private void showPools() {
        line("%-20s %24s %20s %s", "Name", "Cache", "ServerPolicy", "Servers");
        for (PoolModel pool : context.model.pools()) {
            var cache = pool.cache();
            Policy own = pool.policy();
            String servers = String.join(
                    ", ",
                    pool.servers().stream()
                            .map(server -> server.label() + " " + server.address())
                            .toList());
            line(
                    "%-20s %24s %20s %s",
                    pool.name(),
                    cache == null ? "" : cache.size() + "/" + cache.spec().maxEntries(),
                    (own == null ? context.model.policy() : own).name(),
                    servers);
        }
    }

    private void showServers(Args args) {
        Options options = args.options(1, context);
        boolean uuids = options.bool("showUUIDs", false);
        options.done();
        line(
                "%-3s %s%-20s %-29s %5s %7s %7s %3s %2s %10s %7s %5s %5s %5s %11s %s",
                "#",
                uuids ? String.format("%-36s ", "UUID") : "",
                "Name",
                "Address",
                "State",
                "Qps",
                "Qlim",
                "Ord",
                "Wt",
                "Queries",
                "Drops",
                "Drate",
                "Lat",
                "TCP",
                "Outstanding",
                "Pools");
        double totalRate = 0;
        long totalQueries = 0;
        long totalDrops = 0;
        int i = 0;
        for (Backend server : context.model.backends()) {
            long queries = server.queries().sum();
            long drops = server.drops().sum();
            totalRate += server.queryRate();
            totalQueries += queries;
            totalDrops += drops;
            line(
                    "%-3d %s%-20.20s %-29s %5s %7.1f %7d %3d %2d %10d %7d %5.1f %5s %5s %11d %s",
                    i++,
                    uuids ? server.id() + " " : "",
                    server.label(),
                    server.address(),
                    server.health().stateText(),
                    server.queryRate(),
                    server.qpsLimit(),
                    server.order(),
                    server.weight(),
                    queries,
                    drops,
                    server.dropRate(),
                    milliseconds(server.udpLatencyMicros()),
                    milliseconds(server.tcpLatencyMicros()),
                    server.outstanding(),
                    String.join(" ", pools(server)));
        }
        line(
                "%-3s %s%-20s %-29s %5s %7.1f %7s %3s %2s %10d %7d %5s %5s %5s %11s ",
                "All",
                uuids ? String.format("%-36s ", "") : "",
                "",
                "",
                "",
                totalRate,
                "",
                "",
                "",
                totalQueries,
                totalDrops,
                "",
                "",
                "",
                "");
    }

    private List<String> pools(Backend server) {
        return context.model.pools().stream()
                .filter(pool -> !pool.name().isEmpty() && pool.servers().contains(server))
                .map(PoolModel::name)
                .toList();
    }

    private static String milliseconds(double micros) {
        return micros == 0 ? "-" : String.format(Locale.ROOT, "%.1f", micros / 1000);
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private void line(String format, Object... cells) {
        context.print(String.format(Locale.ROOT, format, cells));
    }
}
