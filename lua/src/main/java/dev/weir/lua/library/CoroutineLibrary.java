package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaCoroutine;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import org.jspecify.annotations.Nullable;

/** The library {@code coroutine}. */
public final class CoroutineLibrary {
    private CoroutineLibrary() {}

    /** Opens the library. */
    public static void open(LuaState state) {
        LuaTable library = state.library("coroutine");
        for (Function function : Function.values()) {
            state.register(library, function.luaName, function);
        }
        library.put(state.name("yield"), new YieldFunction(state));
    }

    private enum Function implements LibraryFunction.Body {
        CREATE("create"),
        RESUME("resume"),
        YIELD("yield"),
        WRAP("wrap"),
        STATUS("status"),
        RUNNING("running"),
        IS_YIELDABLE("isyieldable");

        private final String luaName;

        Function(String luaName) {
            this.luaName = luaName;
        }

        @Override
        public @Nullable Object call(LuaState state, LuaArgs args) {
            return switch (this) {
                case CREATE -> new LuaCoroutine(state, args.function(1));
                case RESUME -> resume(args);
                case YIELD -> Values.of(state.suspend(args.all()));
                case WRAP -> state.function("wrap", new Wrapped(new LuaCoroutine(state, args.function(1))));
                case STATUS -> state.name(statusOf(coroutine(args)));
                case RUNNING -> state.coroutine();
                case IS_YIELDABLE -> state.coroutine() != null;
            };
        }
    }

    /** What {@code coroutine.wrap} returns. */
    private record Wrapped(LuaCoroutine coroutine) implements LibraryFunction.Body {
        @Override
        public @Nullable Object call(LuaState state, LuaArgs args) {
            return resumeWrapped(state, coroutine, args);
        }
    }

    private static final class YieldFunction extends LibraryFunction {
        YieldFunction(LuaState state) {
            super(state, "yield", Function.YIELD);
        }

        @Override
        protected boolean yieldsThrough() {
            return true;
        }
    }

    private static LuaCoroutine coroutine(LuaArgs args) {
        if (args.get(1) instanceof LuaCoroutine coroutine) {
            return coroutine;
        }
        throw args.argumentError(1, "coroutine expected");
    }

    private static Object resume(LuaArgs args) {
        LuaCoroutine coroutine = coroutine(args);
        try {
            @Nullable Object[] results = coroutine.resume(args.from(2));
            @Nullable Object[] all = new @Nullable Object[results.length + 1];
            all[0] = true;
            System.arraycopy(results, 0, all, 1, results.length);
            Object values = Values.of(all);
            return values == null ? Values.NONE : values;
        } catch (LuaError error) {
            if (error.isUncatchable()) {
                throw error;
            }
            return Values.of(false, error.value());
        }
    }

    private static @Nullable Object resumeWrapped(LuaState state, LuaCoroutine coroutine, LuaArgs args) {
        if (coroutine.status() != LuaCoroutine.Status.SUSPENDED) {
            boolean dead = coroutine.status() == LuaCoroutine.Status.DEAD;
            throw state.error("cannot resume " + (dead ? "dead" : "running") + " coroutine");
        }
        try {
            return Values.of(coroutine.resume(args.all()));
        } catch (LuaError error) {
            throw error.value() instanceof LuaString message && !error.isUncatchable()
                    ? new LuaError(LuaString.of(state.where(1)).concat(message))
                    : error;
        }
    }

    private static String statusOf(LuaCoroutine coroutine) {
        return switch (coroutine.status()) {
            case SUSPENDED -> "suspended";
            case RUNNING -> "running";
            case NORMAL -> "normal";
            case DEAD -> "dead";
        };
    }
}
