package dev.weir.script.lang;

import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of Java as Lua has them. */
public final class ToLua {
    private ToLua() {}

    public static Object of(boolean value) {
        return value;
    }

    public static Object of(long value) {
        return LuaNumber.box((double) value);
    }

    public static Object of(double value) {
        return LuaNumber.box(value);
    }

    public static Object of(String value) {
        return LuaString.of(value);
    }

    public static Object of(byte[] value) {
        return LuaString.of(value);
    }

    /** A number of whatever kind. */
    public static Object of(Number value) {
        return of(value.doubleValue());
    }

    /** A list that counts from 1. */
    public static LuaTable list(Collection<? extends @Nullable Object> values) {
        return LuaTable.ofList(values.toArray());
    }

    /** A list of texts that counts from 1. */
    public static LuaTable texts(List<String> texts) {
        return LuaTable.ofList(texts.stream().map(LuaString::of).toArray());
    }
}
