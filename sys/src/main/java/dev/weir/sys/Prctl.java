package dev.weir.sys;

/**
 * Traits of the calling platform thread, inherited by those it starts.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/prctl.2.html">prctl(2)</a>
 */
public final class Prctl {
    private static final long PR_SET_KEEPCAPS = 8;
    private static final long PR_SET_TIMERSLACK = 29;
    private static final long PR_SET_NO_NEW_PRIVS = 38;
    private static final long PR_GET_NO_NEW_PRIVS = 39;

    private Prctl() {}

    /** Makes sure that no execve(2) of this thread ever gains rights; there is no way back. */
    public static void noNewPrivileges() throws SyscallException {
        SyscallException.check(
                "prctl(PR_SET_NO_NEW_PRIVS)", Syscall.call(SyscallNumber.PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    }

    /** Returns whether {@link #noNewPrivileges} is in force. */
    public static boolean hasNoNewPrivileges() throws SyscallException {
        return SyscallException.check(
                        "prctl(PR_GET_NO_NEW_PRIVS)",
                        Syscall.call(SyscallNumber.PRCTL, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0))
                == 1;
    }

    /** Keeps permitted capabilities when the thread leaves user 0; reset by execve(2). */
    public static void keepCapabilities(boolean keep) throws SyscallException {
        SyscallException.check(
                "prctl(PR_SET_KEEPCAPS)", Syscall.call(SyscallNumber.PRCTL, PR_SET_KEEPCAPS, keep ? 1 : 0));
    }

    /** {@link #keepCapabilities} for every thread of the process. @throws SyscallException EPERM if securebits forbid it */
    public static void keepCapabilitiesOfProcess() throws SyscallException {
        EveryThread.call("prctl(PR_SET_KEEPCAPS)", SyscallNumber.PRCTL, PR_SET_KEEPCAPS, 1, 0);
    }

    /**
     * Sets how much later than asked the kernel may end a wait of this thread, to end several waits at once. Threads start with 50 µs.
     *
     * @param nanos above 0; 0 restores what the thread started with
     */
    public static void timerSlack(long nanos) throws SyscallException {
        SyscallException.check(
                "prctl(PR_SET_TIMERSLACK)", Syscall.call(SyscallNumber.PRCTL, PR_SET_TIMERSLACK, nanos, 0, 0, 0));
    }
}
