package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * User and groups of the whole process.
 *
 * <p>To Linux these belong to each thread; POSIX wants them to belong to the process. The C library bridges the two by signalling every
 * thread, so these go through its wrappers and not through {@link Syscall}. Leaving user 0 also takes all capabilities from every thread.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/nptl.7.html">nptl(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/setresuid.2.html">setresuid(2)</a>
 */
public final class Credentials {
    private static final String NEEDS_SETUID = "needs root or CAP_SETUID";
    private static final String NEEDS_SETGID = "needs root or CAP_SETGID";

    private Credentials() {}

    /**
     * Makes this the only group, real, effective, saved and supplementary. Must come before {@link #setUser}, which takes the right to it.
     */
    public static void setGroup(int gid) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment groups = arena.allocateFrom(Struct.U32, gid);
            check("setgroups([" + gid + "])", NEEDS_SETGID, (int)
                    Libc.SETGROUPS.invokeExact(Syscall.callState(), 1L, groups.address()));
            check("setresgid(" + gid + ")", NEEDS_SETGID, (int)
                    Libc.SETRESGID.invokeExact(Syscall.callState(), gid, gid, gid));
        } catch (SyscallException | Error | RuntimeException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a downcall of numbers throws nothing", t);
        }
    }

    /** Becomes this user, real, effective and saved: there is no way back to root. */
    public static void setUser(int uid) throws SyscallException {
        try {
            check("setresuid(" + uid + ")", NEEDS_SETUID, (int)
                    Libc.SETRESUID.invokeExact(Syscall.callState(), uid, uid, uid));
        } catch (SyscallException | Error | RuntimeException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a downcall of numbers throws nothing", t);
        }
    }

    private static void check(String call, String hint, int result) throws SyscallException {
        if (result != 0) {
            int errno = Syscall.errno();
            throw new SyscallException(call, errno, errno == Errno.EPERM ? hint : null);
        }
    }

    /** The handles, made on first use: most processes never change user. */
    private static final class Libc {
        static final MethodHandle SETRESUID = threeIds("setresuid");
        static final MethodHandle SETRESGID = threeIds("setresgid");
        static final MethodHandle SETGROUPS = Syscall.libc(
                "setgroups",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
                Linker.Option.captureCallState("errno"));

        private static MethodHandle threeIds(String name) {
            ValueLayout.OfInt id = ValueLayout.JAVA_INT;
            return Syscall.libc(name, FunctionDescriptor.of(id, id, id, id), Linker.Option.captureCallState("errno"));
        }
    }
}
