package dev.weir.script.lang;

import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values of Lua as Java has them. */
public final class FromLua {
    private FromLua() {}

    /**
     * A key of a table with its value.
     *
     * @param key never nil
     */
    public record Entry(Object key, Object value) {
        /** The key as a text. */
        public String name() {
            return text(key);
        }
    }

    /** A table's entries in its order. */
    public static List<Entry> entries(LuaTable table) {
        List<Entry> all = new ArrayList<>();
        Object key = null;
        while (table.next(key) instanceof Values found && found.first() != null && found.get(1) != null) {
            key = found.first();
            all.add(new Entry(Objects.requireNonNull(key), Objects.requireNonNull(found.get(1))));
        }
        return all;
    }

    /** Whether it is a string, or a number, which stands for one. */
    public static boolean isText(@Nullable Object value) {
        return value instanceof LuaString || value instanceof Double;
    }

    /** What {@code tostring} says of it, for strings and numbers; objects of ours say it themselves. */
    public static String text(@Nullable Object value) {
        return value instanceof LuaObject object
                ? object.text()
                : LuaOperators.basicText(value).toString();
    }

    /** The octets of a string or number; null for anything else. */
    public static @Nullable LuaString string(@Nullable Object value) {
        return value instanceof LuaString string
                ? string
                : value instanceof Double number ? LuaNumber.toLuaString(number) : null;
    }

    /** The type's name as Lua has it. */
    public static String typeName(@Nullable Object value) {
        return LuaOperators.typeName(value);
    }
}
