package dev.weir.lua.interpret;

import dev.weir.lua.CallInfo;
import dev.weir.lua.CallStack;
import dev.weir.lua.LuaState;
import org.jspecify.annotations.Nullable;

/** The variables of one call that runs as a tree. */
public final class Frame {
    final LuaState state;
    final LuaClosure closure;
    final CallStack calls;
    final CallInfo info;
    final @Nullable Object[] slots;
    final @Nullable Object[] varargs;

    /** The line of which a hook was last told. */
    int hookedLine;

    /** What the function returns, once a statement has said {@link StatNode#RETURN}. */
    @Nullable Object result;

    Frame(LuaClosure closure, CallStack calls, CallInfo info, @Nullable Object[] slots, @Nullable Object[] varargs) {
        this.state = closure.state();
        this.closure = closure;
        this.calls = calls;
        this.info = info;
        this.slots = slots;
        this.varargs = varargs;
    }

    /** The values of the function's locals, or their cells. */
    public @Nullable Object[] slots() {
        return slots;
    }

    /** The values of {@code ...}. */
    public @Nullable Object[] varargs() {
        return varargs;
    }

    /** Where errors look for the place that is under way. */
    public CallInfo info() {
        return info;
    }

    /** Lets the function return a value. */
    public Object returning(@Nullable Object value) {
        result = value;
        return StatNode.RETURN;
    }
}
