package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.LuaUserdata;
import dev.weir.lua.Metamethod;
import dev.weir.lua.Values;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The functions that are globals, but for those that load programs ({@link LoadLibrary}) or catch errors. */
public final class BaseLibrary {
    private static final int MAX_UNPACKED = 7_996;

    private BaseLibrary() {}

    /** Opens the library. */
    public static void open(LuaState state) {
        LuaTable globals = state.globals();
        state.loadedModules().put(state.name("_G"), globals);
        globals.put(state.name("_VERSION"), LuaString.of("Lua 5.1"));
        for (Function function : Function.values()) {
            state.register(globals, function.luaName, function);
        }
        globals.put(state.name("type"), new TypeFunction(state));
        globals.put(state.name("tostring"), new ToStringFunction(state));
        globals.put(state.name("select"), new SelectFunction(state));
        LibraryFunction next = state.function("next", Function.NEXT);
        state.nextFunction(next);
        globals.put(state.name("next"), next);
        state.listIterator(new ListStep(state));
        ProtectedCalls.open(state, globals);
        GarbageFunctions.open(state, globals);
        LoadLibrary.open(state);
    }

    private enum Function implements LibraryFunction.Body {
        TYPE,
        TOSTRING,
        TONUMBER,
        SELECT,
        UNPACK,
        PRINT,
        NEXT,
        PAIRS,
        IPAIRS,
        RAWGET,
        RAWSET,
        RAWEQUAL,
        GETMETATABLE,
        SETMETATABLE,
        NEWPROXY;

        private final String luaName = name().toLowerCase(Locale.ROOT);

        @Override
        public @Nullable Object call(LuaState state, LuaArgs args) {
            return switch (this) {
                case TYPE -> state.name(LuaOperators.typeName(args.any(1)));
                case TOSTRING -> LuaOperators.toText(state, args.any(1));
                case TONUMBER -> tonumber(args);
                case SELECT -> select(args);
                case UNPACK -> unpack(state, args);
                case PRINT -> print(state, args);
                case NEXT -> next(state, args);
                case PAIRS -> {
                    args.any(1);
                    yield Values.of(state.nextFunction(), args.table(1), null);
                }
                case IPAIRS -> {
                    args.any(1);
                    yield Values.of(state.listIterator(), args.table(1), LuaNumber.box(0));
                }
                case RAWGET -> {
                    LuaTable table = args.table(1);
                    yield table.get(args.any(2));
                }
                case RAWSET -> {
                    LuaTable table = args.table(1);
                    args.any(2);
                    LuaOperators.rawSet(state, table, args.get(2), args.any(3));
                    yield table;
                }
                case RAWEQUAL -> LuaOperators.rawEquals(args.any(1), args.any(2));
                case GETMETATABLE -> getmetatable(state, args);
                case SETMETATABLE -> setmetatable(state, args);
                case NEWPROXY -> newproxy(args);
            };
        }
    }

    // ---- hot ones

    private static final class TypeFunction extends LibraryFunction {
        private final LuaString[] names = new LuaString[7];

        TypeFunction(LuaState state) {
            super(state, "type", Function.TYPE);
            String[] texts = {"nil", "boolean", "number", "string", "table", "function", "thread"};
            for (int i = 0; i < texts.length; i++) {
                names[i] = state.name(texts[i]);
            }
        }

        @Override
        public @Nullable Object call(@Nullable Object a) {
            if (a == null) {
                return names[0];
            }
            if (a instanceof Boolean) {
                return names[1];
            }
            if (a instanceof Double) {
                return names[2];
            }
            if (a instanceof LuaString) {
                return names[3];
            }
            if (a instanceof LuaTable) {
                return names[4];
            }
            return a instanceof LuaFunction ? names[5] : super.call(a);
        }
    }

    private static final class ToStringFunction extends LibraryFunction {
        ToStringFunction(LuaState state) {
            super(state, "tostring", Function.TOSTRING);
        }

        @Override
        public @Nullable Object call(@Nullable Object a) {
            if (a instanceof LuaString) {
                return a;
            }
            return a instanceof Double number ? LuaNumber.toLuaString(number) : super.call(a);
        }
    }

    private static @Nullable Object next(LuaState state, LuaArgs args) {
        LuaTable table = args.table(1);
        try {
            return table.next(args.get(2));
        } catch (IllegalArgumentException refused) {
            throw state.errorHere(String.valueOf(refused.getMessage()));
        }
    }

    private static final class ListStep extends LibraryFunction {
        ListStep(LuaState state) {
            super(state, "ipairs_aux", new StepBody());
        }

        @Override
        public @Nullable Object call(@Nullable Object a, @Nullable Object b) {
            return a instanceof LuaTable table && b instanceof Double number ? step(table, number) : super.call(a, b);
        }

