package dev.weir.script.lang;

import dev.weir.config.Ledger;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Metamethod;
import dev.weir.lua.Values;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table of options, read key by key. {@link #done} complains of the keys that nobody asked for: they are ignored, as dnsdist ignores
 * them, since a configuration should not stop for a misspelt comfort.
 */
public final class Options {
    private final Args types;
    private final LuaTable table;
    private final Complaints complaints;
    private final Set<String> known = new HashSet<>();

    Options(String function, LuaTable table, Complaints complaints) {
        this.types = new Args(function, new @Nullable Object[0], 0, complaints);
        this.table = table;
        this.complaints = complaints;
    }

    public Options(Args caller, LuaTable table, Complaints complaints) {
        this(caller.function(), table, complaints);
    }

    /** The raw value of an option, {@code null} if it is not given. */
    public @Nullable Object value(String key) {
        known.add(key);
        LuaString name = LuaString.of(key);
        Object value = table.get(name);
        LuaTable metatable = table.metatable();
        if (value != null || metatable == null) {
            return value;
        }
        // A table that makes its values when it is asked.
        return switch (metatable.get(Metamethod.INDEX.key())) {
            case LuaFunction function -> Values.first(function.call(table, name));
            case LuaTable behind -> behind.get(name);
            case null, default -> null;
        };
    }

    public boolean has(String key) {
        return value(key) != null;
    }

    public String string(String key, String otherwise) {
        Object value = value(key);
        return value == null ? otherwise : types.text(value, key);
    }

    public boolean bool(String key, boolean otherwise) {
        Object value = value(key);
        return value == null ? otherwise : types.bool(value, key);
    }

    /** {@code null} if it is not given. */
    public @Nullable Boolean bool(String key) {
        Object value = value(key);
        return value == null ? null : types.bool(value, key);
    }

    public int integer(String key, int otherwise, int least, int most) {
        Object value = value(key);
        return value == null ? otherwise : (int) types.integer(value, key, least, most);
    }

    public int integer(String key, int otherwise) {
        return integer(key, otherwise, 0, Integer.MAX_VALUE);
    }

    public long longInteger(String key, long otherwise) {
        Object value = value(key);
        return value == null ? otherwise : types.integer(value, key, 0, 0xffff_ffffL);
    }

    public @Nullable LuaFunction function(String key) {
        Object value = value(key);
        return value == null ? null : types.function(value, key);
    }

    public List<String> strings(String key, List<String> otherwise) {
        Object value = value(key);
        return value == null ? otherwise : types.strings(value, key);
    }

    public List<Integer> integers(String key) {
        Object value = value(key);
        return value == null
                ? List.of()
                : new Args(types.function(), new @Nullable Object[] {value}, 0, complaints).integers(1, key);
    }

    /** Keys that dnsdist knows and we don't have: given with a value other than their default, they end the call. */
    public void notYet(String key, Object harmless) {
        Object value = value(key);
        if (value != null && !FromLua.text(value).equals(harmless.toString())) {
            throw types.error("option '" + key + "': not implemented yet in Weir");
        }
    }

    /** Complains of keys that were not asked for. */
    public void done() {
        for (FromLua.Entry entry : FromLua.entries(table)) {
            String key = entry.name();
            if (!known.contains(key)) {
                Ledger.Entry row = Ledger.find(Ledger.Table.OPTIONS, types.function() + ":" + key);
                complaints.complain(
                        types.function(),
                        row != null && row.status() == Ledger.Status.NOT_YET
                                ? "option '" + key + "' is not implemented yet in Weir, ignored"
                                : "unknown option '" + key + "' ignored");
            }
        }
    }
}
