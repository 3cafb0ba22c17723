package dev.weir.lua.ffi;

/**
 * An array of structures of C as an embedder fills or reads it, by offsets in octets. What it points to lives as long as it does.
 *
 * <pre>{@code
 * CArray tags = CArray.of(library, 2 * 16);
 * tags.storePointer(0, CPointer.toCopy(name));
 * arguments.storePointer(1, tags.pointer());
 * }</pre>
 */
public final class CArray {
    private final FfiWorld world;
    private final CMemory memory;
    private final long start;

    private CArray(FfiWorld world, CMemory memory, long start) {
        this.world = world;
        this.memory = memory;
        this.start = start;
    }

    /** So many octets, all of them zero. */
    public static CArray of(FfiLibrary library, int octets) {
        return new CArray(library.made(), new CMemory(octets), 0);
    }

    static CArray at(FfiWorld world, CPointer pointer) {
        CPointer place = world.addresses().accessible(pointer);
        return new CArray(world, CConversion.memoryOf(place), place.offset());
    }

    /** Where it begins. */
    public CPointer pointer() {
        return new CPointer(memory, start);
    }

    /** Stores an integer of 1, 2, 4 or 8 octets. */
    public void storeInteger(long offset, int width, long value) {
        memory.store(start + offset, width, value);
    }

    public void storePointer(long offset, CPointer value) {
        memory.storePointer(world.addresses(), start + offset, value);
    }

    /** Loads an integer of 1, 2, 4 or 8 octets, with zeros above. */
    public long integer(long offset, int width) {
        return memory.load(start + offset, width);
    }

    /** The pointer that stands there. */
    public CPointer pointer(long offset) {
        return memory.loadPointer(world.addresses(), start + offset);
    }

    /** So many octets from where the pointer that stands there points to. */
    public byte[] octets(long offset, long length) {
        CPointer place = world.addresses().accessible(pointer(offset));
        return CConversion.memoryOf(place).toOctets(place.offset(), length);
    }
}
