package dev.weir.sys;

/**
 * The owner of a file descriptor: closing it twice does nothing, and its number is forgotten on closing, because the kernel gives the
 * number to the next file that anyone opens.
 *
 * <p>Any thread may close, once no other thread is inside a call on it.
 */
public final class Fd implements AutoCloseable {
    private static final int CLOSED = -1;

    private volatile int number;

    Fd(int number) {
        this.number = number;
    }

    /** Returns the descriptor number, or -1 once closed; the kernel answers {@code EBADF} to that. */
    public int number() {
        return number;
    }

    /** Returns whether the descriptor has not been closed. */
    public boolean isOpen() {
        return number != CLOSED;
    }

    /** Closes the descriptor. Linux frees the number whatever close(2) answers, so errors are of no use and not reported. */
    @Override
    public synchronized void close() {
        int closing = number;
        if (closing != CLOSED) {
            number = CLOSED;
            Syscall.call(SyscallNumber.CLOSE, closing);
        }
    }

    @Override
    public String toString() {
        return "fd " + number;
    }
}
