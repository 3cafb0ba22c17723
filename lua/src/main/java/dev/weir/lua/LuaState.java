package dev.weir.lua;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One world of Lua: its globals, its registry, what it may use up, and what it is doing.
 *
 * <p>Worlds share nothing. One thread at a time may use one; a different thread may use it later, if that happens
 * after in the sense of Java's memory model.
 */
public final class LuaState implements AutoCloseable {
    /** How many calls and rounds pass between two looks at the clock. */
    private static final int SLICE = 10_000;

    private LuaTable globals = new LuaTable(0, 64);
    private final LuaTable registry = new LuaTable();
    private final Map<String, LuaString> names = new HashMap<>();
    private final Map<LuaString, LuaString> constants = new HashMap<>();
    private final Map<Class<?>, LuaTable> metatables = new HashMap<>();
    private final LuaStreams streams;
    private final LuaLimits limits;

    private @Nullable LuaTable stringMetatable;
    private @Nullable LuaLoader loader;
    private @Nullable LuaHook hook;
    private @Nullable LuaFunction nextFunction;
    private @Nullable LuaFunction listIterator;

    private CallStack calls;
    private @Nullable LuaCoroutine coroutine;
    private final AbandonedCoroutines coroutines = new AbandonedCoroutines();
    private int functions;
    private int outerCalls;

    /** How many calls and rounds are left of this slice; the interpreter counts down and calls {@link #refuel} below 0. */
    public int fuel = SLICE;

    private int slice = SLICE;
    private long hookIn;
    private boolean telling;

    private long instructionsLeft = Long.MAX_VALUE;
    private long timeLimitNs;
    private volatile boolean interrupted;
    private volatile boolean stopped;
    private long startedNs;
    private boolean timed;

    /** An empty world, without libraries; {@code dev.weir.lua.standard} has those with them. */
    public LuaState(LuaStreams streams, LuaLimits limits) {
        this.streams = streams;
        this.limits = limits;
        timeLimitNs = limits.deadlineNs();
        calls = new CallStack(limits.maxDepth());
        for (Metamethod event : Metamethod.values()) {
            constants.put(event.key(), event.key());
        }
        globals.put(name("_G"), globals);
    }

    // ---- what there is

    /** The table of globals. */
    public LuaTable globals() {
        return globals;
    }

    /** Changes the table of globals for what is loaded from now on. */
    public void globals(LuaTable changed) {
        globals = changed;
    }

    /** A table for libraries, which scripts reach only by {@code debug.getregistry}. */
    public LuaTable registry() {
        return registry;
    }

    /** What scripts read and write. */
    public LuaStreams streams() {
        return streams;
    }

    /** What scripts may use up. */
    public LuaLimits limits() {
        return limits;
    }

    /**
     * Changes how long one call from outside may last; at first that is {@link LuaLimits#deadlineNs}.
     *
     * @param limitNs {@link Long#MAX_VALUE} for any time
     */
    public void timeLimitNs(long limitNs) {
        timeLimitNs = limitNs;
    }

    /** The string of a name that is known when the program is written: always the same object in this world. */
    public LuaString name(String text) {
        LuaString known = names.get(text);
        if (known == null) {
            known = constant(LuaString.of(text));
            names.put(text, known);
        }
        return known;
    }

    /** The one object for a constant of a program: look-ups compare by identity first. */
    public LuaString constant(LuaString text) {
        LuaString known = constants.putIfAbsent(text, text);
        return known == null ? text : known;
    }

    /** The function {@code next}: loops that use it need not call it. */
    public @Nullable LuaFunction nextFunction() {
        return nextFunction;
    }

    /** Says which function is {@code next}. */
    public void nextFunction(LuaFunction next) {
        nextFunction = next;
    }

    /** What {@code ipairs} returns first: loops that use it need not call it. */
    public @Nullable LuaFunction listIterator() {
        return listIterator;
    }

    /** Says what {@code ipairs} returns first. */
    public void listIterator(LuaFunction iterator) {
        listIterator = iterator;
    }

