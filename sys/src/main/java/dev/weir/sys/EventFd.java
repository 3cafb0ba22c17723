package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Wakes a thread that waits in {@link Epoll#await}: a counter that is readable while it is not 0.
 *
 * <p>Any thread may {@link #signal}, also while another closes; one thread {@link #drain drains}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/eventfd.2.html">eventfd(2)</a>
 */
public final class EventFd implements AutoCloseable {
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final MemorySegment ONE = Arena.global().allocateFrom(Struct.U64, 1);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment counter;
    private final Fd fd;

    public EventFd() throws SyscallException {
        fd = new Fd((int) SyscallException.check(
                "eventfd2", Syscall.call(SyscallNumber.EVENTFD2, 0, EFD_NONBLOCK | EFD_CLOEXEC)));
        counter = arena.allocate(Long.BYTES, Long.BYTES);
    }

    /** Returns the descriptor to add to an {@link Epoll} as {@link Epoll#READABLE}. */
    public Fd fd() {
        return fd;
    }

    /** Makes it readable. After closing it does nothing: under the lock the number can not have become another file's. */
    public synchronized void signal() {
        if (fd.isOpen()) {
            // EAGAIN means the counter is at its maximum, so the reader is being woken anyway.
            Syscall.call(SyscallNumber.WRITE, fd.number(), ONE.address(), Long.BYTES);
        }
    }

    /** Returns the number of signals since the last drain, 0 if none. */
    public long drain() {
        long result = Syscall.call(SyscallNumber.READ, fd.number(), counter.address(), Long.BYTES);
        return result == Long.BYTES ? counter.get(Struct.U64, 0) : 0;
    }

    /** Closes the descriptor; the draining thread must have stopped. */
    @Override
    public synchronized void close() {
        fd.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
