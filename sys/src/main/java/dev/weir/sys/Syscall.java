package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The one door to the kernel: libc's {@code syscall(2)}, called with the numbers of {@link SyscallNumber}.
 *
 * <p>Any thread may call. Each thread has its own errno memory, so that a failure in one is never read by another. Pointers are passed
 * as addresses: the caller keeps the memory alive, which is why it must not come from {@code Arena.ofAuto}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/syscall.2.html">syscall(2)</a>
 */
final class Syscall {
    private static final MethodHandle SYSCALL = bindSyscall();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = STATE.byteOffset(PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> STATE_OF_THREAD = new CallState();

    private Syscall() {}

    /** Returns what the system call returned, or {@code -errno}. */
    static long call(long number, long a1, long a2, long a3, long a4, long a5, long a6) {
        MemorySegment state = STATE_OF_THREAD.get();
        long result;
        try {
            result = (long) SYSCALL.invokeExact(state, number, a1, a2, a3, a4, a5, a6);
        } catch (Throwable t) {
            throw new AssertionError("a downcall of longs throws nothing", t);
        }
        return result == -1 ? -state.get(ValueLayout.JAVA_INT, ERRNO_OFFSET) : result;
    }

    static long call(long number, long a1) {
        return call(number, a1, 0, 0, 0, 0, 0);
    }

    static long call(long number, long a1, long a2) {
        return call(number, a1, a2, 0, 0, 0, 0);
    }

    static long call(long number, long a1, long a2, long a3) {
        return call(number, a1, a2, a3, 0, 0, 0);
    }

    static long call(long number, long a1, long a2, long a3, long a4) {
        return call(number, a1, a2, a3, a4, 0, 0);
    }

    static long call(long number, long a1, long a2, long a3, long a4, long a5) {
        return call(number, a1, a2, a3, a4, a5, 0);
    }

    /** Returns a handle on a libc function whose effect raw system calls do not have; it takes the errno memory first. */
    @SuppressWarnings("restricted")
    static MethodHandle libc(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException("the C library has no function " + name));
        return linker.downcallHandle(function, type, options);
    }

    /** Returns the calling thread's errno memory, for handles made by {@link #libc}. */
    static MemorySegment callState() {
        return STATE_OF_THREAD.get();
    }

    /** Returns the errno that the last failed call of this thread left in {@link #callState}. */
    static int errno() {
        return STATE_OF_THREAD.get().get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
    }

    private static MethodHandle bindSyscall() {
        ValueLayout.OfLong l = ValueLayout.JAVA_LONG;
        // syscall(2) is variadic after the number; the calling convention of variadic arguments differs on some
        // platforms.
        return libc(
                "syscall",
                FunctionDescriptor.of(l, l, l, l, l, l, l, l),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));
    }

    /**
     * Errno memory of each thread. The kernel never sees it: the downcall stub fills it after the call came back, and the downcall keeps
     * it reachable until then. So it may be collected with its thread, and threads that come and go leak nothing.
     */
    private static final class CallState extends ThreadLocal<MemorySegment> {
        @Override
        protected MemorySegment initialValue() {
            return Arena.ofAuto().allocate(STATE);
        }
    }
}
