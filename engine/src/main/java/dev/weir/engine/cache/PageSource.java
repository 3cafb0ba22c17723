package dev.weir.engine.cache;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Where a cache's shards get memory outside the heap; it goes back to the system when the cache is unreachable. Thread-safe.
 *
 * <p>The JVM bounds such memory ({@code -XX:MaxDirectMemorySize}, by default the maximum heap size), and collects garbage, waits and tries
 * again for about a second before it says no. So the first no is the last question.
 */
final class PageSource {
    /** A cache line: an entry of 128 octets lies in two. */
    private static final int ALIGNMENT = 64;

    private final Arena arena;
    private volatile boolean exhausted;

    PageSource(Arena arena) {
        this.arena = arena;
    }

    /** Memory of this size, or null when there is no more. */
    @Nullable MemorySegment allocate(int size) {
        if (exhausted) {
            return null;
        }
        try {
            return arena.allocate(size, ALIGNMENT);
        } catch (OutOfMemoryError outsideTheHeap) {
            exhausted = true;
            return null;
        }
    }
}
