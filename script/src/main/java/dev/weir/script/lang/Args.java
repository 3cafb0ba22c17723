package dev.weir.script.lang;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call, numbered from 1, read as the types that the function wants. Numbers and numerals stand for each other, as in
 * Lua itself. What does not fit ends in a {@link Mistake} that names function and parameter; Lua adds file and line.
 */
public final class Args {
    /** Fractions are cut off in silence. */
    private static final Complaints SILENT = (subject, message) -> {};

    private final String function;
    private final @Nullable Object[] values;
    private final int skipped;
    private final Complaints complaints;
    private int lastRead;

    /** @param skipped values in front that are no arguments, such as the object of a method call */
    public Args(String function, @Nullable Object[] values, int skipped) {
        this(function, values, skipped, SILENT);
    }

    /** @param complaints told of what is read otherwise than it was written, such as 2.5 where only whole numbers can be */
    public Args(String function, @Nullable Object[] values, int skipped, Complaints complaints) {
        this.function = function;
        this.values = values;
        this.skipped = skipped;
        this.complaints = complaints;
    }

    /** The function's name, as messages have it. */
    public String function() {
        return function;
    }

    public int count() {
        return Math.max(0, values.length - skipped);
    }

    public @Nullable Object at(int index) {
        lastRead = index;
        return index + skipped <= values.length ? values[index + skipped - 1] : null;
    }

    /** Which argument was looked at last, 0 if none was: the one that a mistake is most probably about. */
    public int lastRead() {
        return lastRead;
    }

    /** Whether there is such an argument and it is not nil. */
    public boolean has(int index) {
        return at(index) != null;
    }

    public String string(int index, String parameter) {
        return text(at(index), parameter);
    }

    public String stringOr(int index, String parameter, String otherwise) {
        return has(index) ? string(index, parameter) : otherwise;
    }

    public LuaString luaString(int index, String parameter) {
        return string(at(index), parameter);
    }

    /** Octets of a string. */
    public byte[] octets(int index, String parameter) {
        return octets(string(at(index), parameter));
    }

    public static byte[] octets(LuaString string) {
        return string.toByteArray();
    }

    public long integer(int index, String parameter, long least, long most) {
        return integer(at(index), parameter, least, most);
    }

    public int integer(int index, String parameter) {
        return (int) integer(at(index), parameter, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    public int integerOr(int index, String parameter, int otherwise) {
        return has(index) ? integer(index, parameter) : otherwise;
    }

    public double number(int index, String parameter) {
        return number(at(index), parameter);
    }

    public boolean bool(int index, String parameter) {
        return bool(at(index), parameter);
    }

    public boolean boolOr(int index, String parameter, boolean otherwise) {
        return has(index) ? bool(index, parameter) : otherwise;
    }

    public LuaFunction function(int index, String parameter) {
        return function(at(index), parameter);
    }

    public LuaTable table(int index, String parameter) {
        return at(index) instanceof LuaTable table ? table : fail(parameter, "a table", at(index));
    }

    /** The table of options at that place; an empty one if there is none. */
    public Options options(int index, Complaints forOptions) {
        return new Options(function, has(index) ? table(index, "options") : new LuaTable(), forOptions);
    }

    /** An object of ours. */
    public <T> T object(int index, String parameter, Class<T> type) {
        return object(at(index), parameter, type);
    }

    /** A string, or a list of strings. */
    public List<String> strings(int index, String parameter) {
        return strings(at(index), parameter);
    }

    /** A number, or a list of numbers. */
    public List<Integer> integers(int index, String parameter) {
        List<Integer> all = new ArrayList<>();
        for (Object value : oneOrMore(at(index))) {
            all.add((int) integer(value, parameter, Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
        return all;
    }

    /** The values of a list, or the one value itself. */
    public static List<@Nullable Object> oneOrMore(@Nullable Object value) {
        List<@Nullable Object> all = new ArrayList<>();
        if (value instanceof LuaTable table) {
            FromLua.entries(table).forEach(entry -> all.add(entry.value()));
        } else {
            all.add(value);
        }
        return all;
    }

    List<String> strings(@Nullable Object value, String parameter) {
        List<String> all = new ArrayList<>();
        for (Object one : oneOrMore(value)) {
            all.add(text(one, parameter));
        }
        return all;
    }

    String text(@Nullable Object value, String parameter) {
        return string(value, parameter).toString();
    }

    LuaString string(@Nullable Object value, String parameter) {
        LuaString string = FromLua.string(value);
        return string != null ? string : fail(parameter, "a string", value);
    }

    /** A finite number. */
    double number(@Nullable Object value, String parameter) {
        Double read = LuaNumber.coerce(value);
        double number = read != null ? read : this.<Double>fail(parameter, "a number", value);
        if (!Double.isFinite(number)) {
            throw new Mistake(function + ": '" + parameter + "' must be a finite number, not " + FromLua.text(value));
        }
        return number;
    }

    /** A whole number; of others dnsdist drops the fraction. */
    long integer(@Nullable Object value, String parameter, long least, long most) {
        Double read = LuaNumber.coerce(value);
        double number = read != null ? read : this.<Double>fail(parameter, "a number", value);
        double whole = number < 0 ? Math.ceil(number) : Math.floor(number);
        if (!(whole >= least && whole <= most)) {
            throw new Mistake(function + ": '" + parameter + "' must be from " + least + " to " + most + ", not "
                    + FromLua.text(value));
        }
        if (whole != number) {
            complaints.complain(
                    function,
                    "'" + parameter + "' is a whole number: " + FromLua.text(value) + " is read as " + (long) whole);
        }
        return (long) whole;
    }

    /** Reports what does not stop the call. */
    public void complain(String message) {
        complaints.complain(function, message);
    }

    boolean bool(@Nullable Object value, String parameter) {
        return value instanceof Boolean truth ? truth : fail(parameter, "true or false", value);
    }

    LuaFunction function(@Nullable Object value, String parameter) {
        return value instanceof LuaFunction f ? f : fail(parameter, "a function", value);
    }

    <T> T object(@Nullable Object value, String parameter, Class<T> type) {
        T object = objectOrNull(value, type);
        return object != null ? object : fail(parameter, LuaObject.nameOf(type), value);
    }

    /** The object of ours behind a value, or {@code null} if it is something else. */
    public static <T> @Nullable T objectOrNull(@Nullable Object value, Class<T> type) {
        return value instanceof LuaObject object && type.isInstance(object.instance())
                ? type.cast(object.instance())
                : null;
    }

    /** Ends the call: a parameter is not what it must be. Never returns; the type lets it stand in an expression. */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <T> T fail(String parameter, String wanted, @Nullable Object got) {
        throw new Mistake(function + ": '" + parameter + "' must be " + wanted + ", not " + describe(got));
    }

    /** Ends the call with a message that names the function. */
    public Mistake error(String message) {
        return new Mistake(function + ": " + message);
    }

    private static String describe(@Nullable Object value) {
        if (value == null) {
            return "nil";
        }
        String type = value instanceof LuaObject object ? object.objectType().name() : FromLua.typeName(value);
        return "a " + type;
    }
}
