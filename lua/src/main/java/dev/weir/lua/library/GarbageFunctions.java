package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import org.jspecify.annotations.Nullable;

/**
 * {@code collectgarbage} and {@code gcinfo}: the JVM collects by itself, so that only {@code collect} does anything, and
 * only where a script could notice: once it has made a weak table.
 */
final class GarbageFunctions {
    /** The key in the registry that says that there are weak tables. */
    static final LuaString WEAK_TABLES = LuaString.of("weak tables");

    private static final int COLLECT = 0;
    private static final int STOP = 1;
    private static final int RESTART = 2;
    private static final int COUNT = 3;
    private static final int STEP = 4;
    private static final int SET_PAUSE = 5;
    private static final int SET_STEP_MULTIPLIER = 6;

    private double pause = 200;
    private double stepMultiplier = 200;
    private boolean running = true;

    private GarbageFunctions() {}

    static void open(LuaState state, LuaTable globals) {
        state.register(globals, "collectgarbage", new Function(new GarbageFunctions(), true));
        state.register(globals, "gcinfo", new Function(new GarbageFunctions(), false));
    }

    private record Function(GarbageFunctions functions, boolean controls) implements LibraryFunction.Body {
        @Override
        public @Nullable Object call(LuaState state, LuaArgs args) {
            return controls ? functions.control(state, args) : LuaNumber.box(Math.floor(usedKilobytes()));
        }
    }

    private @Nullable Object control(LuaState state, LuaArgs args) {
        int word = args.option(
                1, "collect", "collect", "stop", "restart", "count", "step", "setpause", "setstepmul", "isrunning");
        switch (word) {
            case COLLECT -> collect(state);
            case STOP -> running = false;
            case RESTART -> running = true;
            case COUNT -> {
                return usedKilobytes();
            }
            case STEP -> {
                collect(state);
                return true;
            }
            case SET_PAUSE -> {
                double old = pause;
                pause = args.optInteger(2, 0);
                return LuaNumber.box(old);
            }
            case SET_STEP_MULTIPLIER -> {
                double old = stepMultiplier;
                stepMultiplier = args.optInteger(2, 0);
                return LuaNumber.box(old);
            }
            default -> {
                return running;
            }
        }
        return LuaNumber.box(0);
    }

    private static void collect(LuaState state) {
        state.calls().forgetReturned();
        if (state.registry().get(WEAK_TABLES) != null) {
            System.gc();
        }
    }

    private static double usedKilobytes() {
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1024.0;
    }
}
