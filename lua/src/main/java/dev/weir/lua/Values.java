package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/**
 * What a call returns when it is not exactly one value: none, or several. Never a value of a script.
 *
 * <p>A function returns its single result directly, so that a call site only asks {@code result instanceof Values}.
 */
public sealed class Values permits TailCall {
    private static final @Nullable Object[] EMPTY = {};

    /** No result. */
    public static final Values NONE = new Values(EMPTY);

    @Nullable Object[] items;

    Values(@Nullable Object[] items) {
        this.items = items;
    }

    /** The results of a call in the form in which it returns them: one value is returned as itself. */
    public static @Nullable Object of(@Nullable Object... items) {
        return switch (items.length) {
            case 0 -> NONE;
            case 1 -> items[0];
            default -> new Values(items);
        };
    }

    /** Two results. */
    public static Values of(@Nullable Object first, @Nullable Object second) {
        return new Values(new @Nullable Object[] {first, second});
    }

    /** Three results. */
    public static Values of(@Nullable Object first, @Nullable Object second, @Nullable Object third) {
        return new Values(new @Nullable Object[] {first, second, third});
    }

    /** Lua's way to say that something failed: nil and a message. */
    public static Values failure(String message) {
        return of(null, LuaString.of(message));
    }

    /** The first of a call's results; nil where there is none. */
    public static @Nullable Object first(@Nullable Object result) {
        return result instanceof Values values ? values.first() : result;
    }

    /** All of a call's results; the array may be the call's own: to read, not to write. */
    public static @Nullable Object[] all(@Nullable Object result) {
        return result instanceof Values values ? values.items : new @Nullable Object[] {result};
    }

    /** How many results a call has. */
    public static int count(@Nullable Object result) {
        return result instanceof Values values ? values.count() : 1;
    }

    /** The first one; nil where there is none. */
    public final @Nullable Object first() {
        return items.length == 0 ? null : items[0];
    }

    /** How many there are. */
    public final int count() {
        return items.length;
    }

    /** The one at a place counted from 0; nil where there is none. */
    public final @Nullable Object get(int index) {
        return index < items.length ? items[index] : null;
    }

    /** All of them: to read, not to write. */
    public final @Nullable Object[] items() {
        return items;
    }
}
