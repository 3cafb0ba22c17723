package dev.weir.sys;

/**
 * The end of this process, without the JVM's farewell: that waits 300 ms for threads which are in a system call, such as {@code accept}, and
 * nobody will wake. Shutdown hooks do not run, output that is not flushed is lost, and agents and the start-up cache's recording are not told.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/exit_group.2.html">exit_group(2)</a>
 */
public final class ProcessExit {
    private ProcessExit() {}

    /** Ends all threads. Does not return. */
    public static void now(int status) {
        long result = Syscall.call(SyscallNumber.EXIT_GROUP, status);
        throw new AssertionError("exit_group returned " + result);
    }
}
