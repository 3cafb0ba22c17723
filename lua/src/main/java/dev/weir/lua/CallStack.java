package dev.weir.lua;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The open calls of one coroutine, or of the main program.
 *
 * <p>A call that ends by an error leaves its entry behind: whoever catches the error sets the depth back. Thus a
 * handler of {@code xpcall} still sees the calls that led to the error.
 */
public final class CallStack {
    private static final int RESERVE = 64;

    private CallInfo[] calls;
    private int depth;
    private int limit;
    /** Set while a handler looks at an overflow: it has {@link #RESERVE} calls to do so. */
    private boolean overflowing;

    private final int maxDepth;
    private final TailCall tailCall = new TailCall();

    CallStack(int maxDepth) {
        this.maxDepth = maxDepth;
        calls = new CallInfo[0];
        grow(16);
        calls[0] = new CallInfo();
    }

    /** Notes that a function is called. */
    public CallInfo enter(LuaFunction function) {
        int at = depth + 1;
        if (at >= limit) {
            grow(at);
        }
        depth = at;
        CallInfo call = calls[at];
        call.function = function;
        call.site = 0;
        return call;
    }

    /** Notes that the innermost call has returned. */
    public void leave() {
        depth--;
    }

    private void grow(int at) {
        if (at > maxDepth + RESERVE) {
            throw new LuaError(LuaString.of("error in error handling"));
        }
        if (at > maxDepth) {
            extend(maxDepth + RESERVE + 1);
            if (!overflowing) {
                overflowing = true;
                throw new LuaError(LuaString.of(where(calls[depth]) + "stack overflow"));
            }
            return;
        }
        extend(Math.min(Math.max(16, at * 2), maxDepth + 1));
        limit = calls.length;
    }

    private static String where(CallInfo call) {
        return call.function instanceof ScriptFunction script
                ? script.shortSource() + ":" + script.line(call.site) + ": "
                : "";
    }

    private void extend(int size) {
        int known = calls.length;
        if (size > known) {
            calls = Arrays.copyOf(calls, size);
            for (int i = known; i < size; i++) {
                calls[i] = new CallInfo();
            }
        }
    }

    /** How many calls are open. */
    public int depth() {
        return depth;
    }

    /** Forgets the calls above a depth: what whoever catches an error does. */
    public void depth(int kept) {
        depth = kept;
        overflowing = overflowing && kept >= maxDepth;
    }

    /** The call this many levels below the innermost one; null where there are not so many. */
    public @Nullable CallInfo level(int level) {
        int at = depth - level;
        return level < 0 || at < 1 ? null : calls[at];
    }

    /** Lets go of what calls that have returned have left here. */
    public void forgetReturned() {
        for (int i = depth + 1; i < calls.length; i++) {
            calls[i].function = null;
            calls[i].frame = null;
        }
    }

    /** The call left to the caller, to be filled in and returned. */
    public TailCall tailCall() {
        return tailCall;
    }

    /** The calls open now, the innermost one first. */
    List<TracedCall> capture() {
        List<TracedCall> trace = new ArrayList<>();
        for (int level = 0; level < depth; level++) {
            CallInfo call = level(level);
            if (call != null && call.function != null) {
                trace.add(new TracedCall(call.function, call.site));
            }
        }
        return trace;
    }
}
