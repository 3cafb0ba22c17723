package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * The control message that tells the local address of a datagram, received, or sets it, sent.
 *
 * <pre>{@code
 * struct in_pktinfo {               // 12 bytes, IPPROTO_IP / IP_PKTINFO
 *     unsigned int   ipi_ifindex;   //  0
 *     struct in_addr ipi_spec_dst;  //  4  received: the local address to answer from; sent: the source
 *     struct in_addr ipi_addr;      //  8  received: destination in the header
 * };
 * struct in6_pktinfo {              // 20 bytes, IPPROTO_IPV6 / IPV6_PKTINFO
 *     struct in6_addr ipi6_addr;    //  0  received: destination in the header; sent: the source
 *     unsigned int    ipi6_ifindex; // 16
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/ip.7.html">ip(7), IP_PKTINFO</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3542#section-6">RFC 3542, section 6</a>
 */
final class PacketInfo {
    static final StructLayout IN_PKTINFO = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("ipi_ifindex"),
            Struct.NET32.withName("ipi_spec_dst"),
            Struct.NET32.withName("ipi_addr"));
    static final StructLayout IN6_PKTINFO =
            MemoryLayout.structLayout(Struct.IN6_ADDR.withName("ipi6_addr"), Struct.U32.withName("ipi6_ifindex"));

    static final long IPI_IFINDEX = IN_PKTINFO.byteOffset(groupElement("ipi_ifindex"));
    static final long IPI_SPEC_DST = IN_PKTINFO.byteOffset(groupElement("ipi_spec_dst"));
    static final long IPI_ADDR = IN_PKTINFO.byteOffset(groupElement("ipi_addr"));
    static final long IPI6_ADDR_HI = IN6_PKTINFO.byteOffset(groupElement("ipi6_addr"), groupElement("hi"));
    static final long IPI6_ADDR_LO = IN6_PKTINFO.byteOffset(groupElement("ipi6_addr"), groupElement("lo"));
    static final long IPI6_IFINDEX = IN6_PKTINFO.byteOffset(groupElement("ipi6_ifindex"));

    private static final long IN_LEN = Cmsghdr.BYTES + IN_PKTINFO.byteSize();
    private static final long IN6_LEN = Cmsghdr.BYTES + IN6_PKTINFO.byteSize();

    /** Room for either control message. */
    static final long CONTROL_BYTES = Cmsghdr.space(IN6_PKTINFO.byteSize());

    private PacketInfo() {}

    /**
     * Writes the control message that sets source address and outgoing interface; 0 leaves either to the kernel's routing.
     *
     * @return the value for {@code msg_controllen}
     */
    static long write(MemorySegment control, long at, int family, long hi, long lo, int interfaceIndex) {
        long data = at + Cmsghdr.BYTES;
        if (family == 4) {
            header(control, at, IN_LEN, SocketOption.IPPROTO_IP, SocketOption.IP_PKTINFO);
            control.set(Struct.U32, data + IPI_IFINDEX, interfaceIndex);
            control.set(Struct.NET32, data + IPI_SPEC_DST, (int) lo);
            control.set(Struct.NET32, data + IPI_ADDR, 0);
            return Cmsghdr.align(IN_LEN);
        }
        header(control, at, IN6_LEN, SocketOption.IPPROTO_IPV6, SocketOption.IPV6_PKTINFO);
        control.set(Struct.NET64, data + IPI6_ADDR_HI, hi);
        control.set(Struct.NET64, data + IPI6_ADDR_LO, lo);
        control.set(Struct.U32, data + IPI6_IFINDEX, interfaceIndex);
        return Cmsghdr.align(IN6_LEN);
    }

    private static void header(MemorySegment control, long at, long len, int level, int type) {
        control.set(Struct.U64, at + Cmsghdr.LEN, len);
        control.set(Struct.U32, at + Cmsghdr.LEVEL, level);
        control.set(Struct.U32, at + Cmsghdr.TYPE, type);
    }

    /** Returns where the packet info's data begins among {@code controlBytes} of received control messages, or -1. */
    static long find(MemorySegment control, long at, long controlBytes) {
        long end = at + controlBytes;
        while (end - at >= Cmsghdr.BYTES) {
            long len = control.get(Struct.U64, at + Cmsghdr.LEN);
            if (len < Cmsghdr.BYTES || len > end - at) {
                return -1;
            }
            int level = control.get(Struct.U32, at + Cmsghdr.LEVEL);
            int type = control.get(Struct.U32, at + Cmsghdr.TYPE);
            if ((level == SocketOption.IPPROTO_IP && type == SocketOption.IP_PKTINFO && len >= IN_LEN)
                    || (level == SocketOption.IPPROTO_IPV6 && type == SocketOption.IPV6_PKTINFO && len >= IN6_LEN)) {
                return at + Cmsghdr.BYTES;
            }
            at += Cmsghdr.align(len);
        }
        return -1;
    }
}
