package dev.weir.script.object;

import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/**
 * What {@code getCache} of a pool without a cache returns: an object with the methods of a PacketCache and nothing in it, so that scripts
 * that ask every pool need no case of their own for it.
 */
public final class NoCacheType extends ObjectType<NoCacheType.NoCache> {
    /** No cache. */
    public record NoCache() {}

    NoCacheType() {
        super("PacketCache", NoCache.class, CacheType.METHODS, "");
    }

    @Override
    protected @Nullable Object call(NoCache self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "dump", "expungeByName", "printStats" -> Values.NONE;
            case "expunge", "purgeExpired" -> ToLua.of(0);
            case "getAddressListByDomain", "getDomainListByAddress", "getStats" -> new LuaTable();
            case "isFull" -> false;
            case "toString" -> LuaString.EMPTY;
            default -> throw unknown(method);
        };
    }

    @Override
    protected String text(NoCache self) {
        return "";
    }
}
