package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/**
 * The arguments of a library function, counted from 1, with checks that raise Lua's own messages:
 * {@code bad argument #1 to 'insert' (table expected, got nil)}.
 */
public final class LuaArgs {
    private final LuaState state;
    private final @Nullable Object[] values;

    /** The arguments of one call. */
    public LuaArgs(LuaState state, @Nullable Object[] values) {
        this.state = state;
        this.values = values;
    }

    /** How many were given. */
    public int count() {
        return values.length;
    }

    /** All of them. */
    public @Nullable Object[] all() {
        return values;
    }

    /** One of them; nil where there are not so many. */
    public @Nullable Object get(int index) {
        return index <= values.length ? values[index - 1] : null;
    }

    /** Whether there is none at that place, or nil. */
    public boolean isNil(int index) {
        return get(index) == null;
    }

    /** Whether the argument is there, even if nil. */
    public boolean has(int index) {
        return index <= values.length;
    }

    /** What is there, which must be something, even if nil. */
    public @Nullable Object any(int index) {
        if (index > values.length) {
            throw argumentError(index, "value expected");
        }
        return values[index - 1];
    }

    /** A string; a number is turned into one. */
    public LuaString string(int index) {
        Object value = get(index);
        if (value instanceof LuaString string) {
            return string;
        }
        if (value instanceof Double number) {
            return LuaNumber.toLuaString(number);
        }
        throw typeError(index, "string");
    }

    /** A string, or another value where there is nil or nothing. */
    public @Nullable LuaString optString(int index, @Nullable LuaString otherwise) {
        return isNil(index) ? otherwise : string(index);
    }

    /** A number; a string that says one is turned into it. */
    public double number(int index) {
        Object value = get(index);
        if (value instanceof Double number) {
            return number;
        }
        Double converted = LuaNumber.coerce(value);
        if (converted == null) {
            throw typeError(index, "number");
        }
        return converted;
    }

    /** A number, or another one where there is nil or nothing. */
    public double optNumber(int index, double otherwise) {
        return isNil(index) ? otherwise : number(index);
    }

    /** A number without its fraction, as {@link LuaNumber#toInteger} makes it. */
    public int integer(int index) {
        return LuaNumber.toInteger(number(index));
    }

    /** A number without its fraction, or another one where there is nil or nothing. */
    public int optInteger(int index, int otherwise) {
        return isNil(index) ? otherwise : integer(index);
    }

    /** A table. */
    public LuaTable table(int index) {
        if (get(index) instanceof LuaTable table) {
            return table;
        }
        throw typeError(index, "table");
    }

    /** A function. */
    public LuaFunction function(int index) {
        if (get(index) instanceof LuaFunction function) {
            return function;
        }
        throw typeError(index, "function");
    }

    /** A coroutine. */
    public LuaCoroutine coroutine(int index) {
        if (get(index) instanceof LuaCoroutine coroutine) {
            return coroutine;
        }
        throw typeError(index, "coroutine");
    }

    /** An embedder's object of some class. */
    public <T extends LuaUserdata> T userdata(int index, Class<T> kind, String name) {
        Object value = get(index);
        if (kind.isInstance(value)) {
            return kind.cast(value);
        }
        throw typeError(index, name);
    }

    /** Whether the argument is true in a condition. */
    public boolean truth(int index) {
        return LuaOperators.isTrue(get(index));
    }

    /** The index of a word in a list; the first one where there is nil or nothing. */
    public int option(int index, String otherwise, String... words) {
        LuaString given = optString(index, LuaString.of(otherwise));
        String word = given == null ? otherwise : given.toString();
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals(word)) {
                return i;
            }
        }
        throw argumentError(index, "invalid option '" + word + "'");
    }

    /** The arguments from a place on. */
    public @Nullable Object[] from(int index) {
        int start = Math.min(index - 1, values.length);
        @Nullable Object[] rest = new @Nullable Object[values.length - start];
        System.arraycopy(values, start, rest, 0, rest.length);
        return rest;
    }

    /** The error of an argument of the wrong type. */
    public LuaError typeError(int index, String expected) {
        String got = index <= values.length ? LuaOperators.typeName(values[index - 1]) : "no value";
        return argumentError(index, expected + " expected, got " + got);
    }

    /** The error of an argument that cannot be used. */
    public LuaError argumentError(int index, String message) {
        return state.argumentError(index, message);
    }
}
