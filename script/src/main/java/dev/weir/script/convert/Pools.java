package dev.weir.script.convert;

import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.PoolModel;
import dev.weir.lua.LuaFunction;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Journal.Call;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code pools} and {@code load_balancing_policies.custom_policies}. */
final class Pools {
    private final Workshop workshop;
    private final Map<String, Object> policies = new LinkedHashMap<>();

    Pools(Workshop workshop) {
        this.workshop = workshop;
    }

    /** The policies that are functions of Lua, by their names; complete after {@link #written} and {@link #global}. */
    List<Object> policies() {
        return new ArrayList<>(policies.values());
    }

    /** The name of the policy of pools that have none; {@code null} if it is the usual one. */
    @Nullable String global() {
        Policy policy = workshop.context.model.policy();
        return policy.name().equals("leastOutstanding") ? null : name(policy);
    }

    List<Object> written() {
        List<Object> all = new ArrayList<>();
        for (PoolModel pool : workshop.context.model.pools()) {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("name", pool.name());
            PacketCache cache = pool.cache();
            if (cache != null) {
                String wish = pool.name().isEmpty() ? "default" : pool.name();
                written.put("packet_cache", workshop.names.of("cache", cache, wish));
            }
            Policy policy = pool.policy();
            String name = policy == null ? null : name(policy);
            if (name != null) {
                written.put("policy", name);
            }
            if (pool.ecs()) {
                written.put("use_ecs", true);
            }
            if (!pool.zeroScope()) {
                written.put("use_zero_scope", false);
            }
            // Rules that send queries there make it as well, but nobody needs to know that.
            if (written.size() > 1 || !pool.name().isEmpty() && pool.servers().isEmpty()) {
                all.add(written);
            }
        }
        return all;
    }

    private @Nullable String name(Policy policy) {
        if (Policy.BUILT_IN.contains(policy) || policies.containsKey(policy.name())) {
            return policy.name();
        }
        Call call = workshop.origins.of(policy);
        if (call == null) {
            call = workshop.origins.last(one -> one.function().matches("set(Pool)?ServerPolicyLua(FFI)?(PerThread)?")
                    && FromLua.text(one.value(1)).equals(policy.name()));
        }
        try {
            policies.put(policy.name(), custom(policy, call));
            return policy.name();
        } catch (Unsayable e) {
            workshop.leave(call, "policy " + policy.name() + ": " + e.getMessage());
            return null;
        }
    }

    private Map<String, Object> custom(Policy policy, @Nullable Call call) {
        if (call == null) {
            throw new Unsayable("of unknown origin");
        }
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("name", policy.name());
        if (call.function().contains("FFI")) {
            written.put("ffi", true);
        }
        Object code = Objects.requireNonNull(call.value(2));
        if (call.function().endsWith("PerThread")) {
            written.put("per_thread", true);
            written.put("function_code", Scalar.text(code));
            return written;
        }
        String name = workshop.functions.name((LuaFunction) code);
        written.put(
                name == null ? "function_code" : "function_name",
                name == null ? workshop.functions.code((LuaFunction) code) : name);
        return written;
    }
}
