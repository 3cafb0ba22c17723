package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What UDP and TCP sockets of one address family have in common: opening, options, local address. Non-blocking and closed on exec.
 *
 * <p>Options are set between opening and {@link #bind}, by one thread; each failure is a {@link SyscallException} that names the option or
 * the address.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/socket.7.html">socket(7)</a>
 */
public abstract sealed class InternetSocket implements AutoCloseable permits UdpSocket, ListenSocket {
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    final Fd fd;
    private final int family;

    /**
     * Opens a socket; one of family 6 carries IPv6 only, so that IPv4 clients never show up as mapped addresses.
     *
     * @param family 4 or 6
     * @param type SOCK_STREAM or SOCK_DGRAM
     */
    InternetSocket(int family, int type) throws SyscallException {
        this.family = family;
        String call = "socket(" + (family == 6 ? "AF_INET6" : "AF_INET") + ", "
                + (type == SOCK_STREAM ? "SOCK_STREAM" : "SOCK_DGRAM") + ")";
        long number =
                Syscall.call(SyscallNumber.SOCKET, Sockaddr.domain(family), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (family == 6 && number == -Errno.EAFNOSUPPORT) {
            throw new SyscallException(call, Errno.EAFNOSUPPORT, "this kernel runs without IPv6");
        }
        fd = new Fd((int) SyscallException.check(call, number));
        if (family == 6) {
            try {
                set(SocketOption.IPPROTO_IPV6, SocketOption.IPV6_V6ONLY, 1, "IPV6_V6ONLY");
            } catch (SyscallException e) {
                fd.close();
                throw e;
            }
        }
    }

    /** Returns the descriptor, owned by this socket. */
    public final Fd fd() {
        return fd;
    }

    /** Returns 4 or 6. */
    public final int family() {
        return family;
    }

    /** Allows binding to an address that another socket is bound to, if that one allows it too. */
    public final void reuseAddress() throws SyscallException {
        set(SocketOption.SOL_SOCKET, SocketOption.SO_REUSEADDR, 1, "SO_REUSEADDR");
    }

    /** Shares the address with other sockets of the same user; the kernel spreads flows over them by hash. */
    public final void reusePort() throws SyscallException {
        set(SocketOption.SOL_SOCKET, SocketOption.SO_REUSEPORT, 1, "SO_REUSEPORT");
    }

    /** Allows binding to an address that this host does not have (yet). IPv6 since Linux 4.15. */
    public final void freeBind() throws SyscallException {
        setByFamily(SocketOption.IP_FREEBIND, SocketOption.IPV6_FREEBIND, 1, "FREEBIND");
    }

    /** Sends and receives on this interface only. Replacing an earlier binding needs CAP_NET_RAW. */
    public final void bindToDevice(String interfaceName) throws SyscallException {
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

    /** Binds to a local address; port 0 lets the kernel choose one. */
    public final void bind(InetEndpoint local) throws SyscallException {
        long result = withAddress(SyscallNumber.BIND, local);
        if (result < 0) {
            int errno = (int) -result;
            throw new SyscallException("bind(" + local + ")", errno, bindHint(local, errno));
        }
    }

    /** Returns the local address and port. */
    public final InetEndpoint localEndpoint() throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(Sockaddr.BYTES, Long.BYTES);
            MemorySegment length = arena.allocateFrom(Struct.U32, Sockaddr.BYTES);
            SyscallException.check(
                    "getsockname",
                    Syscall.call(SyscallNumber.GETSOCKNAME, fd.number(), name.address(), length.address()));
            return Sockaddr.endpoint(name, 0);
        }
    }

    @Override
    public final void close() {
        fd.close();
    }

    private static @Nullable String bindHint(InetEndpoint local, int errno) {
        return switch (errno) {
            case Errno.EACCES, Errno.EPERM ->
                local.port() > 0 && local.port() < FIRST_UNPRIVILEGED_PORT
                        ? "port " + local.port() + " needs CAP_NET_BIND_SERVICE"
                        : null;
            default -> null;
        };
    }

    final long withAddress(long number, InetEndpoint endpoint) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(Sockaddr.BYTES, Long.BYTES);
            int length = Sockaddr.write(
                    name, 0, endpoint.family(), endpoint.hi(), endpoint.lo(), endpoint.port(), endpoint.scopeId());
            return Syscall.call(number, fd.number(), name.address(), length);
        }
    }

    final void setByFamily(int v4Option, int v6Option, int value, String name) throws SyscallException {
        if (family == 4) {
            set(SocketOption.IPPROTO_IP, v4Option, value, "IP_" + name);
        } else {
            set(SocketOption.IPPROTO_IPV6, v6Option, value, "IPV6_" + name);
        }
    }

    final void set(int level, int option, int value, String name) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            SyscallException.check(
                    "setsockopt(" + name + ", " + value + ")",
                    setRaw(level, option, arena.allocateFrom(Struct.U32, value)));
        }
    }

    final long setRaw(int level, int option, MemorySegment value) {
        return Syscall.call(SyscallNumber.SETSOCKOPT, fd.number(), level, option, value.address(), value.byteSize());
    }

    final int get(int level, int option, String name) throws SyscallException {
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
