package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * How many descriptors this process may have open (RLIMIT_NOFILE). HotSpot raises the soft limit to the hard one when it starts.
 *
 * <pre>{@code
 * struct rlimit64 { __u64 rlim_cur; __u64 rlim_max; };  // 16 bytes
 * }</pre>
 *
 * @param soft what is enforced
 * @param hard what the soft limit may be raised to
 * @see <a href="https://man7.org/linux/man-pages/man2/prlimit.2.html">prlimit(2)</a>
 */
public record OpenFileLimit(long soft, long hard) {
    static final StructLayout RLIMIT64 = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("rlim_cur"), ValueLayout.JAVA_LONG.withName("rlim_max"));

    private static final long CUR = RLIMIT64.byteOffset(groupElement("rlim_cur"));
    private static final long MAX = RLIMIT64.byteOffset(groupElement("rlim_max"));
    private static final int RLIMIT_NOFILE = 7;
    private static final int THIS_PROCESS = 0;

    /** Returns the limits in force; "unlimited" is -1. */
    public static OpenFileLimit current() throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment old = arena.allocate(RLIMIT64);
            SyscallException.check(
                    "prlimit(RLIMIT_NOFILE)",
                    Syscall.call(SyscallNumber.PRLIMIT64, THIS_PROCESS, RLIMIT_NOFILE, 0, old.address()));
            return new OpenFileLimit(old.get(Struct.U64, CUR), old.get(Struct.U64, MAX));
        }
    }
}
