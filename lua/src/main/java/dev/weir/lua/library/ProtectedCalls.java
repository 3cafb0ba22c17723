package dev.weir.lua.library;

import dev.weir.lua.CallStack;
import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import org.jspecify.annotations.Nullable;

/** {@code error}, {@code assert}, {@code pcall} and {@code xpcall}. */
final class ProtectedCalls {
    private ProtectedCalls() {}

    static void open(LuaState state, LuaTable globals) {
        state.register(globals, "error", Function.ERROR);
        globals.put(state.name("assert"), new Assertion(state));
        globals.put(state.name("pcall"), new ProtectedCall(state, "pcall", Function.PCALL));
        globals.put(state.name("xpcall"), new ProtectedCall(state, "xpcall", Function.XPCALL));
    }

    private enum Function implements LibraryFunction.Body {
        ERROR,
        ASSERT,
        PCALL,
        XPCALL;

        @Override
        public @Nullable Object call(LuaState state, LuaArgs args) {
            return switch (this) {
                case ERROR -> error(state, args);
                case ASSERT -> checked(state, args);
                case PCALL -> pcall(state, args);
                case XPCALL -> xpcall(state, args);
            };
        }
    }

    private static Object error(LuaState state, LuaArgs args) {
        Object value = args.get(1);
        int level = args.optInteger(2, 1);
        LuaString message = LuaOperators.textOf(value);
        if (message != null && level > 0) {
            // A number becomes a string here, even where there is no position to put before it.
            value = LuaString.of(state.where(level)).concat(message);
        }
        throw new LuaError(value);
    }

    private static final class Assertion extends LibraryFunction {
        Assertion(LuaState state) {
            super(state, "assert", Function.ASSERT);
        }

        @Override
        public @Nullable Object call(@Nullable Object a) {
            return LuaOperators.isTrue(a) ? a : super.call(a);
        }
    }

    private static @Nullable Object checked(LuaState state, LuaArgs args) {
        if (LuaOperators.isTrue(args.any(1))) {
            return Values.of(args.all());
        }
        LuaString message = LuaOperators.textOf(args.get(2));
        if (message != null) {
            throw new LuaError(LuaString.of(state.where(1)).concat(message));
        }
        throw args.has(2) ? new LuaError(args.get(2)) : state.error("assertion failed!");
    }

    /** Catches errors; coroutines may yield through it. */
    private static final class ProtectedCall extends LibraryFunction {
        ProtectedCall(LuaState state, String name, Body body) {
            super(state, name, body);
        }

        @Override
        protected boolean yieldsThrough() {
            return true;
        }
    }

    private static Object pcall(LuaState state, LuaArgs args) {
        Object called = args.any(1);
        CallStack calls = state.calls();
        int depth = calls.depth();
        LuaError caught;
        try {
            return succeeded(call(state, called, args, 2));
        } catch (LuaError error) {
            caught = error;
        } catch (StackOverflowError overflow) {
            caught = state.stackOverflow();
        } catch (OutOfMemoryError full) {
            caught = state.outOfMemory();
        }
        calls.depth(depth);
        if (caught.isUncatchable()) {
            throw caught;
        }
        return Values.of(false, caught.value());
    }

    private static Object xpcall(LuaState state, LuaArgs args) {
        args.any(1);
        LuaFunction handler = args.function(2);
        CallStack calls = state.calls();
        int depth = calls.depth();
        LuaError caught;
        try {
            return succeeded(call(state, args.get(1), args, 3));
        } catch (LuaError error) {
            caught = error;
        } catch (StackOverflowError overflow) {
            caught = state.stackOverflow();
        } catch (OutOfMemoryError full) {
            caught = state.outOfMemory();
        }
        if (caught.isUncatchable()) {
            calls.depth(depth);
            throw caught;
        }
        Object handled;
        try {
            handled = Values.of(false, Values.first(handler.call(caught.value())));
        } catch (LuaError error) {
            if (error.isUncatchable()) {
                throw error;
            }
            handled = Values.of(false, state.name("error in error handling"));
        } catch (StackOverflowError overflow) {
            handled = Values.of(false, state.name("error in error handling"));
        }
        calls.depth(depth);
        return handled;
    }

    private static @Nullable Object call(LuaState state, @Nullable Object called, LuaArgs args, int from) {
        LuaFunction function = LuaOperators.callable(state, called);
        return switch (args.count() - from + 1) {
            case -1, 0 -> function.call();
            case 1 -> function.call(args.get(from));
            case 2 -> function.call(args.get(from), args.get(from + 1));
            default -> function.invoke(args.from(from));
        };
    }

    private static Object succeeded(@Nullable Object result) {
        if (!(result instanceof Values several)) {
            return Values.of(true, result);
        }
        return prepend(true, several);
    }

    private static Object prepend(boolean outcome, Values several) {
        @Nullable Object[] all = new @Nullable Object[several.count() + 1];
        all[0] = outcome;
        System.arraycopy(several.items(), 0, all, 1, several.count());
        Object values = Values.of(all);
        return values == null ? Values.NONE : values;
    }
}