    /** What all strings have as metatable. */
    public @Nullable LuaTable stringMetatable() {
        return stringMetatable;
    }

    /** Sets what all strings have as metatable. */
    public void stringMetatable(@Nullable LuaTable changed) {
        stringMetatable = changed;
    }

    /** The metatable of any value. */
    public @Nullable LuaTable metatable(@Nullable Object value) {
        if (value instanceof LuaTable table) {
            return table.metatable();
        }
        if (value instanceof LuaString) {
            return stringMetatable;
        }
        if (value instanceof LuaUserdata userdata) {
            return userdata.metatable();
        }
        return metatables.isEmpty() ? null : metatables.get(kind(value));
    }

    /** What {@code debug.setmetatable} does: all values of a basic type share one. */
    public void metatable(@Nullable Object value, @Nullable LuaTable changed) {
        switch (value) {
            case LuaTable table -> table.metatable(changed);
            case LuaString string -> stringMetatable = changed;
            case LuaUserdata userdata -> userdata.metatable(changed);
            case null, default -> metatables.put(kind(value), changed == null ? new LuaTable() : changed);
        }
    }

    private static Class<?> kind(@Nullable Object value) {
        return switch (value) {
            case null -> Void.class;
            case LuaFunction function -> LuaFunction.class;
            default -> value.getClass();
        };
    }

    /** A function written in Java. */
    public LibraryFunction function(String name, LibraryFunction.Body body) {
        return new LibraryFunction(this, name, body);
    }

    /** Puts a function written in Java into a table. */
    public void register(LuaTable library, String name, LibraryFunction.Body body) {
        library.put(name(name), function(name, body));
    }

    /** A library's table, which becomes a global and a loaded module. */
    public LuaTable library(String name) {
        LuaTable library = new LuaTable(0, 32);
        globals.put(name(name), library);
        loadedModules().put(name(name), library);
        return library;
    }

    /** The table {@code package.loaded}. */
    public LuaTable loadedModules() {
        LuaString key = name("_LOADED");
        if (registry.get(key) instanceof LuaTable loaded) {
            return loaded;
        }
        LuaTable loaded = new LuaTable(0, 32);
        registry.put(key, loaded);
        return loaded;
    }

    // ---- programs

    /** What makes functions of source text. */
    public LuaLoader loader() {
        if (loader == null) {
            throw new IllegalStateException("this world cannot load text");
        }
        return loader;
    }

    /** Sets what makes functions of source text. */
    public void loader(LuaLoader changed) {
        loader = changed;
    }

    /**
     * A chunk as a function.
     *
     * @param source the text
     * @param name the chunk's name: {@code @FILE}, {@code =NAME} or the source itself
     * @throws LuaError with the message of a syntax error
     */
    public LuaFunction load(LuaString source, LuaString name) {
        return load(source, name, globals);
    }

    /** A chunk as a function with a table of its own for globals. */
    public LuaFunction load(LuaString source, LuaString name, LuaTable environment) {
        if (loader == null) {
            throw new IllegalStateException("this world cannot load text");
        }
        return loader.load(source, name, environment);
    }

    /** {@link #load(LuaString, LuaString)} of texts. */
    public LuaFunction load(String source, String name) {
        return load(LuaString.of(source), LuaString.of(name));
    }

    /**
     * Calls a function from outside: the outermost of such calls gets the whole budget of instructions and time.
     *
     * @return one value, or {@link Values}
     * @throws LuaError what the function raises; the calls that were open are in its traceback
     */
    public @Nullable Object call(LuaFunction function, @Nullable Object... arguments) {
        int depth = begin();
        try {
            return function.invoke(arguments);
        } catch (LuaError error) {
            error.traceFrom(calls);
            throw error;
        } catch (StackOverflowError overflow) {
            throw stackOverflow();
        } catch (OutOfMemoryError full) {
            throw outOfMemory();
        } finally {
            end(depth);
        }
    }

