package dev.weir.ebpf.ring;

import dev.weir.sys.Epoll;
import dev.weir.sys.EventFd;
import dev.weir.sys.Fd;
import dev.weir.sys.SyscallException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who is in memory that a reader shares with the kernel: one thread at a time, none once it is closed. Closing wakes the thread that waits
 * inside, and what is to be released is released by the last one out, because a handler may close the reader that calls it.
 */
final class ReaderDoor {
    private static final int WAKE_UP = -1;

    private final Runnable release;
    private final Epoll epoll;
    private final EventFd wakeUp;
    private final ReentrantLock inside = new ReentrantLock();
    private volatile boolean closed;
    private boolean released;

    /**
     * @param sources how many descriptors there will be to wait for
     * @param release frees the memory that is shared
     */
    ReaderDoor(int sources, Runnable release) throws SyscallException {
        this.release = release;
        epoll = new Epoll(sources + 1);
        try {
            wakeUp = new EventFd();
        } catch (SyscallException e) {
            epoll.close();
            throw e;
        }
        try {
            epoll.add(wakeUp.fd(), Epoll.READABLE, WAKE_UP);
        } catch (SyscallException e) {
            epoll.close();
            wakeUp.close();
            throw e;
        }
    }

    /** Waits for a descriptor as well. */
    void add(Fd source) throws SyscallException {
        epoll.add(source, Epoll.READABLE, 0);
    }

    /** Goes in, when whoever is inside is out. */
    void enter() {
        inside.lock();
    }

    /** Goes out. */
    void leave() {
        if (closed && !released && inside.getHoldCount() == 1) {
            released = true;
            epoll.close();
            wakeUp.close();
            release.run();
        }
        inside.unlock();
    }

    /** Waits, inside, until a descriptor is readable or someone wakes; returns {@code -errno} on failure. */
    int await(int timeoutMs) {
        int ready = epoll.await(timeoutMs);
        for (int i = 0; i < ready; i++) {
            if (epoll.tag(i) == WAKE_UP && !closed) {
                wakeUp.drain();
            }
        }
        return ready;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isOccupied() {
        return inside.isLocked();
    }

    void wakeUp() {
        wakeUp.signal();
    }

    void close() {
        closed = true;
        wakeUp.signal();
        enter();
        leave();
    }
}
