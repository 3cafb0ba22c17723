package dev.weir.sys;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Options that a JDK listening channel has no name for. The JDK keeps the descriptor's number to itself, so it is found out: of all
 * descriptors of the process only the channel's own follows when {@code SO_REUSEADDR} is switched through the channel.
 *
 * <p>To be used by one thread between opening and binding; the option is on afterwards. Does not own the descriptor.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/tcp.7.html">tcp(7)</a>
 */
public final class ChannelSocket {
    private final int fd;
    private final int family;

    private ChannelSocket(int fd, int family) {
        this.fd = fd;
        this.family = family;
    }

    /**
     * Finds the descriptor of an unbound channel.
     *
     * @param family 4 or 6, the channel's
     * @throws IOException if /proc is not there, or the channel is closed
     */
    public static ChannelSocket of(ServerSocketChannel channel, int family) throws IOException {
        List<Integer> candidates = descriptors();
        boolean on = false;
        for (int round = 0; round < 4; round++) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, on);
            int expected = on ? 1 : 0;
            candidates.removeIf(fd -> get(fd, SocketOption.SOL_SOCKET, SocketOption.SO_REUSEADDR) != expected);
            on = !on;
        }
        if (candidates.size() != 1) {
            throw new IOException("cannot find the descriptor of a listening socket in /proc/self/fd");
        }
        return new ChannelSocket(candidates.getFirst(), family);
    }

    private static List<Integer> descriptors() throws IOException {
        String[] names = new File("/proc/self/fd").list();
        if (names == null) {
            throw new IOException("cannot read /proc/self/fd");
        }
        List<Integer> numbers = new ArrayList<>(names.length);
        for (String name : names) {
            numbers.add(Integer.valueOf(name));
        }
        return numbers;
    }

    /** The descriptor's number, good as long as the channel is open. */
    public int descriptor() {
        return fd;
    }

    /** Leaves IPv4 to other sockets, instead of taking it as mapped addresses. */
    public void v6Only() throws SyscallException {
        set(SocketOption.IPPROTO_IPV6, SocketOption.IPV6_V6ONLY, 1, "IPV6_V6ONLY");
    }

    /** Allows binding to an address that this host does not have (yet). IPv6 since Linux 4.15. */
    public void freeBind() throws SyscallException {
        if (family == 4) {
            set(SocketOption.IPPROTO_IP, SocketOption.IP_FREEBIND, 1, "IP_FREEBIND");
        } else {
            set(SocketOption.IPPROTO_IPV6, SocketOption.IPV6_FREEBIND, 1, "IPV6_FREEBIND");
        }
    }

    /** Takes connections that come in on this interface only. */
    public void bindToDevice(String interfaceName) throws SyscallException {
        byte[] name = interfaceName.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(name.length + 1L);
            MemorySegment.copy(name, 0, value, Struct.BYTE, 0, name.length);
            set(
                    SocketOption.SOL_SOCKET,
                    SocketOption.SO_BINDTODEVICE,
                    value,
                    "setsockopt(SO_BINDTODEVICE, " + interfaceName + ")");
        }
    }

    /** Hands over connections only when their first data has come, or after about so many seconds without. */
    public void deferAccept(int seconds) throws SyscallException {
        set(SocketOption.IPPROTO_TCP, SocketOption.TCP_DEFER_ACCEPT, seconds, "TCP_DEFER_ACCEPT");
    }

    /** Takes data with the first packet of clients that were here before (RFC 7413); needs {@code net.ipv4.tcp_fastopen} with bit 2. */
    public void fastOpen(int queueSize) throws SyscallException {
        set(SocketOption.IPPROTO_TCP, SocketOption.TCP_FASTOPEN, queueSize, "TCP_FASTOPEN");
    }

    private void set(int level, int option, int value, String name) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            set(level, option, arena.allocateFrom(Struct.U32, value), "setsockopt(" + name + ", " + value + ")");
        }
    }

    private void set(int level, int option, MemorySegment value, String call) throws SyscallException {
        SyscallException.check(
                call, Syscall.call(SyscallNumber.SETSOCKOPT, fd, level, option, value.address(), value.byteSize()));
    }

    /** The option's value, or {@code -errno} for what is no socket or not open any more. */
    private static int get(int fd, int level, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Struct.U32);
            MemorySegment length = arena.allocateFrom(Struct.U32, Integer.BYTES);
            long result = Syscall.call(SyscallNumber.GETSOCKOPT, fd, level, option, value.address(), length.address());
            return result < 0 ? (int) result : value.get(Struct.U32, 0);
        }
    }
}
