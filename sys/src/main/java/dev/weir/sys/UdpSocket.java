package dev.weir.sys;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.DatagramChannel;

/**
 * A UDP socket of one address family. Datagrams move in batches ({@link ReceiveBatch}, {@link SendBatch}), or one at a time with {@link #send} from
 * any thread.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/udp.7.html">udp(7)</a>
 */
public final class UdpSocket extends InternetSocket {
    private UdpSocket(int family) throws SyscallException {
        super(family, SOCK_DGRAM);
    }

    /**
     * Opens a socket; one of family 6 carries IPv6 only, so that IPv4 clients never show up as mapped addresses.
     *
     * @param family 4 or 6
     */
    public static UdpSocket open(int family) throws SyscallException {
        return new UdpSocket(family);
    }

    /** Asks for a receive buffer; the kernel silently caps it at {@code net.core.rmem_max} and then doubles it. */
    public void receiveBufferBytes(int bytes) throws SyscallException {
        set(SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUF, bytes, "SO_RCVBUF");
    }

    /**
     * Gives the socket a receive buffer of at least so many octets as far as the kernel lets it: beyond {@code net.core.rmem_max} with
     * CAP_NET_ADMIN, up to it without. A buffer that is larger already stays.
     */
    public void atLeastReceiveBufferBytes(int bytes) throws SyscallException {
        // The kernel doubles what is asked for, and tells the doubled figure.
        if (receiveBufferBytes() >= 2 * bytes) {
            return;
        }
        try {
            set(SocketOption.SOL_SOCKET, SocketOption.SO_RCVBUFFORCE, bytes, "SO_RCVBUFFORCE");
        } catch (SyscallException e) {
            if (e.errno() != Errno.EPERM) {
                throw e;
            }
            receiveBufferBytes(bytes);
        }
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

    /** Delivers the local address and interface of each datagram: what a socket bound to a wildcard answers from. */
    public void receivePacketInfo() throws SyscallException {
        setByFamily(SocketOption.IP_PKTINFO, SocketOption.IPV6_RECVPKTINFO, 1, "PKTINFO");
    }

    /**
     * Sends without path MTU discovery: forged ICMP messages can neither shrink answers nor make them fragment below the interface's MTU.
     */
    public void ignorePathMtu() throws SyscallException {
        if (family() == 4) {
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
        if (family() == 4) {
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

    /** Fixes the peer: sending needs no address, and only its datagrams and ICMP errors arrive. */
    public void connect(InetEndpoint peer) throws SyscallException {
        SyscallException.check("connect(" + peer + ")", withAddress(SyscallNumber.CONNECT, peer));
    }

    /**
     * Sends one datagram at once, from any thread, with memory of its own: for what does not come in batches. Never blocks.
     *
     * @return bytes sent, or {@code -errno}
     */
    public int send(byte[] payload, int offset, int length, DatagramPath path) {
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
            int nameBytes = path.writeName(m, nameAt);
            if (nameBytes > 0) {
                m.set(Struct.U64, Msghdr.NAME, m.address() + nameAt);
                m.set(Struct.U32, Msghdr.NAMELEN, nameBytes);
            }
            long controlBytes = path.writeControl(m, controlAt);
            if (controlBytes > 0) {
                m.set(Struct.U64, Msghdr.CONTROL, m.address() + controlAt);
                m.set(Struct.U64, Msghdr.CONTROLLEN, controlBytes);
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

    /** Sends one datagram on a connected socket, as {@link #send(byte[], int, int, DatagramPath)}. */
    public int send(byte[] payload, int offset, int length) {
        return send(payload, offset, length, new DatagramPath());
    }

    /**
     * Hands a bound socket over to a channel of the JDK, which owns it from now on; this object is closed. The channel itself believes that it
     * has another address.
     *
     * @throws IOException if the JDK has no channel to give; the socket is then still this object's
     */
    public DatagramChannel toChannel() throws IOException {
        DatagramChannel channel = selectable();
        close();
        return channel;
    }

    /**
     * A channel of the JDK for the same bound socket, for selectors; either is to be closed. The channel itself believes that it has another
     * address.
     *
     * @throws IOException if the JDK has no channel to give
     */
    public DatagramChannel selectable() throws IOException {
        DatagramChannel channel = ChannelSocket.datagramPlaceholder(family());
        try {
            int number = ChannelSocket.descriptorOf(channel);
            // A channel receives only after it has been bound, and the JDK would do that to our socket a second time.
            channel.bind(null);
            ChannelSocket.become(number, fd());
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
