package dev.weir.lua.ffi;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.TreeMap;

/** The numbers under which a world's memory is known: what a pointer that was a number for a while points to. */
final class CAddresses {
    /** Above all that the system gives to processes, and such that a double holds it. */
    private static final long FIRST_INVENTED = 1L << 50;

    private static final int ALIGN = 16;
    private static final int SWEEP_AT = 1_000;

    private final TreeMap<Long, WeakReference<CMemory>> known = new TreeMap<>();
    private final boolean nativeAccess;
    private long next = FIRST_INVENTED;
    private int sweepAt = SWEEP_AT;

    CAddresses(boolean nativeAccess) {
        this.nativeAccess = nativeAccess;
    }

    /** A number that no memory has. */
    long invent(CMemory memory) {
        long address = next;
        next += (memory.size() / ALIGN + 2) * ALIGN;
        register(address, memory);
        return address;
    }

    void register(long address, CMemory memory) {
        if (known.size() >= sweepAt) {
            known.values().removeIf(reference -> reference.get() == null);
            sweepAt = Math.max(SWEEP_AT, 2 * known.size());
        }
        known.put(address, new WeakReference<>(memory));
    }

    /** The pointer that a number is. */
    CPointer pointer(long address) {
        Map.Entry<Long, WeakReference<CMemory>> below = known.floorEntry(address);
        if (below != null) {
            CMemory memory = below.getValue().get();
            if (memory != null && address - below.getKey() <= memory.size()) {
                return new CPointer(memory, address - below.getKey());
            }
        }
        return new CPointer(null, address);
    }

    /** The memory that a pointer points into; what is not ours can only be read, and only with native access. */
    CPointer accessible(CPointer pointer) {
        if (pointer.memory() != null) {
            return pointer;
        }
        if (pointer.offset() == 0) {
            throw new CFault("attempt to dereference a null pointer");
        }
        if (!nativeAccess) {
            throw new CFault("attempt to access memory out of bounds");
        }
        return new CPointer(ForeignMemory.INSTANCE, pointer.offset());
    }
}
