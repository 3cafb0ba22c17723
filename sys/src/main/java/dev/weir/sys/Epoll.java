package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Waits for many descriptors at once; each is known by the tag given when it was added.
 *
 * <p>{@link #await} and the accessors belong to one thread; descriptors may be added and removed by any. Level-triggered unless
 * {@link #EDGE_TRIGGERED} is asked for. Nothing allocates after construction but failures.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/epoll.7.html">epoll(7)</a>
 */
public final class Epoll implements AutoCloseable {
    /** Something to read: EPOLLIN. */
    public static final int READABLE = 0x1;
    /** Room to write: EPOLLOUT. */
    public static final int WRITABLE = 0x4;
    /** An error is pending, reported whether asked for or not: EPOLLERR. */
    public static final int ERROR = 0x8;
    /** The other side is gone, reported whether asked for or not: EPOLLHUP. */
    public static final int HANG_UP = 0x10;
    /** Report changes only: EPOLLET. */
    public static final int EDGE_TRIGGERED = 1 << 31;

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;

    private final Arena arena = Arena.ofShared();
    private final Fd fd;
    private final MemorySegment events;
    private final int maxEvents;

    /** @param maxEvents how many ready descriptors one {@link #await} reports at most */
    public Epoll(int maxEvents) throws SyscallException {
        this.maxEvents = maxEvents;
        fd = new Fd((int)
                SyscallException.check("epoll_create1", Syscall.call(SyscallNumber.EPOLL_CREATE1, EPOLL_CLOEXEC)));
        events = arena.allocate(maxEvents * EpollEvent.BYTES, Long.BYTES);
    }

    /**
     * Adds a descriptor.
     *
     * @param interest {@link #READABLE}, {@link #WRITABLE}, {@link #EDGE_TRIGGERED}, or-ed
     * @param tag what {@link #tag} gives back
     */
    public void add(Fd target, int interest, int tag) throws SyscallException {
        control("EPOLL_CTL_ADD", EPOLL_CTL_ADD, target, interest, tag);
    }

    /** Adds a descriptor that whoever has it keeps open as long as this is used. */
    public void add(int descriptor, int interest, int tag) throws SyscallException {
        control("EPOLL_CTL_ADD", EPOLL_CTL_ADD, descriptor, interest, tag);
    }

    /** Changes interest and tag of a descriptor that was added. */
    public void modify(Fd target, int interest, int tag) throws SyscallException {
        control("EPOLL_CTL_MOD", EPOLL_CTL_MOD, target, interest, tag);
    }

    /** Removes a descriptor; closing it does the same. Reports already taken by {@link #await} remain. */
    public void remove(Fd target) throws SyscallException {
        control("EPOLL_CTL_DEL", EPOLL_CTL_DEL, target, 0, 0);
    }

    /** Removes a descriptor that was added by its number. */
    public void remove(int descriptor) throws SyscallException {
        control("EPOLL_CTL_DEL", EPOLL_CTL_DEL, descriptor, 0, 0);
    }

    /**
     * Waits until something is ready.
     *
     * @param timeoutMs 0 does not wait, -1 waits without end
     * @return the number of reports, 0 on timeout or interruption by a signal, or {@code -errno}
     */
    public int await(int timeoutMs) {
        long result = Syscall.call(
                SyscallNumber.EPOLL_PWAIT, fd.number(), events.address(), maxEvents, timeoutMs, 0 /* no mask */);
        return result == -Errno.EINTR ? 0 : (int) result;
    }

    /** Returns the tag of report {@code i} of the last {@link #await}. */
    public int tag(int i) {
        return (int) events.get(Struct.U64, i * EpollEvent.BYTES + EpollEvent.DATA);
    }

    /** Returns what is ready in report {@code i}: {@link #READABLE}, {@link #WRITABLE}, {@link #ERROR}, {@link #HANG_UP}, or-ed. */
    public int ready(int i) {
        return events.get(Struct.U32, i * EpollEvent.BYTES + EpollEvent.EVENTS);
    }

    /** Closes the descriptor and frees the memory; no thread may be inside {@link #await}. */
    @Override
    public void close() {
        fd.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private void control(String name, int operation, Fd target, int interest, int tag) throws SyscallException {
        try (HeldFds held = new HeldFds()) {
            control(name, operation, held.number(target), interest, tag);
        }
    }

    private void control(String name, int operation, int descriptor, int interest, int tag) throws SyscallException {
        try (Arena call = Arena.ofConfined();
                HeldFds held = new HeldFds()) {
            MemorySegment event = call.allocate(EpollEvent.BYTES, Long.BYTES);
            event.set(Struct.U32, EpollEvent.EVENTS, interest);
            event.set(Struct.U64, EpollEvent.DATA, Integer.toUnsignedLong(tag));
            SyscallException.check(
                    "epoll_ctl(" + name + ", fd " + descriptor + ")",
                    Syscall.call(SyscallNumber.EPOLL_CTL, held.number(fd), operation, descriptor, event.address()));
        }
    }
}
