package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * An IPv6 socket address, 28 bytes.
 *
 * <pre>{@code
 * struct sockaddr_in6 {
 *     sa_family_t     sin6_family;    //  0  u16, AF_INET6
 *     in_port_t       sin6_port;      //  2  u16, network order
 *     uint32_t        sin6_flowinfo;  //  4
 *     struct in6_addr sin6_addr;      //  8  16 bytes, network order, aligned to 4
 *     uint32_t        sin6_scope_id;  // 24  interface index of link-local addresses, host order
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/ipv6.7.html">ipv6(7)</a>
 */
final class SockaddrIn6 {
    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_SHORT.withName("sin6_family"),
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN).withName("sin6_port"),
            ValueLayout.JAVA_INT.withName("sin6_flowinfo"),
            Struct.IN6_ADDR.withName("sin6_addr"),
            ValueLayout.JAVA_INT.withName("sin6_scope_id"));

    static final int AF_INET6 = 10;

    static final long FAMILY = LAYOUT.byteOffset(groupElement("sin6_family"));
    static final long PORT = LAYOUT.byteOffset(groupElement("sin6_port"));
    static final long FLOWINFO = LAYOUT.byteOffset(groupElement("sin6_flowinfo"));
    static final long ADDR_HI = LAYOUT.byteOffset(groupElement("sin6_addr"), groupElement("hi"));
    static final long ADDR_LO = LAYOUT.byteOffset(groupElement("sin6_addr"), groupElement("lo"));
    static final long SCOPE_ID = LAYOUT.byteOffset(groupElement("sin6_scope_id"));
    static final int BYTES = (int) LAYOUT.byteSize();

    private SockaddrIn6() {}
}
