package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/**
 * A call that a function leaves to its caller: {@code return f(x)} takes no frame of its own in Lua.
 *
 * <p>Each call stack has one and uses it again: it is resolved before anything else runs. Nobody outside the
 * interpreter ever sees one.
 */
public final class TailCall extends Values {
    private @Nullable LuaFunction function;

    TailCall() {
        super(NONE_YET);
    }

    private static final @Nullable Object[] NONE_YET = {};

    /** Notes what is to be called. */
    public TailCall of(LuaFunction called, @Nullable Object[] arguments) {
        function = called;
        items = arguments;
        return this;
    }

    /** What is to be called. */
    public LuaFunction function() {
        LuaFunction called = function;
        if (called == null) {
            throw new IllegalStateException("no call is left");
        }
        return called;
    }
}