    /** {@link #call(LuaFunction, Object...)} with one argument, without an array. */
    public @Nullable Object call(LuaFunction function, @Nullable Object argument) {
        int depth = begin();
        try {
            return function.call(argument);
        } catch (LuaError error) {
            error.traceFrom(calls);
            throw error;
        } catch (StackOverflowError overflow) {
            throw stackOverflow();
        } catch (OutOfMemoryError full) {
            throw outOfMemory();
        } finally {
            end(depth);
        }
    }

    private int begin() {
        if (outerCalls++ == 0) {
            instructionsLeft = limits.instructions();
            startSlice();
            timed = false;
        }
        return calls.depth();
    }

    private void end(int depth) {
        outerCalls--;
        calls.depth(depth);
    }

    // ---- what is going on

    /** The open calls. */
    public CallStack calls() {
        return calls;
    }

    /** The coroutine that runs; null in the main program. */
    public @Nullable LuaCoroutine coroutine() {
        return coroutine;
    }

    /**
     * Stops the coroutine that runs until it is resumed: what {@code coroutine.yield} does.
     *
     * @return what it is resumed with
     * @throws LuaError if no coroutine runs, or a library's function is under way in it
     */
    public @Nullable Object[] suspend(@Nullable Object[] results) {
        return LuaCoroutine.suspend(this, results);
    }

    void coroutineCreated(LuaCoroutine created, CoroutineStack stack) {
        coroutines.add(created, stack);
    }

    int nextFunctionNumber() {
        return ++functions;
    }

    /** Ends what suspended coroutines hold. The world must not be used afterwards. */
    @Override
    public void close() {
        coroutines.close();
    }

    /** Notes that another coroutine runs from now on. */
    void switchTo(@Nullable LuaCoroutine next, CallStack stack) {
        coroutine = next;
        calls = stack;
    }

    /** A call stack for a new coroutine. */
    CallStack newStack() {
        return new CallStack(limits.maxDepth());
    }

    /** What looks at a script's progress; null for nothing. */
    public @Nullable LuaHook hook() {
        return telling ? null : hook;
    }

    /** Sets what looks at a script's progress. */
    public void hook(@Nullable LuaHook changed) {
        hook = changed;
        hookIn = changed == null ? 0 : changed.count();
        giveBack();
    }

    /** Tells the hook of an event, unless it is being told of one just now. */
    public void tell(String event, @Nullable Object argument) {
        LuaHook told = hook;
        if (told != null && !telling) {
            told.tell(this, event, argument);
        }
    }

    void telling(boolean now) {
        telling = now;
    }

    /** Ends the slice now, so that the next step looks at everything again. */
    private void giveBack() {
        if (instructionsLeft != Long.MAX_VALUE) {
            instructionsLeft += fuel;
        }
        fuel = 0;
        slice = 0;
    }

    /**
     * Makes what runs, or else what runs next, raise {@code interrupted!} within some ten thousand steps, which it may catch. For any thread,
     * signal handlers too; what waits in a library function goes on waiting.
     *
     * @return false if the interrupt before has not been raised yet
     */
    public boolean interrupt() {
        boolean first = !interrupted;
        interrupted = true;
        return first;
    }

    /**
     * Ends what runs, and all that is to run later, with an error that passes by {@code pcall}, at the next call or round of a loop or within some
     * ten thousand of them. For any thread; what waits in a library function ends when that has returned.
     */
    public void stop() {
        stopped = true;
        // Another thread's counter, which it may overwrite: then its slice has to end by itself.
        fuel = 0;
    }

