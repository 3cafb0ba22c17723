package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket connected to a Unix address, which {@code java.nio} does not have (it has streams only): the way to syslog's
 * {@code /dev/log} and to a service manager's {@code NOTIFY_SOCKET}.
 *
 * <p>Sending never blocks. One thread at a time.
 *
 * <pre>{@code
 * struct sockaddr_un {
 *     sa_family_t sun_family;     //  0  u16, AF_UNIX
 *     char        sun_path[108];  //  2  a path, or a zero byte and an abstract name
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
 */
public final class UnixDatagram implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_NONBLOCK_CLOEXEC = 2 | 0x800 | 0x80000;
    private static final int PATH_OFFSET = 2;
    private static final int PATH_BYTES = 108;
    private static final int LONGEST = 0xffff;
    private static final short POLLIN = 1;

    private final Fd fd;

    private UnixDatagram(Fd fd) {
        this.fd = fd;
    }

    /**
     * Opens a socket and connects it.
     *
     * @param address a path, or an abstract name after {@code @}
     * @throws SyscallException if nobody is bound there, or the address is too long
     */
    public static UnixDatagram connect(String address) throws SyscallException {
        return open("connect", SyscallNumber.CONNECT, address);
    }

    /**
     * Opens a socket and gives it an address, which an abstract one keeps exactly as long as the socket is open: whoever has it is the only one
     * in its network namespace, and its end, however it comes, sets the address free.
     *
     * @param address a path, or an abstract name after {@code @}
     * @throws SyscallException EADDRINUSE if someone has it
     */
    public static UnixDatagram bind(String address) throws SyscallException {
        return open("bind", SyscallNumber.BIND, address);
    }

    private static UnixDatagram open(String call, long number, String address) throws SyscallException {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = address.startsWith("@");
        // A path needs room for its closing zero, an abstract name has none.
        if (name.length == 0 || name.length > (isAbstract ? PATH_BYTES : PATH_BYTES - 1)) {
            throw new SyscallException(call, Errno.EINVAL);
        }
        Fd fd = new Fd((int) SyscallException.check(
                "socket", Syscall.call(SyscallNumber.SOCKET, AF_UNIX, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0)));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sockaddr = arena.allocate(PATH_OFFSET + PATH_BYTES, Short.BYTES);
            sockaddr.set(Struct.U16, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, sockaddr, Struct.BYTE, PATH_OFFSET, name.length);
            if (isAbstract) {
                sockaddr.set(Struct.BYTE, PATH_OFFSET, (byte) 0);
            }
            // The length of an abstract address counts: zeroes after the name would be part of it.
            int lengthBytes = PATH_OFFSET + name.length + (isAbstract ? 0 : 1);
            SyscallException.check(call, Syscall.call(number, fd.number(), sockaddr.address(), lengthBytes));
            return new UnixDatagram(fd);
        } catch (SyscallException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Sends one datagram.
     *
     * @throws SyscallException if the receiver is gone (ECONNREFUSED), its queue is full (EAGAIN) or the datagram too
     *     long (EMSGSIZE)
     */
    public void send(byte[] datagram) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Math.max(datagram.length, 1));
            MemorySegment.copy(datagram, 0, bytes, Struct.BYTE, 0, datagram.length);
            SyscallException.check(
                    "write", Syscall.call(SyscallNumber.WRITE, fd.number(), bytes.address(), datagram.length));
        }
    }

    /**
     * What came, and from where.
     *
     * @param from the sender's address as {@link #connect} takes it; empty if it has none
     */
    public record Received(byte[] octets, String from) {}

    /**
     * Waits for a datagram, which may have 65,535 octets; of a longer one the rest is lost.
     *
     * @return null if none comes in time
     */
    public @Nullable Received receive(int timeoutMillis) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment poll = arena.allocate(WritableWait.POLLFD);
            poll.set(Struct.U32, 0, fd.number());
            poll.set(Struct.U16, Integer.BYTES, POLLIN);
            MemorySegment time = arena.allocate(WritableWait.TIMESPEC);
            time.set(Struct.U64, 0, timeoutMillis / 1000);
            time.set(Struct.U64, Long.BYTES, timeoutMillis % 1000 * 1_000_000L);
            long ready = Syscall.call(SyscallNumber.PPOLL, poll.address(), 1, time.address(), 0, 0);
            if (ready == 0 || ready == -Errno.EINTR) {
                return null;
            }
            SyscallException.check("ppoll", ready);
            MemorySegment bytes = arena.allocate(LONGEST);
            MemorySegment sockaddr = arena.allocate(PATH_OFFSET + PATH_BYTES, Short.BYTES);
            MemorySegment sockaddrLength = arena.allocate(Struct.U32);
            sockaddrLength.set(Struct.U32, 0, PATH_OFFSET + PATH_BYTES);
            long length = Syscall.call(
                    SyscallNumber.RECVFROM,
                    fd.number(),
                    bytes.address(),
                    LONGEST,
                    0,
                    sockaddr.address(),
                    sockaddrLength.address());
            if (length == -Errno.EAGAIN) {
                return null;
            }
            SyscallException.check("recvfrom", length);
            byte[] octets = bytes.asSlice(0, length).toArray(Struct.BYTE);
            return new Received(octets, address(sockaddr, sockaddrLength.get(Struct.U32, 0) - PATH_OFFSET));
        }
    }

    private static String address(MemorySegment sockaddr, int nameBytes) {
        if (nameBytes <= 0) {
            return "";
        }
        byte[] name =
                sockaddr.asSlice(PATH_OFFSET, Math.min(nameBytes, PATH_BYTES)).toArray(Struct.BYTE);
        if (name[0] == 0) {
            name[0] = '@';
            return new String(name, StandardCharsets.UTF_8);
        }
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        return new String(name, 0, end, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        fd.close();
    }
}
