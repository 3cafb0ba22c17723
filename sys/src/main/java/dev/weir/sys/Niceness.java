package dev.weir.sys;

/**
 * How far the calling platform thread stands back for others where there are fewer processors than work.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sched.7.html">sched(7)</a>, "The nice value"
 * @see <a href="https://man7.org/linux/man-pages/man2/setpriority.2.html">setpriority(2)</a>
 */
public final class Niceness {
    private static final int PRIO_PROCESS = 0;
    private static final int THIS_THREAD = 0;

    /** What the system call returns is 20 less the value, so that no value looks like an error. */
    private static final int BIAS = 20;

    private Niceness() {}

    /**
     * Sets it for the calling thread, and for those that it starts from then on.
     *
     * @param nice from -20, before all others, to 19; each step is worth about a tenth of a processor's time
     * @throws SyscallException EACCES for less than now, without CAP_SYS_NICE
     */
    public static void set(int nice) throws SyscallException {
        SyscallException.check(
                "setpriority(" + nice + ")", Syscall.call(SyscallNumber.SETPRIORITY, PRIO_PROCESS, THIS_THREAD, nice));
    }

    /** That of the calling thread. */
    public static int current() throws SyscallException {
        return BIAS
                - (int) SyscallException.check(
                        "getpriority", Syscall.call(SyscallNumber.GETPRIORITY, PRIO_PROCESS, THIS_THREAD));
    }
}
