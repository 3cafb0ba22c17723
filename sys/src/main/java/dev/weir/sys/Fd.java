package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The owner of a file descriptor: closing it twice does nothing, and its number is forgotten on closing, because the kernel gives the
 * number to the next file that anyone opens.
 *
 * <p>Any thread may close at any time. A call that others may close under holds the descriptor ({@link #hold}, {@link #release}): the number
 * is then given back to the kernel by the last call that leaves, so that no call ever meets another file. Calls with {@link #number} alone are
 * for those who know that nobody closes meanwhile.
 */
public final class Fd implements AutoCloseable {
    private static final int CLOSED = -1;
    private static final int AT_FDCWD = -100;
    private static final int O_DIRECTORY = SyscallNumber.X86_64 ? 0x10000 : 0x4000;
    private static final int O_CLOEXEC = 0x80000;
    /** The sign of {@link #state}: no call comes in any more. */
    private static final int CLOSING = 1 << 31;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Fd.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int number;
    /** How many calls are running, and {@link #CLOSING}. */
    @SuppressWarnings("UnusedVariable") // through STATE
    private volatile int state;

    Fd(int number) {
        this.number = number;
        LeakDetector.opened(this);
    }

    /** Opens a directory for reading, as cgroups and namespaces are handed to the kernel. */
    public static Fd openDirectory(Path path) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            return new Fd((int) SyscallException.check(
                    "open(" + path + ")",
                    Syscall.call(
                            SyscallNumber.OPENAT,
                            AT_FDCWD,
                            arena.allocateFrom(path.toString()).address(),
                            O_DIRECTORY | O_CLOEXEC,
                            0)));
        }
    }

    /** Returns the descriptor number, or -1 once closed; the kernel answers {@code EBADF} to that. */
    public int number() {
        return state < 0 ? CLOSED : number;
    }

    /**
     * Begins a call: the number stays this file's until {@link #release}, whoever closes meanwhile. Allocates nothing.
     *
     * @return the number, or -1 once closed, when there is nothing to release
     */
    public int hold() {
        while (true) {
            int seen = state;
            if (seen < 0) {
                return CLOSED;
            }
            if (STATE.compareAndSet(this, seen, seen + 1)) {
                return number;
            }
        }
    }

    /** Ends a call that {@link #hold} began. */
    public void release() {
        if ((int) STATE.getAndAdd(this, -1) == CLOSING + 1) {
            giveBack();
        }
    }

    /** Returns whether the descriptor has not been closed. */
    public boolean isOpen() {
        return state >= 0;
    }

    /**
     * Closes the descriptor, now or with the last call that holds it. Linux frees the number whatever close(2) answers, so errors are of no use
     * and not reported.
     */
    @Override
    public void close() {
        if ((int) STATE.getAndBitwiseOr(this, CLOSING) == 0) {
            giveBack();
        }
    }

    private void giveBack() {
        LeakDetector.closed(this);
        Syscall.call(SyscallNumber.CLOSE, number);
    }

    @Override
    public String toString() {
        return "fd " + number();
    }
}
