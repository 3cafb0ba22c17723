package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.query.Suspended;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.object.Context;
import dev.weir.script.object.ListenerType;
import dev.weir.script.object.SuspendedType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens beside queries: those that wait, other processes that have a say, threads of the operator's own. */
public final class AsyncFunctions implements Area {
    private final Context context;

    public AsyncFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "getAsynchronousObject", "newNetworkEndpoint", "newNetworkListener", "newThread", "submitToMainThread");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        return switch (function) {
            case "getAsynchronousObject" -> {
                Suspended suspended = context.model
                        .engine()
                        .suspensions()
                        .take((int) args.integer(1, "asyncID", 0, 0xffff), (int) args.integer(2, "queryID", 0, 0xffff));
                if (suspended == null) {
                    throw args.error("there is no such query, or it went on by itself already");
                }
                yield context.objects.suspended.wrap(new SuspendedType.Waiting(suspended));
            }
            case "newNetworkEndpoint" ->
                context.objects.endpoint.wrap(context.host.localDatagrams().endpoint(args.string(1, "path")));
            case "newNetworkListener" -> context.objects.listener.wrap(new ListenerType.Listener());
            case "newThread" -> {
                context.newThread(args.luaString(1, "code"));
                yield NONE;
            }
            case "submitToMainThread" -> throw args.error("this is for the code of newThread()");
            default -> throw Area.unknown(function);
        };
    }
}
