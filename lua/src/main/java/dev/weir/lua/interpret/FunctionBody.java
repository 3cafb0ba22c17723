package dev.weir.lua.interpret;

import org.jspecify.annotations.Nullable;

/**
 * How a function runs: as a tree, or as code of the JVM once it is hot.
 *
 * <p>The result is one value, {@link dev.weir.lua.Values}, or a {@link dev.weir.lua.TailCall} that the caller resolves.
 */
public abstract class FunctionBody {
    /** For the two ways to run a function. */
    protected FunctionBody() {}

    /** Runs without arguments. */
    public abstract @Nullable Object call(LuaClosure closure);

    /** Runs with one argument. */
    public abstract @Nullable Object call(LuaClosure closure, @Nullable Object a);

    /** Runs with two arguments. */
    public abstract @Nullable Object call(LuaClosure closure, @Nullable Object a, @Nullable Object b);

    /** Runs with three arguments. */
    public abstract @Nullable Object call(
            LuaClosure closure, @Nullable Object a, @Nullable Object b, @Nullable Object c);

    /** Runs with any number of arguments. */
    public abstract @Nullable Object invoke(LuaClosure closure, @Nullable Object[] arguments);
}
