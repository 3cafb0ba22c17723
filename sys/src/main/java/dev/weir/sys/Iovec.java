package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * One piece of a message, 16 bytes.
 *
 * <pre>{@code
 * struct iovec {
 *     void  *iov_base;  // 0
 *     size_t iov_len;   // 8
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/iovec.3type.html">iovec(3type)</a>
 */
final class Iovec {
    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("iov_base"), ValueLayout.JAVA_LONG.withName("iov_len"));

    static final long BASE = LAYOUT.byteOffset(groupElement("iov_base"));
    static final long LEN = LAYOUT.byteOffset(groupElement("iov_len"));
    static final long BYTES = LAYOUT.byteSize();

    private Iovec() {}
}