        /** The step for arguments of any type. */
        private record StepBody() implements Body {
            @Override
            public Object call(LuaState state, LuaArgs args) {
                return step(args.table(1), args.number(2));
            }
        }

        private static Object step(LuaTable table, double last) {
            int next = (int) last + 1;
            Object value = table.get(next);
            return value == null ? Values.NONE : Values.of(LuaNumber.box(next), value);
        }
    }

    private static final class SelectFunction extends LibraryFunction {
        SelectFunction(LuaState state) {
            super(state, "select", Function.SELECT);
        }

        @Override
        public @Nullable Object call(@Nullable Object a, @Nullable Object b) {
            return a instanceof Double place && place == 1 ? b : super.call(a, b);
        }
    }

    private static @Nullable Object select(LuaArgs args) {
        int count = args.count() - 1;
        if (args.get(1) instanceof LuaString word && word.length() == 1 && word.octet(0) == '#') {
            return LuaNumber.box(count);
        }
        int place = args.integer(1);
        if (place < 0) {
            place = count + 1 + place;
        }
        if (place < 1) {
            throw args.argumentError(1, "index out of range");
        }
        return Values.of(args.from(place > count ? count + 2 : place + 1));
    }

    // ---- numbers and text

    private static @Nullable Object tonumber(LuaArgs args) {
        int base = args.optInteger(2, 10);
        if (base == 10) {
            Object value = args.any(1);
            return value instanceof LuaUserdata userdata ? userdata.toNumber() : LuaNumber.coerce(value);
        }
        LuaString digits = args.string(1);
        if (base < 2 || base > 36) {
            throw args.argumentError(2, "base out of range");
        }
        return BaseDigits.parse(digits, base);
    }

    private static Values print(LuaState state, LuaArgs args) {
        OutputStream out = state.streams().out();
        Object converter = state.globals().get(state.name("tostring"));
        try {
            for (int i = 1; i <= args.count(); i++) {
                if (i > 1) {
                    out.write('\t');
                }
                Object value = args.get(i);
                Object text = converter instanceof ToStringFunction
                        ? LuaOperators.toLuaString(state, value)
                        : Values.first(LuaOperators.call(state, converter, value));
                LuaString shown = LuaOperators.textOf(text);
                if (shown == null) {
                    throw state.error("'tostring' must return a string to 'print'");
                }
                out.write(shown.octets());
            }
            out.write('\n');
        } catch (IOException refused) {
            throw state.error("cannot write: " + refused.getMessage());
        }
        return Values.NONE;
    }

    // ---- tables

    private static @Nullable Object unpack(LuaState state, LuaArgs args) {
        LuaTable table = args.table(1);
        int first = args.optInteger(2, 1);
        int last = args.has(3) && !args.isNil(3) ? args.integer(3) : table.length();
        if (first > last) {
            return Values.NONE;
        }
        long count = (long) last - first + 1;
        if (count > MAX_UNPACKED) {
            throw state.error("too many results to unpack");
        }
        @Nullable Object[] values = new @Nullable Object[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = table.get(first + i);
        }
        return Values.of(values);
    }

    private static @Nullable Object getmetatable(LuaState state, LuaArgs args) {
        LuaTable metatable = state.metatable(args.any(1));
        if (metatable == null) {
            return null;
        }
        Object shown = metatable.metamethod(Metamethod.METATABLE);
        return shown == null ? metatable : shown;
    }

    private static Object setmetatable(LuaState state, LuaArgs args) {
        LuaTable table = args.table(1);
        if (!args.has(2) || !(args.get(2) instanceof LuaTable) && !args.isNil(2)) {
            throw args.argumentError(2, "nil or table expected");
        }
        LuaTable old = table.metatable();
        if (old != null && old.metamethod(Metamethod.METATABLE) != null) {
            throw state.error("cannot change a protected metatable");
        }
        LuaTable metatable = args.get(2) instanceof LuaTable changed ? changed : null;
        if (metatable != null && metatable.metamethod(Metamethod.MODE) != null) {
            state.registry().put(GarbageFunctions.WEAK_TABLES, true);
        }
        table.metatable(metatable);
        return table;
    }

    /** An object without content, which scripts may give a metatable. */
    private static final class Proxy extends LuaUserdata {
        private @Nullable LuaTable metatable;

        @Override
        public @Nullable LuaTable metatable() {
            return metatable;
        }

        @Override
        public void metatable(@Nullable LuaTable changed) {
            metatable = changed;
        }
    }

    private static Object newproxy(LuaArgs args) {
        Proxy proxy = new Proxy();
        Object model = args.get(1);
        if (model instanceof Proxy other && other.metatable() != null) {
            proxy.metatable(other.metatable());
        } else if (model == Boolean.TRUE) {
            proxy.metatable(new LuaTable());
        } else if (model != null && model != Boolean.FALSE) {
            throw args.argumentError(1, "boolean or proxy expected");
        }
        return proxy;
    }
}
