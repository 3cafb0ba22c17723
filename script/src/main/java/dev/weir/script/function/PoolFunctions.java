package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.PoolModel;
import dev.weir.lua.LuaFunction;
import dev.weir.script.ffi.FfiChooser;
import dev.weir.script.ffi.ThreadScripts;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.Options;
import dev.weir.script.listing.PolicyListing;
import dev.weir.script.object.Context;
import dev.weir.script.object.ObjectTypes;
import dev.weir.wire.KernelRandom;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Pools, the policies that choose among their servers, and packet caches. */
public final class PoolFunctions implements Area {
    private final Context context;

    public PoolFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "getPool",
                "getPoolNames",
                "getPoolServers",
                "newServerPolicy",
                "setServerPolicy",
                "setServerPolicyLua",
                "setServerPolicyLuaFFI",
                "setServerPolicyLuaFFIPerThread",
                "setPoolServerPolicy",
                "setPoolServerPolicyLua",
                "setPoolServerPolicyLuaFFI",
                "setPoolServerPolicyLuaFFIPerThread",
                "showServerPolicy",
                "showPoolServerPolicy",
                "newPacketCache");
    }

    @Override
    public List<String> unnamed() {
        return List.of("newServerPolicyLuaFFI", "newServerPolicyLuaFFIPerThread");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        switch (function) {
            case "getPool" -> {
                return context.objects.pool.wrap(context.model.pool(args.string(1, "name")));
            }
            case "getPoolNames" -> {
                return ObjectTypes.texts(
                        context.model.pools().stream().map(PoolModel::name).toList());
            }
            case "getPoolServers" -> {
                return context.objects.servers(existing(args, 1).servers());
            }
            case "newServerPolicy" -> {
                return context.objects.policy.wrap(luaPolicy(args));
            }
            case "newServerPolicyLuaFFI", "newServerPolicyLuaFFIPerThread" -> {
                return context.objects.policy.wrap(ffiPolicy(args, function.endsWith("PerThread")));
            }
            case "newPacketCache" -> {
                return newPacketCache(args);
            }
            case "setServerPolicy" -> context.model.setPolicy(args.object(1, "policy", Policy.class));
            case "setServerPolicyLua" -> context.model.setPolicy(luaPolicy(args));
            case "setPoolServerPolicy" -> {
                Policy policy = args.object(1, "policy", Policy.class);
                context.model.pool(args.string(2, "pool")).setPolicy(policy);
            }
            case "setPoolServerPolicyLua" -> {
                Policy policy = luaPolicy(args);
                context.model.pool(args.string(3, "pool")).setPolicy(policy);
            }
            case "setServerPolicyLuaFFI", "setServerPolicyLuaFFIPerThread" ->
                context.model.setPolicy(ffiPolicy(args, function.endsWith("PerThread")));
            case "setPoolServerPolicyLuaFFI", "setPoolServerPolicyLuaFFIPerThread" -> {
                Policy policy = ffiPolicy(args, function.endsWith("PerThread"));
                context.model.pool(args.string(3, "pool")).setPolicy(policy);
            }
            case "showServerPolicy" -> context.append(PolicyListing.show(context.model));
            case "showPoolServerPolicy" ->
                context.append(
                        PolicyListing.show(context.model, existing(args, 1).name()));
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    private PoolModel existing(Args args, int index) {
        String name = args.string(index, "pool");
        PoolModel pool = context.model.findPool(name);
        if (pool == null) {
            throw args.error("there is no pool '" + name + "'");
        }
        return pool;
    }

    private Policy luaPolicy(Args args) {
        String name = args.string(1, "name");
        LuaFunction function = args.function(2, "function");
        return new Policy.Custom(name, (servers, query, place) -> context.calls.choose(name, function, servers, query));
    }

    private Policy ffiPolicy(Args args, boolean perThread) {
        String name = args.string(1, "name");
        if (perThread) {
            ThreadScripts.Code code = context.threadCode("policy " + name, args, 2, "code");
            return new Policy.Custom(
                    name,
                    new FfiChooser(
                            null,
                            (servers, query, place) -> code.<@Nullable Backend>call(
                                    (scripts, f) -> scripts.choose(f, servers, query, place), null)));
        }
        LuaFunction function = args.function(2, "function");
        return new Policy.Custom(
                name,
                new FfiChooser(
                        function,
                        (servers, query, place) -> context.calls.ffiChoose(name, function, servers, query, place)));
    }

    private @Nullable Object newPacketCache(Args args) {
        int maxEntries = Math.max(1, (int) args.integer(1, "maxEntries", 0, Integer.MAX_VALUE));
        Options options = args.options(2, context);
        int shards = shards(args, options, maxEntries);
        int maxTtl = options.integer("maxTTL", 86_400);
        int minTtl = options.integer("minTTL", 0);
        if (minTtl > maxTtl) {
            args.complain("minTTL " + minTtl + " is above maxTTL " + maxTtl + ": nothing will be stored");
        }
        CacheSpec.Builder spec = CacheSpec.builder(maxEntries)
                .numberOfShards(shards)
                .maxTtl(maxTtl)
                .minTtl(minTtl)
                .temporaryFailureTtl(options.integer("temporaryFailureTTL", 60))
                .staleTtl(options.integer("staleTTL", 60))
                .truncatedTtl(options.integer("truncatedTTL", 0))
                .maxNegativeTtl(options.integer("maxNegativeTTL", 3_600))
                .dontAge(options.bool("dontAge", false))
                .deferrableInsertLock(options.bool("deferrableInsertLock", true))
                .parseEcs(options.bool("parseECS", false))
                .keepStaleData(options.bool("keepStaleData", false))
                .cookieHashing(options.bool("cookieHashing", false))
                .maximumEntrySize(options.integer("maximumEntrySize", 4_096, 12, 0xffff))
                .payloadRanks(options.integers("payloadRanks"))
                .shuffle(options.bool("shuffle", false));
        if (options.has("skipOptions")) {
            spec.skipOptions(options.integers("skipOptions"));
        }
        options.done();
        long secret = new KernelRandom().nextLong();
        PacketCache cache = new PacketCache(
                spec.build(), secret, n -> ThreadLocalRandom.current().nextInt(n));
        return context.objects.cache.wrap(cache);
    }

    private static int shards(Args args, Options options, int maxEntries) {
        int shards = Math.max(1, options.integer("numberOfShards", 20));
        if (shards > maxEntries) {
            args.complain(maxEntries + " entries are fewer than " + shards + " shards: using " + maxEntries);
        }
        int possible = Math.min(shards, maxEntries);
        if (possible > CacheSpec.MOST_SHARDS) {
            args.complain(possible + " shards are too many: using " + CacheSpec.MOST_SHARDS);
        }
        return possible;
    }
}
