package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A system call made by every thread of the process: those of the JVM that know no Java (collector, compilers), too.
 *
 * <p>To Linux, capabilities and securebits belong to each thread, and a thread can change nobody's but its own. The C library makes up for that with
 * users and groups only ({@link Credentials}), in the way that is taken here as well: each thread gets a signal, whose handler makes the call. A
 * handler may run while its thread is anywhere in the JVM, so that it can't be Java: it is the few instructions below, which touch nothing but the
 * call's numbers. Threads are signalled until a list of them has nobody new: who was started meanwhile by one that had not made the call yet is
 * in the next list.
 *
 * <pre>{@code
 * x86_64                         aarch64
 *   endbr64                        hint #34                  bti c
 *   movabs  $call, %r9             ldr  x9, =call
 *   mov     (%r9), %rax            ldr  x8, [x9]             number
 *   mov     8(%r9), %rdi           ldr  x0, [x9, #8]
 *   mov     16(%r9), %rsi          ldr  x1, [x9, #16]
 *   mov     24(%r9), %rdx          ldr  x2, [x9, #24]
 *   syscall                        svc  #0
 *   test    %rax, %rax             cbz  x0, 1f
 *   jz      1f
 *   mov     %rax, 32(%r9)          str  x0, [x9, #32]        failure
 * 1: lock incq 40(%r9)           1: add  x9, x9, #40         made
 *                                2: ldaxr x0, [x9]
 *                                  add  x0, x0, #1
 *                                  stlxr w1, x0, [x9]
 *                                  cbnz w1, 2b
 *   ret                            ret
 *
 * struct sigaction { void *handler; sigset_t mask; int flags; void (*restorer)(void); };   // glibc's and musl's
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/nptl.7.html">nptl(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/sigaction.2.html">sigaction(2)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/tgkill.2.html">tgkill(2)</a>
 */
final class EveryThread {
    private static final StructLayout CALL = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("number"),
            ValueLayout.JAVA_LONG.withName("first"),
            ValueLayout.JAVA_LONG.withName("second"),
            ValueLayout.JAVA_LONG.withName("third"),
            ValueLayout.JAVA_LONG.withName("failure"),
            ValueLayout.JAVA_LONG.withName("made"));
    private static final long NUMBER = CALL.byteOffset(groupElement("number"));
    private static final long FIRST = CALL.byteOffset(groupElement("first"));
    private static final long SECOND = CALL.byteOffset(groupElement("second"));
    private static final long THIRD = CALL.byteOffset(groupElement("third"));
    private static final long FAILURE = CALL.byteOffset(groupElement("failure"));

    private static final StructLayout SIGACTION = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("handler"),
            MemoryLayout.sequenceLayout(128, ValueLayout.JAVA_BYTE).withName("mask"),
            ValueLayout.JAVA_INT.withName("flags"),
            MemoryLayout.paddingLayout(4),
            ValueLayout.JAVA_LONG.withName("restorer"));
    private static final long HANDLER = SIGACTION.byteOffset(groupElement("handler"));
    private static final long MASK = SIGACTION.byteOffset(groupElement("mask"));
    private static final long FLAGS = SIGACTION.byteOffset(groupElement("flags"));

    private static final int SA_RESTART = 0x10000000;
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** What the handler reads and writes; it stays, as a signal may arrive late. */
    private static final MemorySegment CALL_MADE = Arena.global().allocate(CALL);

    private static int signal;

    private EveryThread() {}

    /**
     * Has each thread make a call, the calling one too.
     *
     * @param name the call as messages have it
     * @param third the last argument; the kernel must not look at more
     * @throws SyscallException the call failed in a thread, or a thread does not take signals (ETIMEDOUT): others have made the call nevertheless
     */
    static synchronized void call(String name, long number, long first, long second, long third)
            throws SyscallException {
        if (signal == 0) {
            signal = handled(instructions());
        }
        CALL_MADE.set(Struct.U64, FIRST, first);
        CALL_MADE.set(Struct.U64, SECOND, second);
        CALL_MADE.set(Struct.U64, THIRD, third);
        CALL_MADE.set(Struct.U64, FAILURE, 0);
        CALL_MADE.set(Struct.U64, NUMBER, number);
        made(0);
        Set<Integer> told = new HashSet<>();
        for (Set<Integer> fresh = threads(); !fresh.isEmpty(); fresh = threads(), fresh.removeAll(told)) {
            for (int thread : fresh) {
                tell(thread);
            }
            told.addAll(fresh);
            await(name, told);
        }
        SyscallException.check(name, CALL_MADE.get(Struct.U64, FAILURE));
    }

    /** The ids of all threads of this process. */
    static Set<Integer> threads() {
        Set<Integer> all = new HashSet<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                all.add(Integer.parseInt(task.getFileName().toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DirectoryIteratorException e) {
            throw new UncheckedIOException(e.getCause());
        }
        return all;
    }

    private static void tell(int thread) throws SyscallException {
        long result = Syscall.call(SyscallNumber.TGKILL, ProcessHandle.current().pid(), thread, signal);
        if (result != -Errno.ESRCH) { // otherwise it has ended meanwhile
            SyscallException.check("tgkill(" + thread + ", " + signal + ")", result);
        }
    }

    /** Waits until all of these that still run have made the call. */
    private static void await(String name, Set<Integer> told) throws SyscallException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (made() < told.size()) {
            Set<Integer> running = threads();
            running.retainAll(told);
            if (made() >= running.size() && running.size() < told.size()) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw SyscallException.explained(
                        name,
                        Errno.ETIMEDOUT,
                        (running.size() - made()) + " threads do not take signal " + signal + " to make this call");
            }
            LockSupport.parkNanos(NAP_NANOS);
        }
    }

    private static long made() {
        return (long) Handles.MADE.getVolatile(CALL_MADE, 0L);
    }

    private static void made(long count) {
        Handles.MADE.setVolatile(CALL_MADE, 0L, count);
    }

    /** The address of the handler. */
    private static long instructions() throws SyscallException {
        String code = SyscallNumber.X86_64
                ? "f30f1efa 49b9%s 498b01 498b7908 498b7110 498b5118 0f05 4885c0 7404 49894120 f049ff4128 c3"
                : "5f2403d5 e9010058 280140f9 200540f9 210940f9 220d40f9 010000d4 400000b4 201100f9 29a10091 20fd5fc8"
                        + " 00040091 20fd01c8 a1ffff35 c0035fd6 1f2003d5 %s";
        String address = HexFormat.of().toHexDigits(Long.reverseBytes(CALL_MADE.address()));
        byte[] octets = HexFormat.of().parseHex(String.format(code, address).replace(" ", ""));
        return Mmap.executable(octets);
    }

    /** Takes a real-time signal that nobody has a handler for, from the last one down, and returns its number. */
    private static int handled(long handler) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ours = arena.allocate(SIGACTION);
            MemorySegment theirs = arena.allocate(SIGACTION);
            ours.set(Struct.U64, HANDLER, handler);
            ours.asSlice(MASK, FLAGS - MASK).fill((byte) 0xff); // nothing else interrupts it
            ours.set(Struct.U32, FLAGS, SA_RESTART);
            int least = (int) Handles.SIGRTMIN.invokeExact();
            for (int number = (int) Handles.SIGRTMAX.invokeExact(); number >= least; number--) {
                sigaction(number, MemorySegment.NULL, theirs);
                if (theirs.get(Struct.U64, HANDLER) == 0) {
                    sigaction(number, ours, MemorySegment.NULL);
                    return number;
                }
            }
        } catch (SyscallException | Error | RuntimeException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a downcall of numbers throws nothing", t);
        }
        throw SyscallException.explained("sigaction", Errno.EBUSY, "all real-time signals have handlers");
    }

    private static void sigaction(int number, MemorySegment handler, MemorySegment former) throws Throwable {
        int result =
                (int) Handles.SIGACTION.invokeExact(Syscall.callState(), number, handler.address(), former.address());
        if (result != 0) {
            throw new SyscallException("sigaction(" + number + ")", Syscall.errno());
        }
    }

    private static final class Handles {
        static final VarHandle MADE = CALL.varHandle(groupElement("made"));
        static final MethodHandle SIGRTMIN =
                Syscall.libc("__libc_current_sigrtmin", FunctionDescriptor.of(ValueLayout.JAVA_INT));
        static final MethodHandle SIGRTMAX =
                Syscall.libc("__libc_current_sigrtmax", FunctionDescriptor.of(ValueLayout.JAVA_INT));
        static final MethodHandle SIGACTION = Syscall.libc(
                "sigaction",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    }
}
