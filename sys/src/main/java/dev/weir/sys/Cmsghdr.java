package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * The header of one control message, 16 bytes, followed by its data and padding up to a multiple of 8.
 *
 * <pre>{@code
 * struct cmsghdr {
 *     size_t cmsg_len;    //  0  header and data, without padding
 *     int    cmsg_level;  //  8
 *     int    cmsg_type;   // 12
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/cmsg.3.html">cmsg(3)</a>
 */
final class Cmsghdr {
    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("cmsg_len"),
            ValueLayout.JAVA_INT.withName("cmsg_level"),
            ValueLayout.JAVA_INT.withName("cmsg_type"));

    static final long LEN = LAYOUT.byteOffset(groupElement("cmsg_len"));
    static final long LEVEL = LAYOUT.byteOffset(groupElement("cmsg_level"));
    static final long TYPE = LAYOUT.byteOffset(groupElement("cmsg_type"));
    static final long BYTES = LAYOUT.byteSize();

    private Cmsghdr() {}

    /** C's {@code CMSG_SPACE}: what a control message with this much data takes, with padding. */
    static long space(long dataBytes) {
        return align(BYTES + dataBytes);
    }

    /** C's {@code CMSG_ALIGN}. */
    static long align(long bytes) {
        return (bytes + Long.BYTES - 1) & -Long.BYTES;
    }
}
