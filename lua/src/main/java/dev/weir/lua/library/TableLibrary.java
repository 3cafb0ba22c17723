package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.lua.text.OctetBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The library {@code table}, and the modules {@code table.new} and {@code table.clear} that {@code require} finds. */
public final class TableLibrary {
    /** What {@code table.new} refuses; less than it asks for is reserved all the same. */
    private static final int MAX_RESERVED = 1 << 27;

    private static final int MAX_RESERVED_AT_ONCE = 1 << 20;

    private TableLibrary() {}

    /** Makes the library in a world. */
    public static void open(LuaState state) {
        LuaTable library = state.library("table");
        for (Function function : Function.values()) {
            state.register(library, function.luaName, function);
        }
        library.put(state.name("insert"), new Append(state));
        LuaTable preload = Modules.preload(state);
        preload.put(state.name("table.new"), state.function("table.new", new Extra(library, Function.NEW)));
        preload.put(state.name("table.clear"), state.function("table.clear", new Extra(library, Function.CLEAR)));
        library.put(state.name("new"), null);
        library.put(state.name("clear"), null);
    }

    /** The loader of a function that becomes a field of the library only when it is required. */
    private record Extra(LuaTable library, Function function) implements LibraryFunction.Body {
        @Override
        public Object call(LuaState state, LuaArgs arguments) {
            LibraryFunction made = state.function(function.luaName, function);
            library.put(state.name(function.luaName), made);
            return made;
        }
    }

    enum Function implements LibraryFunction.Body {
        CLEAR,
        CONCAT,
        FOREACH,
        FOREACHI,
        GETN,
        INSERT,
        MAXN,
        MOVE,
        NEW,
        REMOVE,
        SORT;

        private final String luaName = name().toLowerCase(Locale.ROOT);

        @Override
        public @Nullable Object call(LuaState state, LuaArgs arguments) {
            return switch (this) {
                case CLEAR -> {
                    arguments.table(1).clear();
                    yield Values.NONE;
                }
                case CONCAT -> concatenated(state, arguments);
                case FOREACH -> forEach(state, namedTable(arguments, 1), namedFunction(arguments, 2));
                case FOREACHI -> forEachIndex(namedTable(arguments, 1), namedFunction(arguments, 2));
                case GETN -> LuaNumber.box(namedTable(arguments, 1).length());
                case INSERT -> insert(state, arguments);
                case MAXN -> greatestIndex(arguments.table(1));
                case MOVE -> move(state, arguments);
                case NEW -> reserved(state, arguments);
                case REMOVE -> remove(state, arguments);
                case SORT -> {
                    LuaTable table = arguments.table(1);
                    TableSort.sort(state, table, arguments.isNil(2) ? null : arguments.function(2));
                    yield Values.NONE;
                }
            };
        }
    }

    /** {@code table.insert(t, x)} without an array of arguments. */
    private static final class Append extends LibraryFunction {
        Append(LuaState state) {
            super(state, "insert", Function.INSERT);
        }

        @Override
        public @Nullable Object call(@Nullable Object list, @Nullable Object value) {
            if (list instanceof LuaTable table) {
                table.put(table.length() + 1, value);
                return Values.NONE;
            }
            return super.call(list, value);
        }
    }

    /** A table; the functions that LuaJIT has in Lua take an argument that is not there for nil. */
    private static LuaTable namedTable(LuaArgs arguments, int index) {
        if (!arguments.has(index)) {
            throw arguments.argumentError(index, "table expected, got nil");
        }
        return arguments.table(index);
    }

    private static LuaFunction namedFunction(LuaArgs arguments, int index) {
        if (!arguments.has(index)) {
            throw arguments.argumentError(index, "function expected, got nil");
        }
        return arguments.function(index);
    }

    private static int namedInteger(LuaArgs arguments, int index) {
        if (!arguments.has(index)) {
            throw arguments.argumentError(index, "number expected, got nil");
        }
        return arguments.integer(index);
    }

