package dev.weir.script.object;

import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

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
    protected Varargs call(NoCache self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "dump", "expungeByName", "printStats" -> LuaValue.NONE;
            case "expunge", "purgeExpired" -> LuaValue.ZERO;
            case "getAddressListByDomain", "getDomainListByAddress", "getStats" -> new LuaTable();
            case "isFull" -> LuaValue.FALSE;
            case "toString" -> LuaValue.EMPTYSTRING;
            default -> throw unknown(method);
        };
    }

    @Override
    protected String text(NoCache self) {
        return "";
    }
}
