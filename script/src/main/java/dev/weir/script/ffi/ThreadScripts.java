package dev.weir.script.ffi;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.stat.Counter;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the operator that each data thread has for itself, in a world of Lua of its own that no other thread enters: no lock is taken to call them.
 * Such a world comes into being when its thread first needs it, with all the functions made from their source text, and goes with its thread.
 */
public final class ThreadScripts {
    private static final int COMPLAINT_SECONDS = 10;

    private final FfiEnvironment environment;
    private final Supplier<LuaState> newWorld;

    @SuppressWarnings("ThreadLocalUsage") // one set of worlds for each configuration that is loaded
    private final ThreadLocal<Holder> worlds = ThreadLocal.withInitial(this::newHolder);

    private final List<Holder> holders = new CopyOnWriteArrayList<>();

    /**
     * A thread's world. Threads outlive configurations, and what a thread's local variable refers to stays as long as the thread does: so it refers
     * to this, which can be emptied.
     */
    private static final class Holder {
        private volatile @Nullable World world;
    }

    /** @param newWorld makes a world with the standard libraries and dnsdist's constants */
    public ThreadScripts(FfiEnvironment environment, Supplier<LuaState> newWorld) {
        this.environment = environment;
        this.newWorld = newWorld;
    }

    /** The source text of a function: a chunk that returns it. */
    public final class Code {
        private final String what;
        private final LuaString source;
        private final LogLimit complaints = new LogLimit(COMPLAINT_SECONDS);

        private Code(String what, LuaString source) {
            this.what = what;
            this.source = source;
        }

        /**
         * Calls the function in the calling thread's world.
         *
         * @param otherwise what an error comes to
         */
        public <T extends @Nullable Object> T call(Call<T> call, T otherwise) {
            try {
                World world = world();
                return call.with(world.scripts, world.function(this));
            } catch (Throwable e) {
                failed(e);
                return otherwise;
            }
        }

        private void failed(Throwable error) {
            environment.engine().statistics().add(Counter.LUA_ERRORS, 1);
            long count = complaints.admit(System.nanoTime());
            if (count > 0) {
                String message = error instanceof LuaError lua ? String.valueOf(lua.getMessage()) : error.toString();
                Log.error("Lua function failed", "lua", "function", what, "error", message, "occurrences", count);
            }
        }
    }

    /** What is done with the function. */
    @FunctionalInterface
    public interface Call<T extends @Nullable Object> {
        T with(FfiScripts scripts, LuaFunction function);
    }

    /** Takes up a function. What is wrong with its text shows when it is called. */
    public Code code(String what, LuaString source) {
        return new Code(what, source);
    }

    private Holder newHolder() {
        Holder holder = new Holder();
        holders.add(holder);
        return holder;
    }

    private World world() {
        Holder holder = worlds.get();
        World world = holder.world;
        if (world == null) {
            LuaState state = newWorld.get();
            world = new World(state, new FfiScripts(state, environment));
            holder.world = world;
        }
        return world;
    }

    /** Another configuration has taken the place of this one. A thread that still calls a function makes its world anew. */
    public void close() {
        holders.forEach(holder -> holder.world = null);
        holders.clear();
    }

    private record World(LuaState state, FfiScripts scripts, Map<Code, LuaFunction> functions) {
        World(LuaState state, FfiScripts scripts) {
            this(state, scripts, new IdentityHashMap<>());
        }

        LuaFunction function(Code code) {
            Function<Code, LuaFunction> made = each -> {
                LuaFunction chunk = state.load(each.source, LuaString.of("=" + each.what));
                if (Values.first(state.call(chunk)) instanceof LuaFunction function) {
                    return function;
                }
                throw new LuaError("the text must return a function");
            };
            return functions.computeIfAbsent(code, made);
        }
    }
}
