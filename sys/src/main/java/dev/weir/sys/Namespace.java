package dev.weir.sys;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * Namespaces of the calling platform thread. They belong to threads: what {@link #leave} makes ends with the last thread and descriptor in
 * it. Child processes started by the thread live in them too.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/namespaces.7.html">namespaces(7)</a>
 */
public final class Namespace {
    /** Devices, addresses, routes, sockets. */
    public static final int NETWORK = 0x40000000;
    /** What is mounted where. */
    public static final int MOUNT = 0x00020000;

    private static final int AT_FDCWD = -100;
    private static final int O_RDONLY_CLOEXEC = 0x80000;

    private Namespace() {}

    /**
     * Moves the thread to fresh namespaces: an empty network, a copy of the mounts.
     *
     * @param kinds {@link #NETWORK} and {@link #MOUNT}, or-ed
     * @throws SyscallException EPERM without CAP_SYS_ADMIN
     */
    public static void leave(int kinds) throws SyscallException {
        check("unshare", Syscall.call(SyscallNumber.UNSHARE, kinds));
    }

    /** Opens a namespace by a path such as {@code /run/netns/NAME} or {@code /proc/PID/ns/net}; the descriptor keeps it alive. */
    public static Fd open(Path path) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            return new Fd((int) check(
                    "openat(" + path + ")",
                    Syscall.call(
                            SyscallNumber.OPENAT,
                            AT_FDCWD,
                            arena.allocateFrom(path.toString()).address(),
                            O_RDONLY_CLOEXEC,
                            0)));
        }
    }

    /**
     * Moves the thread into a namespace.
     *
     * @param kind what kind it must be of
     * @throws SyscallException EPERM without CAP_SYS_ADMIN
     */
    public static void enter(Fd namespace, int kind) throws SyscallException {
        check("setns", Syscall.call(SyscallNumber.SETNS, namespace.number(), kind));
    }

    private static long check(String call, long result) throws SyscallException {
        if (result == -Errno.EPERM) {
            throw SyscallException.explained(call, Errno.EPERM, BpfError.NEEDS_SYS);
        }
        return SyscallException.check(call, result);
    }
}
