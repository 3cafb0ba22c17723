package dev.weir.lua.ffi;

/** Fields of a few bits inside an integer. */
final class BitFields {
    private BitFields() {}

    /** The bits of a field whose integer lies at an offset. */
    static long load(CRecord.Field field, CMemory memory, long offset) {
        long unit = memory.load(offset, (int) field.type().size());
        int above = Long.SIZE - field.bits();
        long aligned = unit >>> field.bitOffset() << above;
        return field.type().unsigned ? aligned >>> above : aligned >> above;
    }

    /** Changes these bits and no others. */
    static void store(CRecord.Field field, CMemory memory, long offset, long bits) {
        int width = (int) field.type().size();
        long mask = -1L >>> Long.SIZE - field.bits() << field.bitOffset();
        long unit = memory.load(offset, width);
        memory.store(offset, width, unit & ~mask | bits << field.bitOffset() & mask);
    }
}
