package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/**
 * A function written in Java.
 *
 * <p>Hot ones override the calls with a fixed number of arguments for the types that they are meant for, and leave
 * everything else to {@code super}: only that notes the call, so that errors are reported as Lua does.
 */
public class LibraryFunction extends LuaFunction {
    private final LuaState state;
    private final String name;
    private final Body body;
    private final int number;

    /** What a function does. */
    @FunctionalInterface
    public interface Body {
        /** Returns one value, or {@link Values}. */
        @Nullable Object call(LuaState state, LuaArgs arguments);
    }

    /** A function of one world. */
    public LibraryFunction(LuaState state, String name, Body body) {
        this.state = state;
        this.name = name;
        this.body = body;
        number = state.nextFunctionNumber();
    }

    /** The world it belongs to. */
    protected final LuaState state() {
        return state;
    }

    /** The name under which it was registered. */
    public final String name() {
        return name;
    }

    /** The number that tells it from other functions of its world. */
    public final int number() {
        return number;
    }

    /** Whether a coroutine may yield while this function waits for another one to return. */
    protected boolean yieldsThrough() {
        return false;
    }

    @Override
    public final @Nullable Object invoke(@Nullable Object[] arguments) {
        CallStack calls = state.calls();
        calls.enter(this);
        Object result = body.call(state, new LuaArgs(state, arguments));
        calls.leave();
        return result;
    }
}
