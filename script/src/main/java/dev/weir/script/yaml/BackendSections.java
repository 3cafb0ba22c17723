package dev.weir.script.yaml;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.Section;
import dev.weir.config.yaml.Slot;
import dev.weir.config.yaml.Value;
import dev.weir.config.yaml.YamlException;
import dev.weir.engine.acl.Endpoint;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaString;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ToLua;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code backends}, {@code pools} and {@code custom_policies}. */
final class BackendSections {
    private final Calls calls;

    BackendSections(Calls calls) {
        this.calls = calls;
    }

    /** The protocol says the port that is not given, and whether there is TLS. */
    void backend(Section section) {
        Draft draft = calls.draft(section, "newServer");
        String protocol = section.text("protocol").toLowerCase(Locale.ROOT);
        int port =
                switch (protocol) {
                    case "dot" -> 853;
                    case "doh" -> 443;
                    default -> 53;
                };
        draft.options(1).put(LuaString.of("address"), LuaString.of(address(section, port)));
        if (!protocol.equals("do53")) {
            Section tls = section.section("tls");
            String provider = tls == null || !tls.has("provider") ? "openssl" : tls.text("provider");
            draft.options(1).put(LuaString.of("tls"), LuaString.of(provider.toLowerCase(Locale.ROOT)));
        }
        if (protocol.equals("doh")) {
            Section doh = section.section("doh");
            String path = doh == null || !doh.has("path") ? "/dns-query" : doh.text("path");
            draft.options(1).put(LuaString.of("dohPath"), LuaString.of(path));
        }
        if (!(calls.run(draft) instanceof LuaObject server)) {
            throw new YamlException(section.place(), calls.context.lastComplaint());
        }
        Section checks = section.section("health_checks");
        if (checks != null) {
            validator(server, checks);
        }
    }

    private static String address(Section section, int port) {
        try {
            return Endpoint.parse(section.text("address"), port).toString();
        } catch (IllegalArgumentException e) {
            throw new YamlException(section.place("address"), String.valueOf(e.getMessage()));
        }
    }

    private void validator(LuaObject server, Section checks) {
        for (Field field : checks.type().fields()) {
            Slot slot = field.slot();
            Value value = checks.value(field.name());
            if (slot != null && value != null && slot.how().startsWith("#validator")) {
                LuaFunction function = calls.lua.function(value, slot.how().substring("#validator".length()));
                calls.method(server, "setHealthCheckResponseValidator", value.place(), function);
            }
        }
    }

    void pool(Section section) {
        LuaString name = LuaString.of(section.text("name"));
        LuaObject pool = (LuaObject) Objects.requireNonNull(calls.call("getPool", section.place(), name));
        Value cache = section.value("packet_cache");
        if (cache != null && !cache.text().isEmpty()) {
            calls.method(pool, "setCache", cache.place(), calls.named("cache", cache));
        }
        Value policy = section.value("policy");
        if (policy != null && !policy.text().isEmpty()) {
            var _ = calls.call("setPoolServerPolicy", policy.place(), calls.named("policy", policy), name);
        }
        if (section.has("use_ecs")) {
            calls.method(pool, "setECS", section.place("use_ecs"), ToLua.of(section.flag("use_ecs")));
        }
        if (section.has("use_zero_scope")) {
            calls.method(
                    pool, "setZeroScope", section.place("use_zero_scope"), ToLua.of(section.flag("use_zero_scope")));
        }
    }

    void policy(Section section) {
        boolean ffi = section.flag("ffi");
        boolean perThread = section.flag("per_thread");
        Value function = null;
        String how = "";
        for (String key : new String[] {"name", "code", "file"}) {
            Value value = section.value("function_" + key);
            if (value != null && !value.text().isEmpty()) {
                if (function != null) {
                    throw new YamlException(value.place(), "only one of name, code and file can be given");
                }
                function = value;
                how = ":" + key;
            }
        }
        if (function == null) {
            throw new YamlException(section.place(), "one of function_name, function_code and function_file is wanted");
        }
        if (perThread && !ffi) {
            throw new YamlException(section.place("per_thread"), "is for policies with 'ffi: true'");
        }
        Object code = perThread ? calls.lua.text(function, how) : calls.lua.function(function, how);
        String maker = "newServerPolicy" + (ffi ? "LuaFFI" : "") + (perThread ? "PerThread" : "");
        @Nullable Object made = calls.call(maker, section.place(), LuaString.of(section.text("name")), code);
        calls.name("policy", section, (LuaObject) Objects.requireNonNull(made));
    }
}
