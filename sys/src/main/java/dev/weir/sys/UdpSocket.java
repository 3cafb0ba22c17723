package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket of one address family, non-blocking and closed on exec.
 *
 * <p>Options are set between {@link #open} and {@link #bind}, by one thread; each failure is a {@link SyscallException} that names the
 * option or the address. Datagrams move in batches ({@link ReceiveBatch}, {@link SendBatch}), or one at a time with {@link #send} from
 * any thread.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/udp.7.html">udp(7)</a>
 */
public final class UdpSocket implements AutoCloseable {
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private final Fd fd;
    private final int family;

    private UdpSocket(Fd fd, int family) {
        this.fd = fd;
        this.family = family;
    }

    /**
     * Opens a socket; one of family 6 carries IPv6 only, so that IPv4 clients never show up as mapped addresses.
     *
     * @param family 4 or 6
     */
    public static UdpSocket open(int family) throws SyscallException {
        String call = "socket(" + (family == 6 ? "AF_INET6" : "AF_INET") + ", SOCK_DGRAM)";
        long number = SyscallException.check(
                call,
                Syscall.call(
                        SyscallNumber.SOCKET, Sockaddr.domain(family), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        UdpSocket socket = new UdpSocket(new Fd((int) number), family);
        if (family == 6) {
            try {
                socket.set(SocketOption.IPPROTO_IPV6, SocketOption.IPV6_V6ONLY, 1, "IPV6_V6ONLY");
            } catch (SyscallException e) {
                socket.close();
                throw e;
            }
        }
        return socket;
    }

    /** Returns the descriptor, owned by this socket. */
    public Fd fd() {
        return fd;
    }

    /** Returns 4 or 6. */
    public int family() {
        return family;
    }

    /** Allows binding to an address that another socket is bound to, if that one allows it too. */
    public void reuseAddress() throws SyscallException {
        set(SocketOption.SOL_SOCKET, SocketOption.SO_REUSEADDR, 1, "SO_REUSEADDR");
    }

    /** Shares the address with other sockets of the same user; the kernel spreads flows over them by hash. */
    public void reusePort() throws SyscallException {
        set(SocketOption.SOL_SOCKET, SocketOption.SO_REUSEPORT, 1, "SO_REUSEPORT");
    }

    /** Asks for a receive buffer; the kernel silently caps it at {@code net.core.rmem_max} and then doubles it. */
    public void receiveBufferBytes(int bytes) throws SyscallException {
        set(SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUF, bytes, "SO_RCVBUF");
    }

    /** Returns the receive buffer that the kernel gave, its own overhead included. */
    public int receiveBufferBytes() throws SyscallException {
        return get(SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUF, "SO_RCVBUF");
    }

    /** Asks for a send buffer; the kernel silently caps it at {@code net.core.wmem_max} and then doubles it. */
    public void sendBufferBytes(int bytes) throws SyscallException {
        set(SocketOption.SOL_SOCKET, SocketOption.SO_SNDBUF, bytes, "SO_SNDBUF");
    }

    /** Returns the send buffer that the kernel gave, its own overhead included. */
    public int sendBufferBytes() throws SyscallException {
        return get(SocketOption.SOL_SOCKET, SocketOption.SO_SNDBUF, "SO_SNDBUF");
    }

    /** Allows binding to an address that this host does not have (yet). IPv6 since Linux 4.15. */
    public void freeBind() throws SyscallException {
        setByFamily(SocketOption.IP_FREEBIND, SocketOption.IPV6_FREEBIND, 1, "FREEBIND");
    }

    /** Sends and receives on this interface only. Replacing an earlier binding needs CAP_NET_RAW. */
    public void bindToDevice(String interfaceName) throws SyscallException {
        byte[] name = interfaceName.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(name.length + 1L);
            MemorySegment.copy(name, 0, value, Struct.BYTE, 0, name.length);
            long result = setRaw(SocketOption.SOL_SOCKET, SocketOption.SO_BINDTODEVICE, value);
            if (result < 0) {
                int errno = (int) -result;
                throw new SyscallException(
                        "setsockopt(SO_BINDTODEVICE, " + interfaceName + ")",
                        errno,
                        errno == Errno.EPERM ? "needs CAP_NET_RAW" : null);
            }
        }
    }

    /** Delivers the local address and interface of each datagram: what a socket bound to a wildcard answers from. */
    public void receivePacketInfo() throws SyscallException {
        setByFamily(SocketOption.IP_PKTINFO, SocketOption.IPV6_RECVPKTINFO, 1, "PKTINFO");
    }

    /**
     * Sends without path MTU discovery: forged ICMP messages can neither shrink answers nor make them fragment below the interface's MTU.
     */
    public void ignorePathMtu() throws SyscallException {
        if (family == 4) {
            set(
                    SocketOption.IPPROTO_IP,
                    SocketOption.IP_MTU_DISCOVER,
                    SocketOption.IP_PMTUDISC_OMIT,
                    "IP_MTU_DISCOVER");
        } else {
            set(
                    SocketOption.IPPROTO_IPV6,
                    SocketOption.IPV6_MTU_DISCOVER,
                    SocketOption.IPV6_PMTUDISC_OMIT,
                    "IPV6_MTU_DISCOVER");
        }
    }

    /** Lets bind with port 0 fix the address only; the port is chosen on connect, unique per destination. Since Linux 4.2. */
    public void bindAddressNoPort() throws SyscallException {
        // Sockets of either family take this option at IPPROTO_IP; IPv6 has none of its own.
        set(SocketOption.IPPROTO_IP, SocketOption.IP_BIND_ADDRESS_NO_PORT, 1, "IP_BIND_ADDRESS_NO_PORT");
    }

    /** Sets the TOS (IPv4) or traffic class (IPv6) byte of what is sent; a DSCP value is its upper six bits. */
    public void trafficClass(int octet) throws SyscallException {
        if (family == 4) {
            set(SocketOption.IPPROTO_IP, SocketOption.IP_TOS, octet, "IP_TOS");
        } else {
            set(SocketOption.IPPROTO_IPV6, SocketOption.IPV6_TCLASS, octet, "IPV6_TCLASS");
        }
    }

    /** Runs a loaded BPF socket filter on what arrives; a filter that is there is replaced. Since Linux 3.19. */
    public void attachBpf(int programFd) throws SyscallException {
        set(SocketOption.SOL_SOCKET, SocketOption.SO_ATTACH_BPF, programFd, "SO_ATTACH_BPF");
    }

    /** Removes the socket filter. @throws SyscallException ENOENT if there is none */
    public void detachBpf() throws SyscallException {
        set(SocketOption.SOL_SOCKET, SocketOption.SO_DETACH_BPF, 0, "SO_DETACH_BPF");
    }

    /** Takes and clears the error that an ICMP message left on the socket: a positive errno, or 0. */
    public int pendingError() throws SyscallException {
        return get(SocketOption.SOL_SOCKET, SocketOption.SO_ERROR, "SO_ERROR");
    }

    /** Binds to a local address; port 0 lets the kernel choose one. */
    public void bind(Endpoint local) throws SyscallException {
        long result = withAddress(SyscallNumber.BIND, local);
        if (result < 0) {
            int errno = (int) -result;
            throw new SyscallException("bind(" + local + ")", errno, bindHint(local, errno));
        }
    }

    /** Fixes the peer: sending needs no address, and only its datagrams and ICMP errors arrive. */
    public void connect(Endpoint peer) throws SyscallException {
        SyscallException.check("connect(" + peer + ")", withAddress(SyscallNumber.CONNECT, peer));
    }

    /** Returns the local address and port. */
    public Endpoint localEndpoint() throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(Sockaddr.BYTES, Long.BYTES);
            MemorySegment length = arena.allocateFrom(Struct.U32, Sockaddr.BYTES);
            SyscallException.check(
                    "getsockname",
                    Syscall.call(SyscallNumber.GETSOCKNAME, fd.number(), name.address(), length.address()));
            return Sockaddr.endpoint(name, 0);
        }
    }

    /**
     * Sends one datagram at once, from any thread, with memory of its own: for what does not come in batches. Never blocks.
     *
     * @param toFamily 4 or 6, or 0 on a connected socket, which ignores the other parts of the destination
     * @param fromHi source address, upper half; with {@code fromLo} 0 the kernel chooses
     * @param interfaceIndex outgoing interface, or 0
     * @return bytes sent, or {@code -errno}
     */
    public int send(
            byte[] payload,
            int offset,
            int length,
            int toFamily,
            long toHi,
            long toLo,
            int toPort,
            int toScopeId,
            long fromHi,
            long fromLo,
            int interfaceIndex) {
        long dataAt = Msghdr.BYTES + Iovec.BYTES + PacketInfo.CONTROL_BYTES + Cmsghdr.align(Sockaddr.BYTES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment m = arena.allocate(dataAt + length, Long.BYTES);
            long iovecAt = Msghdr.BYTES;
            long controlAt = iovecAt + Iovec.BYTES;
            long nameAt = controlAt + PacketInfo.CONTROL_BYTES;
            MemorySegment.copy(payload, offset, m, Struct.BYTE, dataAt, length);
            m.set(Struct.U64, iovecAt + Iovec.BASE, m.address() + dataAt);
            m.set(Struct.U64, iovecAt + Iovec.LEN, length);
            m.set(Struct.U64, Msghdr.IOV, m.address() + iovecAt);
            m.set(Struct.U64, Msghdr.IOVLEN, 1);
            if (toFamily != 0) {
                m.set(Struct.U64, Msghdr.NAME, m.address() + nameAt);
                m.set(Struct.U32, Msghdr.NAMELEN, Sockaddr.write(m, nameAt, toFamily, toHi, toLo, toPort, toScopeId));
                if ((fromHi | fromLo | interfaceIndex) != 0) {
                    m.set(Struct.U64, Msghdr.CONTROL, m.address() + controlAt);
                    m.set(
                            Struct.U64,
                            Msghdr.CONTROLLEN,
                            PacketInfo.write(m, controlAt, toFamily, fromHi, fromLo, interfaceIndex));
                }
            }
            long result = sendMessage(m);
            return (int) (maybeOfEarlierDatagram(result) ? sendMessage(m) : result);
        }
    }

    private long sendMessage(MemorySegment header) {
        return Syscall.call(
                SyscallNumber.SENDMSG, fd.number(), header.address(), Msghdr.MSG_DONTWAIT | Msghdr.MSG_NOSIGNAL);
    }

    /**
     * Returns whether a send failed with what may be the ICMP answer to an earlier datagram. The kernel reports that once, in place of
     * sending, so that the same datagram goes out when tried again.
     */
    static boolean maybeOfEarlierDatagram(long result) {
        return result == -Errno.ECONNREFUSED || result == -Errno.EHOSTUNREACH;
    }

    /** Sends one datagram on a connected socket, as {@link #send(byte[], int, int, int, long, long, int, int, long, long, int)}. */
    public int send(byte[] payload, int offset, int length) {
        return send(payload, offset, length, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public void close() {
        fd.close();
    }

    private static @Nullable String bindHint(Endpoint local, int errno) {
        return switch (errno) {
            case Errno.EACCES, Errno.EPERM ->
                local.port() > 0 && local.port() < FIRST_UNPRIVILEGED_PORT
                        ? "port " + local.port() + " needs CAP_NET_BIND_SERVICE"
                        : null;
            default -> null;
        };
    }

    private long withAddress(long number, Endpoint endpoint) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(Sockaddr.BYTES, Long.BYTES);
            int length = Sockaddr.write(
                    name, 0, endpoint.family(), endpoint.hi(), endpoint.lo(), endpoint.port(), endpoint.scopeId());
            return Syscall.call(number, fd.number(), name.address(), length);
        }
    }

    private void setByFamily(int v4Option, int v6Option, int value, String name) throws SyscallException {
        if (family == 4) {
            set(SocketOption.IPPROTO_IP, v4Option, value, "IP_" + name);
        } else {
            set(SocketOption.IPPROTO_IPV6, v6Option, value, "IPV6_" + name);
        }
    }

    private void set(int level, int option, int value, String name) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            SyscallException.check(
                    "setsockopt(" + name + ", " + value + ")",
                    setRaw(level, option, arena.allocateFrom(Struct.U32, value)));
        }
    }

    private long setRaw(int level, int option, MemorySegment value) {
        return Syscall.call(SyscallNumber.SETSOCKOPT, fd.number(), level, option, value.address(), value.byteSize());
    }

    private int get(int level, int option, String name) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Struct.U32);
            MemorySegment length = arena.allocateFrom(Struct.U32, Integer.BYTES);
            SyscallException.check(
                    "getsockopt(" + name + ")",
                    Syscall.call(
                            SyscallNumber.GETSOCKOPT, fd.number(), level, option, value.address(), length.address()));
            return value.get(Struct.U32, 0);
        }
    }
}
