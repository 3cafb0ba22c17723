package dev.weir.script.lang;

import dev.weir.lua.LuaTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration has called while it was loaded, in its order: from this, things can be written down in another language. Nobody keeps one
 * unless that is wanted. With the Lua lock.
 */
public final class Journal {
    /** Tables in tables deeper than this are no arguments of ours. */
    private static final int DEEPEST = 6;

    /**
     * A call that has returned.
     *
     * @param function a global function, or {@code Type:method}
     * @param object whose method it was; {@code null} for a function
     * @param values the arguments, with tables as they were at that time
     * @param result {@link dev.weir.lua.Values} if it is not one value
     * @param place {@code file:line}; empty if it is not known
     */
    public record Call(
            String function,
            @Nullable LuaObject object,
            List<@Nullable Object> values,
            @Nullable Object result,
            String place) {
        /** An argument, from 1; {@code null} if it is nil. */
        public @Nullable Object value(int index) {
            return index >= 1 && index <= values.size() ? values.get(index - 1) : null;
        }

        /** The Java object behind the result; {@code null} if it is none of ours. */
        public @Nullable Object made() {
            return result instanceof LuaObject made ? made.instance() : null;
        }
    }

    private final List<Call> calls = new ArrayList<>();

    /** A copy of the arguments of a call that is about to be made. */
    static List<@Nullable Object> arguments(@Nullable Object[] values, int skipped) {
        List<@Nullable Object> copy = new ArrayList<>();
        for (@Nullable Object value : Arrays.asList(values).subList(Math.min(skipped, values.length), values.length)) {
            copy.add(copied(value, 0));
        }
        return Collections.unmodifiableList(copy);
    }

    private static @Nullable Object copied(@Nullable Object value, int depth) {
        if (!(value instanceof LuaTable table) || depth > DEEPEST) {
            return value;
        }
        LuaTable copy = new LuaTable();
        for (FromLua.Entry entry : FromLua.entries(table)) {
            copy.put(entry.key(), copied(entry.value(), depth + 1));
        }
        copy.metatable(table.metatable());
        return copy;
    }

    void note(Call call) {
        calls.add(call);
    }

    /** All calls in their order. */
    public List<Call> calls() {
        return Collections.unmodifiableList(calls);
    }
}
