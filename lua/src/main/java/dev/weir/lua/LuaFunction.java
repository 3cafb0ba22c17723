package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/**
 * Something that can be called: a script's function, a library's, or an embedder's.
 *
 * <p>A call returns its one result directly, or {@link Values} when there are none or several. The forms with a fixed
 * number of arguments exist so that the usual calls need no array; all mean the same.
 */
public abstract class LuaFunction {
    private static final @Nullable Object[] NO_ARGUMENTS = {};

    /** Calls without arguments. */
    public @Nullable Object call() {
        return invoke(NO_ARGUMENTS);
    }

    /** Calls with one argument. */
    public @Nullable Object call(@Nullable Object a) {
        return invoke(new @Nullable Object[] {a});
    }

    /** Calls with two arguments. */
    public @Nullable Object call(@Nullable Object a, @Nullable Object b) {
        return invoke(new @Nullable Object[] {a, b});
    }

    /** Calls with three arguments. */
    public @Nullable Object call(@Nullable Object a, @Nullable Object b, @Nullable Object c) {
        return invoke(new @Nullable Object[] {a, b, c});
    }

    /** Calls with any number of arguments; the array is to read, never to write, and may be kept by the function. */
    public abstract @Nullable Object invoke(@Nullable Object[] arguments);
}
