package dev.weir.lua.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A piece of memory that values of C lie in. It lives as long as something in the world refers to it.
 *
 * <p>It begins as an array of Java. A number for its address is made up when one is asked for; when a native function is to see it, it
 * moves to native memory, and with it all that its pointers point to. Pointers that are stored in it are kept beside the octets, so that
 * their targets live on and their bounds stay known.
 *
 * <p>Every access is checked against the bounds: {@link CFault} is what a script gets. Octets are little-endian.
 */
class CMemory {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int NATIVE_ALIGN = 16;

    private final long size;
    private final @Nullable Object owner;
    private byte @Nullable [] octets;
    private @Nullable MemorySegment segment;
    private @Nullable Map<Long, CPointer> pointers;
    private long address;

    /** Zeros. */
    CMemory(int size) {
        this(new byte[size], null);
    }

    /** These very octets. */
    CMemory(byte[] octets) {
        this(octets, null);
    }

    private CMemory(byte[] octets, @Nullable Object owner) {
        this.octets = octets;
        this.size = octets.length;
        this.owner = owner;
    }

    /** Memory of a size elsewhere: for a subclass that has no octets here. */
    CMemory(long size) {
        this.size = size;
        this.owner = null;
    }

    /** No memory at all, but an embedder's object that a pointer can point to. */
    static CMemory opaque(Object owner) {
        return new CMemory(new byte[0], owner);
    }

    long size() {
        return size;
    }

    /** The embedder's object. */
    @Nullable Object owner() {
        return owner;
    }

    /** Loads an integer of 1, 2, 4 or 8 octets, with zeros above. */
    long load(long offset, int width) {
        check(offset, width);
        byte[] heap = octets;
        if (heap == null) {
            return loadNative(offset, width);
        }
        int at = (int) offset;
        return switch (width) {
            case 1 -> heap[at] & 0xffL;
            case 2 -> (short) SHORTS.get(heap, at) & 0xffffL;
            case 4 -> (int) INTS.get(heap, at) & 0xffff_ffffL;
            default -> (long) LONGS.get(heap, at);
        };
    }

    private long loadNative(long offset, int width) {
        MemorySegment there = nativeSegment();
        return switch (width) {
            case 1 -> there.get(ValueLayout.JAVA_BYTE, offset) & 0xffL;
            case 2 -> there.get(SHORT, offset) & 0xffffL;
            case 4 -> there.get(INT, offset) & 0xffff_ffffL;
            default -> there.get(LONG, offset);
        };
    }

    /** Stores the low octets of an integer. */
    void store(long offset, int width, long bits) {
        check(offset, width);
        byte[] heap = octets;
        if (heap == null) {
            storeNative(offset, width, bits);
            return;
        }
        int at = (int) offset;
        switch (width) {
            case 1 -> heap[at] = (byte) bits;
            case 2 -> SHORTS.set(heap, at, (short) bits);
            case 4 -> INTS.set(heap, at, (int) bits);
            default -> LONGS.set(heap, at, bits);
        }
    }

    private void storeNative(long offset, int width, long bits) {
        MemorySegment there = nativeSegment();
        switch (width) {
            case 1 -> there.set(ValueLayout.JAVA_BYTE, offset, (byte) bits);
            case 2 -> there.set(SHORT, offset, (short) bits);
            case 4 -> there.set(INT, offset, (int) bits);
            default -> there.set(LONG, offset, bits);
        }
    }

    /** The pointer that is stored at an offset. */
    CPointer loadPointer(CAddresses addresses, long offset) {
        long bits = load(offset, CType.POINTER_SIZE);
        CPointer known = pointers == null ? null : pointers.get(offset);
        return known != null && known.address(addresses) == bits ? known : addresses.pointer(bits);
    }

    /** Stores a pointer, and keeps its target alive. */
    void storePointer(CAddresses addresses, long offset, CPointer pointer) {
        store(offset, CType.POINTER_SIZE, pointer.address(addresses));
        if (pointer.memory() != null) {
            if (pointers == null) {
                pointers = new HashMap<>();
            }
            pointers.put(offset, pointer);
        }
    }

    /** Copies octets out. */
    byte[] toOctets(long offset, long length) {
        check(offset, length);
        byte[] copy = new byte[(int) length];
        if (octets != null) {
            System.arraycopy(octets, (int) offset, copy, 0, copy.length);
        } else {
            MemorySegment.copy(nativeSegment(), ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
        }
        return copy;
    }

    /** Copies octets in. */
    void put(long offset, byte[] source, int length) {
        check(offset, length);
        if (octets != null) {
            System.arraycopy(source, 0, octets, (int) offset, length);
        } else {
            MemorySegment.copy(source, 0, nativeSegment(), ValueLayout.JAVA_BYTE, offset, length);
        }
    }

    /** Copies octets and the pointers among them. */
    void copyFrom(CMemory source, long from, long to, long length) {
        put(to, source.toOctets(from, length), (int) length);
        Map<Long, CPointer> others = source.pointers;
        if (others != null) {
            if (pointers == null) {
                pointers = new HashMap<>();
            }
            for (Map.Entry<Long, CPointer> other : Map.copyOf(others).entrySet()) {
                long place = other.getKey();
                if (place >= from && place + CType.POINTER_SIZE <= from + length) {
                    pointers.put(place - from + to, other.getValue());
                }
            }
        }
    }

    /** Where the first zero octet is at or behind an offset; the end of the memory if there is none. */
    long zeroFrom(long offset) {
        long at = offset;
        while (at < size && load(at, 1) != 0) {
            at++;
        }
        return at;
    }

    /** A number for the place of its first octet, always the same until a native function has seen it. */
    long address(CAddresses addresses) {
        if (address == 0) {
            address = addresses.invent(this);
        }
        return address;
    }

    /** Its place in native memory, to which it moves now unless it did before. */
    MemorySegment toNative(CAddresses addresses) {
        MemorySegment there = segment;
        if (there == null) {
            byte[] heap = octets;
            there = Arena.ofAuto().allocate(Math.max(1, size), NATIVE_ALIGN);
            if (heap != null) {
                MemorySegment.copy(heap, 0, there, ValueLayout.JAVA_BYTE, 0, heap.length);
            }
            segment = there;
            octets = null;
            address = there.address();
            addresses.register(address, this);
            if (pointers != null) {
                for (Map.Entry<Long, CPointer> stored : Map.copyOf(pointers).entrySet()) {
                    CPointer pointer = stored.getValue();
                    CMemory target = pointer.memory();
                    if (target != null && !(target instanceof ForeignMemory)) {
                        long moved = target.toNative(addresses).address() + pointer.offset();
                        there.set(LONG, stored.getKey(), moved);
                    }
                }
            }
        }
        return there;
    }

    private MemorySegment nativeSegment() {
        if (segment == null) {
            throw new CFault("attempt to access memory out of bounds");
        }
        return segment;
    }

    private void check(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new CFault("attempt to access memory out of bounds");
        }
    }
}
