package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Metamethod;
import dev.weir.lua.Values;
import dev.weir.lua.text.OctetBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The library {@code string}, which is also what fields of strings are looked up in. */
public final class StringLibrary {
    /** As many results as a call may return. */
    private static final int MAX_RESULTS = 7_999;

    private StringLibrary() {}

    /** Makes the library in a world. */
    public static void open(LuaState state) {
        LuaTable library = state.library("string");
        for (Function function : Function.values()) {
            state.register(library, function.luaName, function);
        }
        StringShortcuts.install(state, library);
        LuaTable metatable = new LuaTable();
        metatable.put(Metamethod.INDEX.key(), library);
        state.stringMetatable(metatable);
    }

    enum Function implements LibraryFunction.Body {
        BYTE,
        CHAR,
        DUMP,
        FIND,
        FORMAT,
        GMATCH,
        GSUB,
        LEN,
        LOWER,
        MATCH,
        REP,
        REVERSE,
        SUB,
        UPPER;

        private final String luaName = name().toLowerCase(Locale.ROOT);

        @Override
        public @Nullable Object call(LuaState state, LuaArgs arguments) {
            return switch (this) {
                case BYTE -> bytes(state, arguments);
                case CHAR -> characters(arguments);
                case DUMP -> {
                    arguments.function(1);
                    throw state.error("unable to dump given function");
                }
                case FIND -> PatternFunctions.find(state, arguments);
                case FORMAT -> TextFormatter.format(state, arguments);
                case GMATCH -> PatternFunctions.everyMatch(state, arguments);
                case GSUB -> Substitution.substitute(state, arguments);
                case LEN -> length(arguments);
                case LOWER -> changed(arguments.string(1), 'A', 'Z');
                case MATCH -> PatternFunctions.match(state, arguments);
                case REP -> repeated(state, arguments);
                case REVERSE -> reversed(arguments.string(1));
                case SUB -> slice(arguments.string(1), arguments.integer(2), arguments.optInteger(3, -1));
                case UPPER -> changed(arguments.string(1), 'a', 'z');
            };
        }
    }

    /** The octets from one place to another, both counted from 1, or from -1 backwards, and included. */
    static LuaString slice(LuaString string, int first, int last) {
        int length = string.length();
        int from = first < 0 ? Math.max(0, first + length) : Math.max(0, first - 1);
        int to = last < 0 ? last + length + 1 : Math.min(last, length);
        return from < to ? string.substring(from, to) : LuaString.EMPTY;
    }

    private static Double length(LuaArgs arguments) {
        if (!arguments.has(1)) {
            throw arguments.argumentError(1, "string expected, got nil");
        }
        return LuaNumber.box(arguments.string(1).length());
    }

    private static @Nullable Object bytes(LuaState state, LuaArgs arguments) {
        LuaString string = arguments.string(1);
        int first = arguments.optInteger(2, 1);
        LuaString slice = slice(string, first, arguments.optInteger(3, first));
        int count = slice.length();
        if (count == 1) {
            return LuaNumber.box(slice.octet(0));
        }
        if (count > MAX_RESULTS) {
            throw state.error("string slice too long");
        }
        @Nullable Object[] octets = new @Nullable Object[count];
        for (int i = 0; i < count; i++) {
            octets[i] = LuaNumber.box(slice.octet(i));
        }
        return Values.of(octets);
    }

    private static LuaString characters(LuaArgs arguments) {
        byte[] octets = new byte[arguments.count()];
        for (int i = 0; i < octets.length; i++) {
            int octet = arguments.integer(i + 1);
            if (octet < 0 || octet > 255) {
                throw arguments.argumentError(i + 1, "invalid value");
            }
            octets[i] = (byte) octet;
        }
        return octets.length == 1 ? LuaString.ofOctet(octets[0]) : LuaString.owning(octets);
    }

    /** With the letters of one case, from {@code first} to {@code last}, in the other one. */
    private static LuaString changed(LuaString string, char first, char last) {
        byte[] octets = string.toByteArray();
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] >= first && octets[i] <= last) {
                octets[i] ^= 0x20;
            }
        }
        return LuaString.owning(octets);
    }

    private static LuaString reversed(LuaString string) {
        int length = string.length();
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) string.octet(length - 1 - i);
        }
        return LuaString.owning(octets);
    }

    private static LuaString repeated(LuaState state, LuaArgs arguments) {
        byte[] string = arguments.string(1).octets();
        int times = arguments.integer(2);
        byte[] between = optionalOctets(arguments.optString(3, LuaString.EMPTY));
        long total = ((long) string.length + between.length) * times - between.length;
        if (times <= 0 || total <= 0) {
            return LuaString.EMPTY;
        }
        if (total > state.limits().maxStringOctets()) {
            throw new LuaError("not enough memory");
        }
        state.spend((int) (total >> 6));
        try {
            OctetBuilder out = new OctetBuilder((int) total).append(string);
            if (times > 1) {
                out.append(between).append(string).repeat(string.length + between.length, (int) total);
            }
            return LuaString.owning(out.toOctets());
        } catch (OctetBuilder.TooLong | OutOfMemoryError tooLong) {
            throw new LuaError("not enough memory");
        }
    }

    private static byte[] optionalOctets(@Nullable LuaString string) {
        return string == null ? new byte[0] : string.octets();
    }
}
