package dev.weir.engine.stat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A few words that one thread writes and anybody reads, among others of the same thread. Opaque access keeps them whole without a fence.
 */
final class Cell {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] chunk;
    private final int at;

    Cell(long[] chunk, int at) {
        this.chunk = chunk;
        this.at = at;
    }

    long value(int word) {
        return (long) LONGS.getOpaque(chunk, at + word);
    }

    /** Its thread only. */
    void set(int word, long value) {
        LONGS.setOpaque(chunk, at + word, value);
    }

    /** Its thread only. */
    void add(long delta) {
        set(0, value(0) + delta);
    }
}
