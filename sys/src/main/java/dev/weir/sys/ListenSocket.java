package dev.weir.sys;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ServerSocketChannel;

/**
 * A TCP socket that listens, with options and errors like those of {@link UdpSocket}. To be bound, then to listen, then to be handed over to
 * the JDK, which accepts.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/tcp.7.html">tcp(7)</a>
 */
public final class ListenSocket extends InternetSocket {
    private ListenSocket(int family) throws SyscallException {
        super(family, SOCK_STREAM);
    }

    /**
     * Opens a socket; one of family 6 carries IPv6 only.
     *
     * @param family 4 or 6
     */
    public static ListenSocket open(int family) throws SyscallException {
        return new ListenSocket(family);
    }

    /** Hands over connections only when their first data has come, or after about so many seconds without. */
    public void deferAccept(int seconds) throws SyscallException {
        set(SocketOption.IPPROTO_TCP, SocketOption.TCP_DEFER_ACCEPT, seconds, "TCP_DEFER_ACCEPT");
    }

    /** Takes data with the first packet of clients that were here before (RFC 7413); needs {@code net.ipv4.tcp_fastopen} with bit 2. */
    public void fastOpen(int queueSize) throws SyscallException {
        set(SocketOption.IPPROTO_TCP, SocketOption.TCP_FASTOPEN, queueSize, "TCP_FASTOPEN");
    }

    /** Makes the cookies of {@link #fastOpen} of this key, not of the host's; four words in the order of {@code net.ipv4.tcp_fastopen_key}. Since Linux 4.15. */
    public void fastOpenKey(int... words) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            SyscallException.check(
                    "setsockopt(TCP_FASTOPEN_KEY)",
                    setRaw(
                            SocketOption.IPPROTO_TCP,
                            SocketOption.TCP_FASTOPEN_KEY,
                            arena.allocateFrom(ValueLayout.JAVA_INT, words)));
        }
    }

    /** Lets the kernel complete connections, of which so many may wait; more than {@code net.core.somaxconn} are cut down to that. */
    public void listen(int backlog) throws SyscallException {
        SyscallException.check(
                "listen(" + localEndpoint() + ")", Syscall.call(SyscallNumber.LISTEN, fd().number(), backlog));
    }

    /**
     * Hands the socket over to a channel of the JDK, which owns it from now on; this object is closed. The channel itself believes that it
     * has another address.
     *
     * @throws IOException if the JDK has no channel to give; the socket is then still this object's
     */
    public ChannelSocket toChannel() throws IOException {
        ServerSocketChannel channel = ChannelSocket.placeholder(family());
        try {
            ChannelSocket taken = ChannelSocket.of(channel);
            // A channel accepts only after it has been bound, and the JDK would do that to our socket a second time.
            channel.bind(null, 1);
            taken.become(fd());
            close();
            return taken;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }
}
