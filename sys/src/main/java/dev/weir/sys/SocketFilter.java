package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * eBPF programs on sockets: each packet that arrives for the socket goes through the program, which returns how many bytes of it to keep; 0
 * drops it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/socket.7.html">socket(7)</a>
 */
public final class SocketFilter {
    private static final int SOCK_DGRAM = 2;

    private SocketFilter() {}

    /** Attaches a program of type socket filter, in place of the one there may be. The socket keeps the program alive. Since Linux 3.19. */
    public static void attach(Fd socket, Fd program) throws SyscallException {
        try (HeldFds held = new HeldFds()) {
            attach(held.number(socket), program);
        }
    }

    /** The same for a socket that is known by its descriptor's number. */
    public static void attach(int socket, Fd program) throws SyscallException {
        try (HeldFds held = new HeldFds()) {
            set(socket, SocketOption.SO_ATTACH_BPF, held.number(program), "SO_ATTACH_BPF");
        }
    }

    /** Takes the program off. @throws SyscallException ENOENT if there is none */
    public static void detach(Fd socket) throws SyscallException {
        try (HeldFds held = new HeldFds()) {
            detach(held.number(socket));
        }
    }

    /** The same for a socket that is known by its descriptor's number. */
    public static void detach(int socket) throws SyscallException {
        set(socket, SocketOption.SO_DETACH_BPF, 0, "SO_DETACH_BPF");
    }

    /** Whether a socket is for datagrams. @throws SyscallException ENOTSOCK, EBADF */
    public static boolean isDatagram(int socket) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment type = arena.allocate(Struct.U32);
            SyscallException.check(
                    "getsockopt(SO_TYPE)",
                    Syscall.call(
                            SyscallNumber.GETSOCKOPT,
                            socket,
                            SocketOption.SOL_SOCKET,
                            SocketOption.SO_TYPE,
                            type.address(),
                            arena.allocateFrom(Struct.U32, Integer.BYTES).address()));
            return type.get(Struct.U32, 0) == SOCK_DGRAM;
        }
    }

    private static void set(int socket, int option, int value, String name) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            SyscallException.check(
                    "setsockopt(" + name + ")",
                    Syscall.call(
                            SyscallNumber.SETSOCKOPT,
                            socket,
                            SocketOption.SOL_SOCKET,
                            option,
                            arena.allocateFrom(Struct.U32, value).address(),
                            Integer.BYTES));
        }
    }
}