    private static LuaString concatenated(LuaState state, LuaArgs arguments) {
        LuaTable table = arguments.table(1);
        LuaString between = arguments.optString(2, LuaString.EMPTY);
        byte[] separator = between == null ? new byte[0] : between.octets();
        int first = arguments.optInteger(3, 1);
        int last = arguments.isNil(4) ? table.length() : arguments.integer(4);
        OctetBuilder out = new OctetBuilder(64, state.limits().maxStringOctets());
        try {
            for (long i = first; i <= last; i++) {
                Object value = table.get((int) i);
                LuaString text = LuaOperators.textOf(value);
                if (text == null) {
                    String type = LuaOperators.typeName(value);
                    throw state.error("invalid value (" + type + ") at index " + i + " in table for 'concat'");
                }
                out.append(text.octets());
                if (i != last) {
                    out.append(separator);
                }
            }
        } catch (OctetBuilder.TooLong tooLong) {
            throw new LuaError("not enough memory");
        }
        return LuaString.owning(out.toOctets());
    }

    private static Object insert(LuaState state, LuaArgs arguments) {
        LuaTable table = arguments.table(1);
        int end = table.length() + 1;
        switch (arguments.count()) {
            case 2 -> table.put(end, arguments.get(2));
            case 3 -> {
                int place = arguments.integer(2);
                Object value = arguments.get(3);
                if (place > 0 && place < end) {
                    table.insertAt(place, value);
                } else {
                    for (int i = end; i > place; i--) {
                        state.spend(1);
                        table.put(i, table.get(i - 1));
                    }
                    table.put(place, value);
                }
            }
            default -> throw state.error("wrong number of arguments to 'insert'");
        }
        return Values.NONE;
    }

    private static @Nullable Object remove(LuaState state, LuaArgs arguments) {
        LuaTable table = namedTable(arguments, 1);
        int length = table.length();
        int place = length;
        if (!arguments.isNil(2)) {
            place = arguments.integer(2);
        }
        if (place < 1 || place > length) {
            return Values.NONE;
        }
        state.spend(length - place >> 4);
        return table.removeAt(place);
    }

    private static Object greatestIndex(LuaTable table) {
        double greatest = 0;
        for (Object next = table.next(null); next instanceof Values entry; next = table.next(entry.first())) {
            if (entry.first() instanceof Double number && number > greatest) {
                greatest = number;
            }
        }
        return LuaNumber.box(greatest);
    }

    private static @Nullable Object forEach(LuaState state, LuaTable table, LuaFunction function) {
        try {
            for (Object next = table.next(null); next instanceof Values entry; next = table.next(entry.first())) {
                Object result = Values.first(function.call(entry.first(), entry.get(1)));
                if (result != null) {
                    return result;
                }
            }
        } catch (IllegalArgumentException lost) {
            throw state.error("invalid key to 'next'");
        }
        return Values.NONE;
    }

    private static @Nullable Object forEachIndex(LuaTable table, LuaFunction function) {
        int length = table.length();
        for (int i = 1; i <= length; i++) {
            Object result = Values.first(function.call(LuaNumber.box(i), table.get(i)));
            if (result != null) {
                return result;
            }
        }
        return Values.NONE;
    }

    /** {@code move(from, first, last, to, [target])}: from the end where source and target overlap upwards. */
    private static LuaTable move(LuaState state, LuaArgs arguments) {
        LuaTable source = namedTable(arguments, 1);
        double first = namedInteger(arguments, 2);
        double last = namedInteger(arguments, 3);
        double to = namedInteger(arguments, 4);
        LuaTable target = arguments.isNil(5) ? source : arguments.table(5);
        double distance = to - first;
        if (to > last || to <= first || target != source) {
            for (double i = first; i <= last; i++) {
                copy(state, source, i, target, i + distance);
            }
        } else {
            for (double i = last; i >= first; i--) {
                copy(state, source, i, target, i + distance);
            }
        }
        return target;
    }

    private static void copy(LuaState state, LuaTable source, double from, LuaTable target, double to) {
        state.spend(1);
        target.put(to, source.get(from));
    }

    private static LuaTable reserved(LuaState state, LuaArgs arguments) {
        int list = arguments.integer(1);
        int others = arguments.integer(2);
        if (list < 0 || others < 0 || list > MAX_RESERVED || others > MAX_RESERVED) {
            throw state.error("table overflow");
        }
        return new LuaTable(Math.min(list, MAX_RESERVED_AT_ONCE), Math.min(others, MAX_RESERVED_AT_ONCE));
    }
}
