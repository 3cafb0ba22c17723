package dev.weir.script.function;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.stat.CustomMetric;
import dev.weir.engine.stat.CustomMetrics;
import dev.weir.engine.stat.Metric;
import dev.weir.engine.view.PrometheusNames;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import dev.weir.script.object.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Figures of the operator's own. What can't be done is said, and the call gives 0 or false: these functions are called for queries, which go on.
 */
public final class MetricFunctions implements Area {
    private static final LogLimit COMPLAINTS = new LogLimit(10);

    private final Context context;

    public MetricFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of("declareMetric", "incMetric", "decMetric", "getMetric", "setMetric");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        if (function.equals("declareMetric")) {
            return ToLua.of(declare(args));
        }
        String name = args.string(1, "name");
        try {
            return ToLua.of(change(function, name, args));
        } catch (IllegalArgumentException e) {
            complain(args, e);
            return ToLua.of(0);
        }
    }

    private boolean declare(Args args) {
        Options options = args.options(args.at(4) instanceof LuaTable ? 4 : 5, context);
        String shown = args.at(4) instanceof LuaTable
                ? options.string("customName", options.string("name", ""))
                : args.stringOr(4, "prometheusName", "");
        boolean labelled = options.bool("withLabels", false);
        options.done();
        try {
            CustomMetric.Spec spec = new CustomMetric.Spec(
                    args.string(1, "name"),
                    type(args.string(2, "type")),
                    args.string(3, "description"),
                    shown,
                    labelled);
            CustomMetrics metrics = context.model.engine().customMetrics();
            metrics.check(spec, PrometheusNames.all());
            context.model.later(() -> metrics.declare(spec, PrometheusNames.all()));
            return true;
        } catch (IllegalArgumentException e) {
            complain(args, e);
            return false;
        }
    }

    private static Metric.Type type(String word) {
        return switch (word) {
            case "counter" -> Metric.Type.COUNTER;
            case "gauge" -> Metric.Type.GAUGE;
            default -> throw new IllegalArgumentException("a metric is a counter or a gauge, not a '" + word + "'");
        };
    }

    private Number change(String function, String name, Args args) {
        CustomMetric metric = context.model.engine().customMetrics().find(name);
        if (metric == null) {
            throw new IllegalArgumentException("there is no metric '" + name + "'");
        }
        boolean withTable = args.at(2) instanceof LuaTable;
        return switch (function) {
            case "incMetric", "decMetric" -> {
                Options options = args.options(withTable ? 2 : 3, context);
                long step = withTable ? options.integer("step", 1) : args.has(2) ? args.integer(2, "step", 0, MOST) : 1;
                Map<String, String> labels = labels(args, options);
                yield metric.add(function.equals("incMetric") ? step : -step, labels);
            }
            case "setMetric" -> metric.set(args.number(2, "value"), labels(args, args.options(3, context)));
            case "getMetric" -> metric.get(labels(args, args.options(2, context)));
            default -> throw Area.unknown(function);
        };
    }

    private static final long MOST = 0xffff_ffffL;

    private static Map<String, String> labels(Args args, Options options) {
        Object given = options.value("labels");
        options.done();
        if (given == null) {
            return Map.of();
        }
        Map<String, String> labels = new HashMap<>();
        for (FromLua.Entry entry :
                FromLua.entries(given instanceof LuaTable table ? table : args.fail("labels", "a table", given))) {
            labels.put(entry.name(), FromLua.text(entry.value()));
        }
        return labels;
    }

    private void complain(Args args, IllegalArgumentException why) {
        if (context.configuring()) {
            context.complain(args.function(), String.valueOf(why.getMessage()));
            return;
        }
        context.print("Error: " + args.function() + ": " + why.getMessage());
        long times = COMPLAINTS.admit(System.nanoTime());
        if (times > 0) {
            Log.error(
                    "Unable to change a custom metric",
                    "lua",
                    "function",
                    args.function(),
                    "error",
                    why.getMessage(),
                    "occurrences",
                    times);
        }
    }
}