    /**
     * Called when a slice is used up: looks for an interrupt, at the budget, at the clock and at a hook that counts.
     *
     * @throws LuaError which passes by {@code pcall}, if budget or time are exceeded, or the world is {@linkplain #stop stopped}
     */
    public void refuel() {
        if (stopped) {
            fuel = 0;
            throw LuaError.uncatchable(whereInScript() + "stopped");
        }
        if (interrupted) {
            interrupted = false;
            throw new LuaError(LuaString.of(whereInScript() + "interrupted!"));
        }
        int used = slice;
        if (instructionsLeft <= 0) {
            fuel = 0;
            throw LuaError.uncatchable(whereInScript() + "instruction budget exceeded");
        }
        if (timeLimitNs != Long.MAX_VALUE && isLate()) {
            fuel = 0;
            throw LuaError.uncatchable(whereInScript() + "time limit exceeded");
        }
        startSlice();
        LuaHook counting = hook;
        if (counting != null && counting.count() > 0) {
            hookIn -= used;
            if (hookIn <= 0 && used > 0) {
                hookIn = counting.count();
                tell("count", null);
            }
            slice = (int) Math.min(slice, hookIn);
            fuel = slice;
        }
    }

    /** Short calls never ask for the time: it runs from the end of the first slice. */
    private boolean isLate() {
        long nowNs = System.nanoTime();
        if (!timed) {
            timed = true;
            startedNs = nowNs;
        }
        return nowNs - startedNs > timeLimitNs;
    }

    /** Accounts for the work of a library function that can take long: as many instructions. */
    public void spend(int instructions) {
        fuel -= instructions;
        if (fuel < 0) {
            refuel();
        }
    }

    private void startSlice() {
        slice = (int) Math.min(SLICE, instructionsLeft);
        if (instructionsLeft != Long.MAX_VALUE) {
            instructionsLeft -= slice;
        }
        fuel = slice;
    }

    // ---- errors

    /**
     * {@code FILE:LINE: } of a level: 0 is the innermost call, 1 the one that called it; empty where that is not a
     * script's.
     */
    public String where(int level) {
        CallInfo call = calls.level(level);
        if (call != null && call.function instanceof ScriptFunction script) {
            return script.shortSource() + ":" + script.line(call.site) + ": ";
        }
        return "";
    }

    /** {@link #where} of the script that runs, or that a library's functions work for. */
    private String whereInScript() {
        String place = "";
        for (int level = 0; place.isEmpty() && level < calls.depth(); level++) {
            place = where(level);
        }
        return place;
    }

    /** An error with the position of the script's function that is running, or that called this library function. */
    public LuaError error(String message) {
        return error(LuaString.of(message));
    }

    /** {@link #error(String)} of octets. */
    public LuaError error(LuaString message) {
        CallInfo top = calls.level(0);
        int level = top != null && top.function instanceof ScriptFunction ? 0 : 1;
        return new LuaError(LuaString.of(where(level)).concat(message));
    }

    /** The error that stands for the JVM's own overflow. */
    public LuaError stackOverflow() {
        return errorHere("stack overflow");
    }

    /** The error that stands for a heap that is full. */
    public LuaError outOfMemory() {
        return error("not enough memory");
    }

    /** An error with the position of the script's function that is running; without one while a library's runs. */
    public LuaError errorHere(String message) {
        return new LuaError(LuaString.of(where(0) + message));
    }

    /** The error of a library function's argument. */
    public LuaError argumentError(int index, String message) {
        CallInfo caller = calls.level(1);
        SiteName called = caller != null && caller.function instanceof ScriptFunction script
                ? script.calledName(caller.site)
                : null;
        if (called == null) {
            return error("bad argument #" + index + " to '?' (" + message + ")");
        }
        int place = index;
        if (called.kind().equals("method")) {
            place--;
            if (place == 0) {
                return error("calling '" + called.name() + "' on bad self (" + message + ")");
            }
        }
        return error("bad argument #" + place + " to '" + called.name() + "' (" + message + ")");
    }

    /** The open calls in Lua's words, from a level on: 0 is the innermost one. */
    public String traceback(int level) {
        return traceback(calls, level);
    }

    /** The open calls of some coroutine in Lua's words. */
    public String traceback(CallStack stack, int level) {
        return Traceback.text(stack.capture(), level);
    }
}
