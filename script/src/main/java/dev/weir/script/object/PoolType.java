package dev.weir.script.object;

import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.pool.PoolModel;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** ServerPool. */
public final class PoolType extends ObjectType<PoolModel> {
    private final Context context;

    PoolType(Context context) {
        super(
                "ServerPool",
                PoolModel.class,
                "getCache getECS getZeroScope setCache setECS setZeroScope unsetCache",
                "");
        this.context = context;
    }

    @Override
    protected @Nullable Object call(PoolModel self, LuaObject object, String method, Args args) {
        switch (method) {
            case "getCache" -> {
                PacketCache cache = self.cache();
                return cache == null
                        ? context.objects.noCache.wrap(new NoCacheType.NoCache())
                        : context.objects.cache.wrap(cache);
            }
            case "getECS" -> {
                return ToLua.of(self.ecs());
            }
            case "getZeroScope" -> {
                return ToLua.of(self.zeroScope());
            }
            case "setCache" ->
                self.setCache(
                        Args.objectOrNull(args.at(1), NoCacheType.NoCache.class) != null
                                ? null
                                : args.object(1, "cache", PacketCache.class));
            case "setECS" -> self.setEcs(args.bool(1, "enabled"));
            case "setZeroScope" -> self.setZeroScope(args.bool(1, "enabled"));
            case "unsetCache" -> self.setCache(null);
            default -> throw unknown(method);
        }
        return Values.NONE;
    }

    @Override
    protected String text(PoolModel self) {
        return "ServerPool \"" + self.name() + "\"";
    }
}
