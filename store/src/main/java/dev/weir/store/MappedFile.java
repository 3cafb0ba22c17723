package dev.weir.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file in memory. It stays mapped as long as somebody refers to it, whatever becomes of the file; one that is cut short while it is read makes the
 * access fail with an {@link InternalError}, which readers take for a broken file.
 *
 * @param stamp tells a later state of the path's file, or another file there
 */
record MappedFile(MemorySegment octets, Stamp stamp) {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** What changes with a file. */
    record Stamp(@Nullable Object fileKey, long modifiedMillis, long size) {
        static Stamp of(Path path) throws IOException {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(now.fileKey(), now.lastModifiedTime().toMillis(), now.size());
        }

        boolean isSameFile(Stamp other) {
            return Objects.equals(fileKey, other.fileKey);
        }
    }

    static MappedFile open(Path path) throws IOException {
        Stamp stamp = Stamp.of(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            // Unmapped when nobody refers to it any more: a reader may still be in the old state when a new one is
            // taken up.
            MemorySegment octets = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
            return new MappedFile(octets, stamp);
        }
    }

    long size() {
        return octets.byteSize();
    }

    int u8(long offset) {
        return octets.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }

    int u16(long offset) {
        return octets.get(U16, offset) & 0xffff;
    }

    long u32(long offset) {
        return Integer.toUnsignedLong(octets.get(U32, offset));
    }

    long u64(long offset) {
        return octets.get(U64, offset);
    }

    byte[] copy(long offset, long length) {
        return octets.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** As {@link java.util.Arrays#compareUnsigned(byte[], byte[])} of octets here and a key. */
    int compare(long offset, long length, byte[] key) {
        long common = Math.min(length, key.length);
        for (int i = 0; i < common; i++) {
            int difference = u8(offset + i) - (key[i] & 0xff);
            if (difference != 0) {
                return difference;
            }
        }
        return Long.compare(length, key.length);
    }
}
