package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/**
 * A thread of Lua: a function whose execution stops and goes on, always on behalf of whoever resumes it.
 *
 * <p>Exactly one coroutine of a world runs at a time. Where the JVM's continuations are open to this module
 * ({@code --add-exports java.base/jdk.internal.vm=dev.weir.lua}) a switch costs a fraction of a microsecond and an
 * abandoned coroutine is garbage like any other; elsewhere each one has a daemon thread, which ends when the coroutine
 * ends, when nobody holds it any more, or with {@link LuaState#close}.
 */
public final class LuaCoroutine {
    private static final @Nullable Object[] NOTHING = {};

    private final LuaState state;
    private final Run run;
    private final CoroutineStack stack;
    private Status status = Status.SUSPENDED;

    /** What a coroutine is doing. */
    public enum Status {
        /** It has not started, or has yielded. */
        SUSPENDED,
        /** It runs just now. */
        RUNNING,
        /** It has resumed another one. */
        NORMAL,
        /** It has returned or failed. */
        DEAD
    }

    /** A coroutine that will run a function. */
    public LuaCoroutine(LuaState state, LuaFunction function) {
        this.state = state;
        run = new Run(state, function);
        stack = CoroutineStack.of(run);
        state.coroutineCreated(this, stack);
    }

    /** What the coroutine's own stack knows; it must not hold the coroutine, which could not become garbage then. */
    private static final class Run implements Runnable {
        private final CallStack calls;
        private @Nullable LuaFunction function;
        private @Nullable Object[] transfer = NOTHING;
        private @Nullable Throwable failure;
        private boolean ended;

        Run(LuaState state, LuaFunction function) {
            this.function = function;
            calls = state.newStack();
        }

        @Override
        public void run() {
            try {
                LuaFunction body = function;
                function = null;
                if (body != null) {
                    transfer = Values.all(body.invoke(transfer));
                }
            } catch (StackOverflowError overflow) {
                failure = new LuaError("stack overflow");
            } catch (Throwable thrown) {
                failure = thrown;
            } finally {
                ended = true;
            }
        }
    }

    /** What it is doing. */
    public Status status() {
        return status;
    }

    /** Its open calls. */
    public CallStack calls() {
        return run.calls;
    }

    /** Whether it has not begun. */
    public boolean isFresh() {
        return run.function != null;
    }

    /**
     * Lets it run until it yields, returns or fails.
     *
     * @param arguments what its function gets, or what its {@code yield} returns
     * @return what it yields or returns
     * @throws LuaError what it raises; or if it is not suspended
     */
    public @Nullable Object[] resume(@Nullable Object[] arguments) {
        if (status != Status.SUSPENDED) {
            throw new LuaError("cannot resume " + (status == Status.DEAD ? "dead" : "running") + " coroutine");
        }
        LuaCoroutine resumer = state.coroutine();
        CallStack resumerCalls = state.calls();
        if (resumer != null) {
            resumer.status = Status.NORMAL;
        }
        status = Status.RUNNING;
        state.switchTo(this, run.calls);
        run.transfer = arguments;
        try {
            stack.resume();
        } finally {
            state.switchTo(resumer, resumerCalls);
            if (resumer != null) {
                resumer.status = Status.RUNNING;
            }
            status = run.ended ? Status.DEAD : Status.SUSPENDED;
        }
        if (run.failure != null) {
            throw failed(run.failure);
        }
        @Nullable Object[] results = run.transfer;
        run.transfer = NOTHING;
        return results;
    }

    private static LuaError failed(Throwable failure) {
        return switch (failure) {
            case LuaError error -> error;
            case RuntimeException unexpected -> throw unexpected;
            case Error fatal -> throw fatal;
            default -> throw new IllegalStateException(failure);
        };
    }

    /** Stops the coroutine that runs until it is resumed; what is given then is returned. */
    private static @Nullable Object[] stop(Run run, CoroutineStack stack, @Nullable Object[] results) {
        run.transfer = results;
        stack.suspend();
        @Nullable Object[] arguments = run.transfer;
        run.transfer = NOTHING;
        return arguments;
    }

    /** Stops this coroutine, which runs, until it is resumed. */
    static @Nullable Object[] suspend(LuaState state, @Nullable Object[] results) {
        LuaCoroutine running = state.coroutine();
        if (running == null || !running.mayYield()) {
            throw state.error("attempt to yield across C-call boundary");
        }
        Run run = running.run;
        CoroutineStack stack = running.stack;
        running = null;
        return stop(run, stack, results);
    }

    /** Whether no library's function stands between the coroutine's beginning and the one that yields. */
    private boolean mayYield() {
        for (int level = 1; level < run.calls.depth(); level++) {
            CallInfo call = run.calls.level(level);
            if (call != null && call.function instanceof LibraryFunction library && !library.yieldsThrough()) {
                return false;
            }
        }
        return true;
    }
}
