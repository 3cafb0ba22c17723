package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.export.CarbonSpec;
import dev.weir.engine.model.Setting;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.ToLua;
import dev.weir.script.listing.StatisticsListing;
import dev.weir.script.listing.TcpStatsListing;
import dev.weir.script.object.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counters: in tables for people and for Lua, and sent away. */
public final class StatisticsFunctions implements Area {
    private static final int MOST_SECONDS = 86_400;

    private final Context context;
    private final StatisticsListing statistics;

    public StatisticsFunctions(Context context) {
        this.context = context;
        this.statistics = new StatisticsListing(context.model.engine());
    }

    @Override
    public List<String> functions() {
        return List.of("carbonServer", "dumpStats", "getStatisticsCounters", "showTCPStats");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        switch (function) {
            case "carbonServer" -> sendToCarbon(args);
            case "dumpStats" -> context.append(statistics.dumpStats());
            case "getStatisticsCounters" -> {
                LuaTable table = new LuaTable();
                statistics.values().forEach((name, value) -> table.put(name, ToLua.of(value.doubleValue())));
                return table;
            }
            case "showTCPStats" ->
                context.append(TcpStatsListing.show(
                        context.model, context.model.settings().number(Setting.MAX_TCP_CLIENT_THREADS)));
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    private void sendToCarbon(Args args) {
        CarbonSpec spec = new CarbonSpec(
                Endpoint.parse(args.string(1, "serverIP"), CarbonSpec.PORT),
                args.stringOr(2, "ourname", ""),
                args.has(3) ? (int) args.integer(3, "interval", 1, MOST_SECONDS) : CarbonSpec.INTERVAL_SECONDS,
                args.stringOr(4, "namespace", "dnsdist"),
                args.stringOr(5, "instance", "main"));
        if (context.configuring()) {
            context.configuration.carbonServers.add(spec);
        } else {
            context.host.sendToCarbon(spec);
        }
    }
}
