package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Sends frames as they are, link header included, out of one network device. Needs CAP_NET_RAW. One thread at a time.
 *
 * <pre>{@code
 * struct sockaddr_ll {
 *     __u16  sll_family;      //  0  AF_PACKET
 *     __be16 sll_protocol;    //  2  0: nothing is received
 *     int    sll_ifindex;     //  4
 *     __u16  sll_hatype;      //  8
 *     __u8   sll_pkttype;     // 10
 *     __u8   sll_halen;       // 11
 *     __u8   sll_addr[8];     // 12
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/packet.7.html">packet(7)</a>
 */
public final class PacketSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int INTERFACE_OFFSET = 4;
    private static final int ADDRESS_BYTES = 20;

    private final Fd fd;

    private PacketSocket(Fd fd) {
        this.fd = fd;
    }

    /** @param interfaceIndex of the device, in the calling thread's network namespace */
    public static PacketSocket open(int interfaceIndex) throws SyscallException {
        Fd fd = new Fd((int) SyscallException.check(
                "socket(AF_PACKET)", Syscall.call(SyscallNumber.SOCKET, AF_PACKET, SOCK_RAW_CLOEXEC, 0)));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS_BYTES, Integer.BYTES);
            address.set(Struct.U16, 0, (short) AF_PACKET);
            address.set(Struct.U32, INTERFACE_OFFSET, interfaceIndex);
            SyscallException.check(
                    "bind(AF_PACKET)", Syscall.call(SyscallNumber.BIND, fd.number(), address.address(), ADDRESS_BYTES));
            return new PacketSocket(fd);
        } catch (SyscallException e) {
            fd.close();
            throw e;
        }
    }

    /** Sends one frame. @throws SyscallException EMSGSIZE if it is longer than the device takes */
    public void send(byte[] frame) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Math.max(frame.length, 1));
            MemorySegment.copy(frame, 0, bytes, Struct.BYTE, 0, frame.length);
            SyscallException.check(
                    "write", Syscall.call(SyscallNumber.WRITE, fd.number(), bytes.address(), frame.length));
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
