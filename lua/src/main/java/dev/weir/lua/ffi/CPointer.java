package dev.weir.lua.ffi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A pointer of C: a place in memory whose bounds are known, or a mere number.
 *
 * @param memory null for a number
 * @param offset octets from the start of the memory, within its bounds or not; or the number, 0 for NULL
 */
public record CPointer(@Nullable CMemory memory, long offset) {
    /** Points to nothing. */
    public static final CPointer NULL = new CPointer(null, 0);

    /** A pointer to a copy of octets, with a zero octet behind them. */
    public static CPointer toCopy(byte[] octets) {
        byte[] copy = Arrays.copyOf(octets, octets.length + 1);
        return new CPointer(new CMemory(copy), 0);
    }

    /** A pointer to these very octets, which scripts may change. */
    public static CPointer toOctets(byte[] octets) {
        return new CPointer(new CMemory(octets), 0);
    }

    /** A pointer to an object of the embedder, whose type is declared but never defined. */
    public static CPointer toObject(Object object) {
        return new CPointer(CMemory.opaque(object), 0);
    }

    /** The embedder's object that this points to; null if it points to anything else. */
    public @Nullable Object object() {
        return memory == null || offset != 0 ? null : memory.owner();
    }

    /** Whether it points to nothing. */
    public boolean isNull() {
        return memory == null && offset == 0;
    }

    CPointer plus(long octets) {
        return new CPointer(memory, offset + octets);
    }

    long address(CAddresses addresses) {
        return memory == null ? offset : memory.address(addresses) + offset;
    }
}
