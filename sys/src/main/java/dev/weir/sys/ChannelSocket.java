package dev.weir.sys;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The descriptor of a JDK listening channel. The JDK keeps its number to itself, so it is found out: of all descriptors of the process only
 * the channel's own follows when {@code SO_REUSEADDR} is switched through the channel. Does not own the descriptor.
 */
public final class ChannelSocket {
    private static final int O_CLOEXEC = 0x80000;

    private final ServerSocketChannel channel;
    private final int fd;

    private ChannelSocket(ServerSocketChannel channel, int fd) {
        this.channel = channel;
        this.fd = fd;
    }

    /**
     * Finds the descriptor of an unbound channel, which nobody else uses meanwhile; the option is on afterwards.
     *
     * @throws IOException if /proc is not there, or the channel is closed
     */
    public static ChannelSocket of(ServerSocketChannel channel) throws IOException {
        return new ChannelSocket(channel, find(channel, StandardSocketOptions.SO_REUSEADDR, SocketOption.SO_REUSEADDR));
    }

    /**
     * Finds the descriptor of a channel for datagrams by its option SO_BROADCAST, which nobody else changes meanwhile and which is afterwards
     * what it was.
     *
     * @throws IOException if /proc is not there, or the channel is closed
     */
    public static int descriptorOf(DatagramChannel channel) throws IOException {
        boolean before = channel.getOption(StandardSocketOptions.SO_BROADCAST);
        try {
            return find(channel, StandardSocketOptions.SO_BROADCAST, SocketOption.SO_BROADCAST);
        } finally {
            channel.setOption(StandardSocketOptions.SO_BROADCAST, before);
        }
    }

    /** Has a channel that is not connected yet send and receive on one interface only. */
    public static void bindToDevice(SocketChannel channel, String interfaceName) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(interfaceName);
            set(
                    channel,
                    SocketOption.SOL_SOCKET,
                    SocketOption.SO_BINDTODEVICE,
                    name,
                    "SO_BINDTODEVICE, " + interfaceName);
        }
    }

    /**
     * Has a channel that is not connected yet send its first data with its first packet, to peers from which the kernel has a cookie (RFC 7413).
     * Needs {@code net.ipv4.tcp_fastopen} with bit 1, as Linux has it.
     */
    public static void fastOpen(SocketChannel channel) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment on = arena.allocateFrom(Struct.U32, 1);
            set(channel, SocketOption.IPPROTO_TCP, SocketOption.TCP_FASTOPEN_CONNECT, on, "TCP_FASTOPEN_CONNECT");
        }
    }

    private static void set(SocketChannel channel, int level, int option, MemorySegment value, String name)
            throws IOException {
        boolean before = channel.getOption(StandardSocketOptions.SO_KEEPALIVE);
        int fd = find(channel, StandardSocketOptions.SO_KEEPALIVE, SocketOption.SO_KEEPALIVE);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, before);
        SyscallException.check(
                "setsockopt(" + name + ")",
                Syscall.call(SyscallNumber.SETSOCKOPT, fd, level, option, value.address(), value.byteSize()));
    }

    /** Switches an option off and on twice: only the channel's own descriptor follows. */
    private static int find(NetworkChannel channel, java.net.SocketOption<Boolean> option, int number)
            throws IOException {
        List<Integer> candidates = descriptors();
        boolean on = false;
        for (int round = 0; round < 4; round++) {
            channel.setOption(option, on);
            int expected = on ? 1 : 0;
            candidates.removeIf(fd -> value(fd, number) != expected);
            on = !on;
        }
        if (candidates.size() != 1) {
            throw new IOException("cannot find the descriptor of a socket in /proc/self/fd");
        }
        return candidates.getFirst();
    }

    /** Opens a channel. The JDK has none of IPv6 while no interface has such an address; what family it is matters to the JDK only. */
    static ServerSocketChannel placeholder(int family) throws IOException {
        if (family == 6) {
            try {
                return ServerSocketChannel.open(StandardProtocolFamily.INET6);
            } catch (UnsupportedOperationException e) {
                return ServerSocketChannel.open(StandardProtocolFamily.INET);
            }
        }
        return ServerSocketChannel.open(StandardProtocolFamily.INET);
    }

    /** Opens a channel for datagrams; as {@link #placeholder}, but the family decides how the JDK writes addresses. */
    static DatagramChannel datagramPlaceholder(int family) throws IOException {
        return DatagramChannel.open(family == 6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
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

    public ServerSocketChannel channel() {
        return channel;
    }

    /** The descriptor's number, or -1 when the channel is closed. */
    public int descriptor() {
        return channel.isOpen() ? fd : -1;
    }

    /** Puts another file under the channel's descriptor; what was there is closed. */
    void become(Fd other) throws SyscallException {
        become(fd, other);
    }

    /** Puts another file under a descriptor; what was there is closed. */
    static void become(int fd, Fd other) throws SyscallException {
        SyscallException.check(
                "dup3(" + other + ", " + fd + ")", Syscall.call(SyscallNumber.DUP3, other.number(), fd, O_CLOEXEC));
    }

    /** The option's value, or {@code -errno} for what is no socket or not open any more. */
    private static int value(int fd, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Struct.U32);
            MemorySegment length = arena.allocateFrom(Struct.U32, Integer.BYTES);
            long result = Syscall.call(
                    SyscallNumber.GETSOCKOPT, fd, SocketOption.SOL_SOCKET, option, value.address(), length.address());
            return result < 0 ? (int) result : value.get(Struct.U32, 0);
        }
    }
}
