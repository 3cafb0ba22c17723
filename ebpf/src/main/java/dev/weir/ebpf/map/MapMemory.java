package dev.weir.ebpf.map;

import dev.weir.sys.Mmap;
import java.lang.foreign.MemorySegment;

/**
 * An array's values in the memory of this process: what programs write is seen at once, and the other way round. Any thread may use it; after
 * closing, which unmaps it, every access throws. Outlives the map's handle.
 */
public final class MapMemory implements AutoCloseable {
    private final Mmap mapping;

    MapMemory(Mmap mapping) {
        this.mapping = mapping;
    }

    /** Returns the memory: value {@code i} lies at {@code i} times the value's size rounded up to 8. Writing where it is not writable is an Error. */
    public MemorySegment memory() {
        return mapping.memory();
    }

    @Override
    public void close() {
        mapping.close();
    }
}
