package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * One element of the vector that recvmmsg(2) and sendmmsg(2) take, 64 bytes.
 *
 * <pre>{@code
 * struct mmsghdr {
 *     struct msghdr msg_hdr;  //  0
 *     unsigned int  msg_len;  // 56  out: bytes received or sent
 *                             // 60  padding
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/recvmmsg.2.html">recvmmsg(2)</a>
 */
final class Mmsghdr {
    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            Msghdr.LAYOUT.withName("msg_hdr"), ValueLayout.JAVA_INT.withName("msg_len"), MemoryLayout.paddingLayout(4));

    static final long HDR = LAYOUT.byteOffset(groupElement("msg_hdr"));
    static final long LEN = LAYOUT.byteOffset(groupElement("msg_len"));
    static final long BYTES = LAYOUT.byteSize();

    private Mmsghdr() {}
}
