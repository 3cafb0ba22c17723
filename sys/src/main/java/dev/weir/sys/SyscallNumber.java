package dev.weir.sys;

/**
 * System call numbers of the architectures that are supported: the kernel's {@code arch/x86/entry/syscalls/syscall_64.tbl} for x86_64,
 * {@code include/uapi/asm-generic/unistd.h} for aarch64.
 */
final class SyscallNumber {
    /** Whether this is x86_64, where {@code epoll_event} is packed; otherwise it is aarch64. */
    static final boolean X86_64 = isX86();

    static final long READ = number(0, 63);
    static final long WRITE = number(1, 64);
    static final long CLOSE = number(3, 57);
    static final long MMAP = number(9, 222);
    static final long MPROTECT = number(10, 226);
    static final long MUNMAP = number(11, 215);
    static final long SOCKET = number(41, 198);
    static final long CONNECT = number(42, 203);
    static final long SENDMSG = number(46, 211);
    static final long SENDTO = number(44, 206);
    static final long RECVFROM = number(45, 207);
    static final long BIND = number(49, 200);
    static final long LISTEN = number(50, 201);
    static final long GETSOCKNAME = number(51, 204);
    static final long SOCKETPAIR = number(53, 199);
    static final long SETSOCKOPT = number(54, 208);
    static final long GETSOCKOPT = number(55, 209);
    static final long FLOCK = number(73, 32);
    static final long CAPGET = number(125, 90);
    static final long CAPSET = number(126, 91);
    static final long RT_SIGTIMEDWAIT = number(128, 137);
    static final long STATFS = number(137, 43);
    static final long PRCTL = number(157, 167);
    static final long SCHED_SETAFFINITY = number(203, 122);
    static final long SCHED_GETAFFINITY = number(204, 123);
    static final long EXIT_GROUP = number(231, 94);
    static final long EPOLL_CTL = number(233, 21);
    static final long TGKILL = number(234, 131);
    static final long OPENAT = number(257, 56);
    static final long PPOLL = number(271, 73);
    static final long UNSHARE = number(272, 97);
    static final long EPOLL_PWAIT = number(281, 22);
    static final long EVENTFD2 = number(290, 19);
    static final long EPOLL_CREATE1 = number(291, 20);
    static final long DUP3 = number(292, 24);
    static final long PERF_EVENT_OPEN = number(298, 241);
    static final long RECVMMSG = number(299, 243);
    static final long PRLIMIT64 = number(302, 261);
    static final long SENDMMSG = number(307, 269);
    static final long SETNS = number(308, 268);
    static final long BPF = number(321, 280);

    private SyscallNumber() {}

    private static long number(int x86, int aarch64) {
        return X86_64 ? x86 : aarch64;
    }

    private static boolean isX86() {
        String os = System.getProperty("os.name", "");
        String arch = System.getProperty("os.arch", "");
        if (os.equals("Linux") && arch.equals("amd64")) {
            return true;
        }
        if (os.equals("Linux") && arch.equals("aarch64")) {
            return false;
        }
        throw new UnsupportedOperationException("needs Linux on x86_64 or aarch64, this is " + os + " on " + arch);
    }
}
