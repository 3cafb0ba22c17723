package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** The fields of a C struct in memory, by name; for calls that are made rarely, because each access looks the name up. */
record StructFields(StructLayout layout, MemorySegment memory) {
    /** {@code __aligned_u64}, also a pointer. */
    static MemoryLayout u64(String name) {
        return ValueLayout.JAVA_LONG.withName(name);
    }

    static MemoryLayout u32(String name) {
        return ValueLayout.JAVA_INT.withName(name);
    }

    /** {@code char name[bytes]}. */
    static MemoryLayout text(String name, long bytes) {
        return MemoryLayout.sequenceLayout(bytes, ValueLayout.JAVA_BYTE).withName(name);
    }

    static MemoryLayout padding(long bytes) {
        return MemoryLayout.paddingLayout(bytes);
    }

    StructFields putInt(String name, int value) {
        memory.set(Struct.U32, offset(name), value);
        return this;
    }

    StructFields putLong(String name, long value) {
        memory.set(Struct.U64, offset(name), value);
        return this;
    }

    /** Writes a pointer; NULL stands for nothing. */
    StructFields putPointer(String name, MemorySegment target) {
        return putLong(name, target.address());
    }

    /** Writes text that ends in a zero byte, cut to the room there is. */
    StructFields putText(String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        long room = layout.select(groupElement(name)).byteSize() - 1;
        MemorySegment.copy(bytes, 0, memory, Struct.BYTE, offset(name), (int) Math.min(room, bytes.length));
        return this;
    }

    int getInt(String name) {
        return memory.get(Struct.U32, offset(name));
    }

    long getLong(String name) {
        return memory.get(Struct.U64, offset(name));
    }

    byte[] getBytes(String name) {
        return memory.asSlice(offset(name), layout.select(groupElement(name)).byteSize())
                .toArray(Struct.BYTE);
    }

    /** Reads text up to the first zero byte. */
    String getText(String name) {
        byte[] bytes = getBytes(name);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private long offset(String name) {
        return layout.byteOffset(groupElement(name));
    }
}
