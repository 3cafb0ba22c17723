package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * A message with its address, pieces and control data, 56 bytes.
 *
 * <pre>{@code
 * struct msghdr {
 *     void         *msg_name;        //  0  socket address
 *     socklen_t     msg_namelen;     //  8  in: room, out: used
 *                                    // 12  padding
 *     struct iovec *msg_iov;         // 16
 *     size_t        msg_iovlen;      // 24  number of pieces
 *     void         *msg_control;     // 32
 *     size_t        msg_controllen;  // 40  in: room, out: used
 *     int           msg_flags;       // 48  out only
 *                                    // 52  padding
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/recvmsg.2.html">recvmsg(2)</a>
 */
final class Msghdr {
    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("msg_name"),
            ValueLayout.JAVA_INT.withName("msg_namelen"),
            MemoryLayout.paddingLayout(4),
            ValueLayout.JAVA_LONG.withName("msg_iov"),
            ValueLayout.JAVA_LONG.withName("msg_iovlen"),
            ValueLayout.JAVA_LONG.withName("msg_control"),
            ValueLayout.JAVA_LONG.withName("msg_controllen"),
            ValueLayout.JAVA_INT.withName("msg_flags"),
            MemoryLayout.paddingLayout(4));

    static final long NAME = LAYOUT.byteOffset(groupElement("msg_name"));
    static final long NAMELEN = LAYOUT.byteOffset(groupElement("msg_namelen"));
    static final long IOV = LAYOUT.byteOffset(groupElement("msg_iov"));
    static final long IOVLEN = LAYOUT.byteOffset(groupElement("msg_iovlen"));
    static final long CONTROL = LAYOUT.byteOffset(groupElement("msg_control"));
    static final long CONTROLLEN = LAYOUT.byteOffset(groupElement("msg_controllen"));
    static final long FLAGS = LAYOUT.byteOffset(groupElement("msg_flags"));
    static final long BYTES = LAYOUT.byteSize();

    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;

    private Msghdr() {}
}
