package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * An IPv4 socket address, 16 bytes.
 *
 * <pre>{@code
 * struct sockaddr_in {
 *     sa_family_t    sin_family;   //  0  u16, AF_INET
 *     in_port_t      sin_port;     //  2  u16, network order
 *     struct in_addr sin_addr;     //  4  u32, network order
 *     unsigned char  sin_zero[8];  //  8
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/ip.7.html">ip(7)</a>
 */
final class SockaddrIn {
    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_SHORT.withName("sin_family"),
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN).withName("sin_port"),
            ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN).withName("sin_addr"),
            MemoryLayout.paddingLayout(8).withName("sin_zero"));

    static final int AF_INET = 2;

    static final long FAMILY = LAYOUT.byteOffset(groupElement("sin_family"));
    static final long PORT = LAYOUT.byteOffset(groupElement("sin_port"));
    static final long ADDR = LAYOUT.byteOffset(groupElement("sin_addr"));
    static final long ZERO = LAYOUT.byteOffset(groupElement("sin_zero"));
    static final int BYTES = (int) LAYOUT.byteSize();

    private SockaddrIn() {}
}
