package dev.weir.script.convert;

import dev.weir.config.yaml.SectionType;
import dev.weir.config.yaml.YamlTable;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.pool.PoolModel;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Journal.Call;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code backends}: each server as {@code newServer} was called, and as it has become since. */
final class Servers {
    private static final int DNS_PORT = 53;

    /** Options that are looked at here, or whose value may have changed since. */
    private static final Set<String> OWN =
            Set.of("1.address", "1.tls", "1.dohPath", "1.pool", "1.weight", "1.order", "1.name", "1.qps");

    private final Workshop workshop;
    private final SectionType type = Objects.requireNonNull(
            Objects.requireNonNull(YamlTable.table().root().field("backends")).map());

    Servers(Workshop workshop) {
        this.workshop = workshop;
    }

    List<Object> written() {
        List<Object> all = new ArrayList<>();
        for (Backend backend : workshop.context.model.backends()) {
            Call call = workshop.origins.of(backend);
            try {
                all.add(server(backend, call));
            } catch (Unsayable e) {
                workshop.leave(call, e.getMessage() + ": the server is left out");
            }
        }
        return all;
    }

    private Map<String, Object> server(Backend backend, @Nullable Call made) {
        if (made == null) {
            throw new Unsayable("a server of unknown origin");
        }
        Call call = withOptions(made);
        String tls = option(call, "tls");
        String path = option(call, "dohPath");
        if (tls.isEmpty() && !path.isEmpty()) {
            throw new Unsayable("DNS over HTTP without TLS");
        }
        Map<String, Object> server = new LinkedHashMap<>();
        String address = option(call, "address");
        // The port that is not said depends on the protocol only in YAML.
        server.put(
                "address",
                tls.isEmpty() ? address : Endpoint.parse(address, DNS_PORT).toString());
        putUnlessEmpty(server, "name", backend.name());
        server.put("protocol", tls.isEmpty() ? "Do53" : path.isEmpty() ? "DoT" : "DoH");
        pools(backend, server);
        putUnless(server, "weight", backend.weight(), 1);
        putUnless(server, "order", backend.order(), 1);
        putUnless(server, "queries_per_second", backend.qpsLimit(), 0);
        server.putAll(workshop.unpacking.keys(type, call, 1, OWN));
        if (tls.toLowerCase(Locale.ROOT).equals("gnutls")) {
            below(server, "tls").put("provider", "GnuTLS");
        }
        if (!path.isEmpty() && !path.equals("/dns-query")) {
            below(server, "doh").put("path", path);
        }
        workshop.origins.calls().stream()
                .filter(method -> method.object() != null && Origins.thing(method.object()) == backend)
                .forEach(method -> since(server, method));
        return server;
    }

    /** {@code newServer("192.0.2.1", qps)} as the call with a table. */
    private static Call withOptions(Call call) {
        if (call.value(1) instanceof LuaTable) {
            return call;
        }
        LuaTable table = new LuaTable();
        table.put("address", call.value(1));
        if (call.value(2) != null) {
            table.put("qps", call.value(2));
        }
        return new Call(call.function(), null, List.of(table), call.result(), call.place());
    }

    private static String option(Call call, String key) {
        LuaString text = FromLua.string(Unpacking.argument(call, 1, key));
        return text == null ? "" : text.toString();
    }

    private static void putUnless(Map<String, Object> map, String key, int value, int usual) {
        if (value < 0) {
            throw new Unsayable("'" + key + "' can't be " + value);
        }
        if (value != usual) {
            map.put(key, (long) value);
        }
    }

    private static void putUnlessEmpty(Map<String, Object> map, String key, String value) {
        if (!value.isEmpty()) {
            map.put(key, value);
        }
    }

    @SuppressWarnings("unchecked") // only such maps are put below keys
    private static Map<String, Object> below(Map<String, Object> map, String key) {
        return (Map<String, Object>) map.computeIfAbsent(key, any -> new LinkedHashMap<String, Object>());
    }

    private void pools(Backend backend, Map<String, Object> server) {
        Set<String> in = new HashSet<>();
        for (PoolModel pool : workshop.context.model.pools()) {
            if (pool.servers().contains(backend)) {
                in.add(pool.name());
            }
        }
        if (in.isEmpty()) {
            throw new Unsayable("a server in no pool");
        }
        List<String> described = backend.spec().pools();
        List<String> names = new HashSet<>(described).equals(in)
                ? described
                : in.stream().sorted().toList();
        if (!names.equals(List.of(""))) {
            server.put("pools", names);
        }
    }

    // ---- what was done to it later

    private void since(Map<String, Object> server, Call method) {
        switch (method.function()) {
            case "Server:setUp" -> below(server, "health_checks").put("mode", "up");
            case "Server:setDown" -> below(server, "health_checks").put("mode", "down");
            case "Server:setAuto", "Server:setActiveAuto" -> automatic(server, "auto", method);
            case "Server:setLazyAuto" -> automatic(server, "lazy", method);
            case "Server:setHealthCheckResponseValidator" -> validator(server, method);
            case "Server:setHealthCheckParams" -> parameters(server, method);
            case "Server.upStatus" -> workshop.leave(method, "no key says how a server starts");
            default -> {} // what it has changed was read from the server itself, or nothing
        }
    }

    private void automatic(Map<String, Object> server, String mode, Call method) {
        below(server, "health_checks").put("mode", mode);
        if (method.value(1) != null) {
            workshop.leave(method, "no key says how a server starts");
        }
    }

    private void validator(Map<String, Object> server, Call method) {
        LuaFunction function = (LuaFunction) Objects.requireNonNull(method.value(1));
        String name = workshop.functions.name(function);
        Map<String, Object> checks = below(server, "health_checks");
        checks.remove("validation_function");
        checks.remove("validation_lua");
        try {
            checks.put(
                    name == null ? "validation_lua" : "validation_function",
                    name == null ? workshop.functions.code(function) : name);
        } catch (Unsayable e) {
            workshop.leave(method, String.valueOf(e.getMessage()));
            if (checks.isEmpty()) {
                server.remove("health_checks");
            }
        }
    }

    private static void parameters(Map<String, Object> server, Call method) {
        Map<String, String> keys = Map.of(
                "checkTimeout",
                "timeout",
                "checkInterval",
                "interval",
                "maxCheckFailures",
                "max_failures",
                "rise",
                "rise");
        keys.forEach((option, key) -> {
            Object value = Unpacking.argument(method, 1, option);
            if (value != null) {
                below(server, "health_checks").put(key, Scalar.number(value));
            }
        });
    }
}
