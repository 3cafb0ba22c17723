package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.log.Log;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import dev.weir.script.object.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Backends: {@code newServer} and what finds and removes them. */
public final class ServerFunctions implements Area {
    private static final int DNS_PORT = 53;

    private final Context context;

    public ServerFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of("newServer", "rmServer", "getServer", "getServers");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        return switch (function) {
            case "newServer" -> newServer(args);
            case "rmServer" -> {
                context.model.removeBackend(find(args));
                yield NONE;
            }
            case "getServer" -> {
                Backend found = findOrNull(args);
                yield found == null ? null : context.objects.server.wrap(found);
            }
            case "getServers" -> context.objects.servers(context.model.backends());
            default -> throw Area.unknown(function);
        };
    }

    private @Nullable Object newServer(Args args) {
        Options options = args.at(1) instanceof LuaTable table ? new Options(args, table, context) : shortForm(args);
        Endpoint address = address(options);
        if (address == null) {
            return null;
        }
        boolean named = options.has("id");
        BackendSpec spec = BackendOptions.read(args, address, options, context);
        options.done();
        Backend backend = context.model.backend(spec, named);
        if (!context.configuring() && spec.checks().mode() == BackendSpec.HealthMode.AUTO) {
            Log.info("Adding server", "lua", "backend.name", spec.name(), "backend.address", address);
        }
        context.model.addBackend(backend);
        return context.objects.server.wrap(backend);
    }

    /** The address of a server that can be made; {@code null} if it can't, which stops no configuration. */
    private @Nullable Endpoint address(Options options) {
        String text = options.string("address", "");
        if (text.isEmpty()) {
            context.complain("newServer", "no server made: option 'address' is missing");
            return null;
        }
        if (options.integer("weight", 1, Integer.MIN_VALUE, Integer.MAX_VALUE) < 1) {
            context.complain("newServer", "no server made: 'weight' must be at least 1");
            return null;
        }
        try {
            return Endpoint.parse(text, DNS_PORT);
        } catch (IllegalArgumentException e) {
            context.complain("newServer", "no server made: " + e.getMessage());
            return null;
        }
    }

    /** {@code newServer("192.0.2.1", qps)}. */
    private Options shortForm(Args args) {
        LuaTable table = new LuaTable();
        table.put("address", ToLua.of(args.string(1, "address")));
        if (args.has(2)) {
            table.put("qps", args.at(2));
        }
        return new Options(args, table, context);
    }

    private Backend find(Args args) {
        Backend found = findOrNull(args);
        if (found == null) {
            throw args.error("there is no server '" + FromLua.text(args.at(1)) + "'");
        }
        return found;
    }

    /** The server itself, or what its position or its id stands for. */
    private @Nullable Backend findOrNull(Args args) {
        Backend given = Args.objectOrNull(args.at(1), Backend.class);
        if (given != null) {
            return given;
        }
        List<Backend> all = context.model.backends();
        return (LuaNumber.coerce(args.at(1)) != null)
                ? at(all, args.integer(1, "index"))
                : withId(all, args.string(1, "index"));
    }

    private static @Nullable Backend at(List<Backend> all, int index) {
        return index >= 0 && index < all.size() ? all.get(index) : null;
    }

    private static @Nullable Backend withId(List<Backend> all, String id) {
        for (Backend backend : all) {
            if (backend.id().equals(id)) {
                return backend;
            }
        }
        return null;
    }
}
