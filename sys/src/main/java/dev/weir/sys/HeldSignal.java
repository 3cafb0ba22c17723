package dev.weir.sys;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A signal that whoever started this process has blocked and ignored: the kernel keeps it until somebody waits for it, and the JVM, which never
 * handles what is ignored when it starts, leaves it alone. So it is never too early, however long a start takes.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/rt_sigtimedwait.2.html">rt_sigtimedwait(2)</a>
 */
public final class HeldSignal {
    public static final int SIGTERM = 15;

    private static final String BLOCKED = "SigBlk:";
    private static final String IGNORED = "SigIgn:";
    private static final long SET_BYTES = Long.BYTES;
    private static final Path STATUS = Path.of("/proc/thread-self/status");

    private static volatile boolean awaited;

    private HeldSignal() {}

    /** Whether the calling thread, and so all threads, hold this signal. */
    public static boolean isHeld(int signal) throws IOException {
        long sets = bit(signal);
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(BLOCKED) || line.startsWith(IGNORED)) {
                sets &= Long.parseUnsignedLong(line.substring(BLOCKED.length()).strip(), 16);
            }
        }
        return sets != 0;
    }

    /** Whether a thread waits, or has waited, for a signal: the first system call, which costs some time to bind, has been made. */
    public static boolean isAwaited() {
        return awaited;
    }

    /** Waits until the signal has come, or takes one that has come already. Blocks the platform thread. */
    public static void await(int signal) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(ValueLayout.JAVA_LONG);
            set.set(ValueLayout.JAVA_LONG, 0, bit(signal));
            long result;
            awaited = true;
            do {
                result = Syscall.call(SyscallNumber.RT_SIGTIMEDWAIT, set.address(), 0, 0, SET_BYTES);
            } while (result == -Errno.EINTR);
            SyscallException.check("rt_sigtimedwait", result);
        }
    }

    private static long bit(int signal) {
        return 1L << signal - 1;
    }
}
