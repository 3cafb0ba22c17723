package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * A bounded wait for room in a socket's send buffer. One thread at a time.
 *
 * <pre>{@code
 * struct pollfd {           struct timespec {
 *     int   fd;       // 0      time_t tv_sec;   // 0
 *     short events;   // 4      long   tv_nsec;  // 8
 *     short revents;  // 6  };
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/poll.2.html">ppoll(2)</a>
 */
final class WritableWait {
    static final StructLayout POLLFD = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("fd"),
            ValueLayout.JAVA_SHORT.withName("events"),
            ValueLayout.JAVA_SHORT.withName("revents"));
    static final StructLayout TIMESPEC = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("tv_sec"), ValueLayout.JAVA_LONG.withName("tv_nsec"));

    private static final long FD = POLLFD.byteOffset(groupElement("fd"));
    private static final long EVENTS = POLLFD.byteOffset(groupElement("events"));
    private static final long TV_SEC = TIMESPEC.byteOffset(groupElement("tv_sec"));
    private static final long TV_NSEC = TIMESPEC.byteOffset(groupElement("tv_nsec"));
    private static final short POLLOUT = 4;

    private final MemorySegment pollfd;
    private final MemorySegment remaining;

    WritableWait(Arena arena) {
        pollfd = arena.allocate(POLLFD);
        remaining = arena.allocate(TIMESPEC);
    }

    /** Sets the time that all following waits have together, below one second. */
    void start(long budgetNs) {
        remaining.set(Struct.U64, TV_SEC, 0);
        remaining.set(Struct.U64, TV_NSEC, budgetNs);
    }

    /** Waits; returns false once the time is used up. */
    boolean untilWritable(Fd fd) {
        pollfd.set(Struct.U32, FD, fd.number());
        pollfd.set(Struct.U16, EVENTS, POLLOUT);
        long result;
        do {
            // The raw call writes the time that is left into the timespec, unlike glibc's wrapper.
            result = Syscall.call(SyscallNumber.PPOLL, pollfd.address(), 1, remaining.address(), 0);
        } while (result == -Errno.EINTR);
        return result > 0 && (remaining.get(Struct.U64, TV_NSEC) > 0 || remaining.get(Struct.U64, TV_SEC) > 0);
    }
}
