package dev.weir.sys;

import java.lang.foreign.Arena;

/**
 * eBPF programs on sockets: each packet that arrives for the socket goes through the program, which returns how many bytes of it to keep; 0
 * drops it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/socket.7.html">socket(7)</a>
 */
public final class SocketFilter {
    private SocketFilter() {}

    /** Attaches a program of type socket filter, in place of the one there may be. The socket keeps the program alive. Since Linux 3.19. */
    public static void attach(Fd socket, Fd program) throws SyscallException {
        set(socket, SocketOption.SO_ATTACH_BPF, program.number(), "SO_ATTACH_BPF");
    }

    /** Takes the program off. @throws SyscallException ENOENT if there is none */
    public static void detach(Fd socket) throws SyscallException {
        set(socket, SocketOption.SO_DETACH_BPF, 0, "SO_DETACH_BPF");
    }

    private static void set(Fd socket, int option, int value, String name) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            SyscallException.check(
                    "setsockopt(" + name + ")",
                    Syscall.call(
                            SyscallNumber.SETSOCKOPT,
                            socket.number(),
                            SocketOption.SOL_SOCKET,
                            option,
                            arena.allocateFrom(Struct.U32, value).address(),
                            Integer.BYTES));
        }
    }
}
