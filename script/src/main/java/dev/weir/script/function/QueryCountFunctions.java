package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.ring.QueryCounts;
import dev.weir.lua.LuaFunction;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.object.Context;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Queries counted by name, or by a key that the operator's own function gives. */
public final class QueryCountFunctions implements Area {
    private final Context context;
    private final QueryCounts counts;

    public QueryCountFunctions(Context context) {
        this.context = context;
        this.counts = context.model.engine().queryCounts();
    }

    @Override
    public List<String> functions() {
        return List.of("clearQueryCounters", "getQueryCounters", "setQueryCount", "setQueryCountFilter");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        switch (function) {
            case "setQueryCount" -> context.model.countQueries(args.bool(1, "enabled"));
            case "setQueryCountFilter" -> {
                LuaFunction filter = args.function(1, "function");
                context.model.countQueriesBy(query -> context.calls.countKey(filter, query));
            }
            case "clearQueryCounters" -> context.print(counts.clear() + " records cleared from query counter buffer");
            case "getQueryCounters" -> show(args.integerOr(1, "max", 10));
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    private void show(int most) {
        List<QueryCounts.Count> all = counts.all();
        context.print("query counting is currently: " + (counts.enabled() ? "enabled" : "disabled") + " (" + all.size()
                + " records in buffer)");
        for (int i = 0; i < all.size() && (most < 0 || i < most); i++) {
            QueryCounts.Count count = all.get(i);
            context.print(String.format(Locale.ROOT, "%-3d %s: %d request(s)", i + 1, count.key(), count.queries()));
        }
    }
}
