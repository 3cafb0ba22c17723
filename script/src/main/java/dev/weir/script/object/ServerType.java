package dev.weir.script.object;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec.HealthMode;
import dev.weir.engine.model.Verbs;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Server: a backend. */
public final class ServerType extends ObjectType<Backend> {
    private static final int MOST = 1_000_000;

    private final Context context;

    ServerType(Context context) {
        super(
                "Server",
                Backend.class,
                "addPool canAcceptQueries getDrops getHealthCheckMode getID getLatency getName getNameWithAddr "
                        + "getOutstanding getQueries isUp rmPool setActiveAuto setAuto setDown setHealthCheckParams "
                        + "setHealthCheckResponseValidator setLazyAuto setQPS setUp",
                "name order upStatus weight");
        this.context = context;
    }

    @Override
    protected @Nullable Object call(Backend self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "isUp" -> ToLua.of(self.isUp());
            case "canAcceptQueries" -> ToLua.of(canAccept(self, args.boolOr(1, "enforceQPS", false)));
            case "getDrops" -> ToLua.of((double) self.drops().sum());
            case "getHealthCheckMode" -> ToLua.of(mode(self.health().mode()));
            case "getID" -> ToLua.of(self.id());
            case "getLatency" -> ToLua.of(self.latencyMicros());
            case "getName" -> ToLua.of(self.name());
            case "getNameWithAddr" -> ToLua.of(self.nameWithAddress());
            case "getOutstanding" -> ToLua.of(self.outstanding());
            case "getQueries" -> ToLua.of((double) self.queries().sum());
            default -> {
                change(self, method, args);
                yield Values.NONE;
            }
        };
    }

    private static boolean canAccept(Backend self, boolean enforceQps) {
        return self.isUsable() && (!enforceQps || self.takeQpsToken(System.nanoTime()));
    }

    private void change(Backend self, String method, Args args) {
        switch (method) {
            case "addPool" -> context.model.pool(args.string(1, "pool")).add(self);
            case "rmPool" -> {
                var pool = context.model.findPool(args.string(1, "pool"));
                if (pool != null) {
                    pool.remove(self);
                }
            }
            case "setUp" -> force(self, true);
            case "setDown" -> force(self, false);
            case "setAuto", "setActiveAuto" -> automatic(self, HealthMode.AUTO, args);
            case "setLazyAuto" -> automatic(self, HealthMode.LAZY, args);
            case "setQPS" -> {
                int limit = (int) args.integer(1, "limit", 0, Integer.MAX_VALUE);
                context.model.later(self, () -> self.setQpsLimit(limit));
            }
            case "setHealthCheckResponseValidator" -> validator(self, args);
            case "setHealthCheckParams" -> parameters(self, args);
            default -> throw unknown(method);
        }
    }

    private void force(Backend self, boolean up) {
        context.model.verbs().force(self, up, context.configuring() ? Verbs.By.CONFIGURATION : Verbs.By.OPERATOR);
    }

    /** Asked on the thread of the checks, which waits for Lua. */
    private void validator(Backend self, Args args) {
        if (!context.configuring()) {
            context.print("setHealthCheckResponseValidator cannot be used at runtime!");
            return;
        }
        LuaFunction function = args.function(1, "validator");
        context.model.later(self, () -> self.health().validate(answer -> context.calls.accepts(function, answer)));
    }

    private void automatic(Backend self, HealthMode mode, Args args) {
        if (args.has(1)) {
            context.model.verbs().automatic(self, mode, args.bool(1, "status"));
        } else {
            context.model.verbs().automatic(self, mode);
        }
    }

    private void parameters(Backend self, Args args) {
        Options options = new Options(args, args.has(1) ? args.table(1, "parameters") : new LuaTable(), context);
        int timeout = options.integer("checkTimeout", -1);
        int interval = options.integer("checkInterval", -1);
        int failures = options.integer("maxCheckFailures", -1, 0, MOST);
        int rise = options.integer("rise", -1, 0, MOST);
        options.done();
        context.model.later(self, () -> self.health().setParameters(timeout, interval, failures, rise));
    }

    /** The words of {@code healthCheckMode}. */
    public static String mode(HealthMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    @Override
    protected @Nullable Object get(Backend self, String attribute) {
        return switch (attribute) {
            case "name" -> ToLua.of(self.name());
            case "order" -> ToLua.of(self.order());
            case "upStatus" -> ToLua.of(self.isUp());
            case "weight" -> ToLua.of(self.weight());
            default -> throw unknown(attribute);
        };
    }

    @Override
    protected void set(Backend self, String attribute, @Nullable Object value) {
        switch (attribute) {
            case "name" -> {
                String name = assigned(attribute, value).string(1, attribute);
                context.model.later(self, () -> self.rename(name));
            }
            case "order" -> {
                int order = assigned(attribute, value).integer(1, attribute);
                context.model.verbs().order(self, order);
            }
            case "upStatus" -> {
                boolean up = assigned(attribute, value).bool(1, attribute);
                context.model.later(self, () -> self.health().assume(up));
            }
            case "weight" -> setWeight(self, assigned(attribute, value));
            default -> throw unknown(attribute);
        }
    }

    private void setWeight(Backend self, Args value) {
        int weight = value.integer(1, "weight");
        if (weight < 1) {
            context.complain(
                    "Server.weight", "it is at least 1, not " + weight + ": " + self.label() + " keeps its own");
            return;
        }
        context.model.verbs().weigh(self, weight);
    }

    @Override
    protected String text(Backend self) {
        return self.label();
    }
}
