package dev.weir.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The size of a memory page, which the kernel tells each process at its start.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/getauxval.3.html">getauxval(3)</a>
 */
public final class PageSize {
    private static final Path AUXILIARY_VECTOR = Path.of("/proc/self/auxv");
    private static final long AT_PAGESZ = 6;
    private static final int BYTES = read();

    private PageSize() {}

    /** Returns 4096 on x86_64; 4096, 16384 or 65536 on aarch64. */
    public static int bytes() {
        return BYTES;
    }

    private static int read() {
        try {
            ByteBuffer pairs =
                    ByteBuffer.wrap(Files.readAllBytes(AUXILIARY_VECTOR)).order(ByteOrder.nativeOrder());
            while (pairs.remaining() >= 2 * Long.BYTES) {
                long key = pairs.getLong();
                long value = pairs.getLong();
                if (key == AT_PAGESZ) {
                    return Math.toIntExact(value);
                }
            }
            throw new IllegalStateException(AUXILIARY_VECTOR + " does not tell the page size");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
