package dev.weir.gate.filter;

import dev.weir.engine.log.Log;
import dev.weir.sys.DirectoryLock;
import dev.weir.sys.SyscallException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Has the processes that share a directory of pinned tables take turns: what changes an entry and its end is several system calls.
 *
 * <p>A flood must not wait for a process that somebody has stopped: after a moment work goes on without the lock. What can happen then is what
 * the order of writing in {@link BlockTable} leaves possible, which is little. Any thread; threads of this process take turns as well.
 */
final class PinLock implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final ReentrantLock turn = new ReentrantLock();
    private final @Nullable DirectoryLock lock;
    private boolean held;
    private boolean told;

    private PinLock(@Nullable DirectoryLock lock) {
        this.lock = lock;
    }

    /** @param directory of pins, empty if nothing is pinned: nobody else is there then */
    static PinLock of(String directory) {
        try {
            return new PinLock(directory.isEmpty() ? null : DirectoryLock.open(Path.of(directory)));
        } catch (SyscallException e) {
            Log.debug("The directory of pinned tables can't be locked", "ebpf", "error", e.getMessage());
            return new PinLock(null);
        }
    }

    void acquire() {
        turn.lock();
        if (lock == null || turn.getHoldCount() > 1) {
            return;
        }
        try {
            long start = System.nanoTime();
            held = lock.tryLock();
            while (!held && System.nanoTime() - start < PATIENCE_NANOS) {
                LockSupport.parkNanos(PAUSE_NANOS);
                held = lock.tryLock();
            }
            if (!held) {
                tell("another process has held it for long");
            }
        } catch (SyscallException e) {
            tell(String.valueOf(e.getMessage()));
        }
    }

    /** Whether nobody else is at work; without a lock to hold, none is there. To be called between {@link #acquire} and {@link #release}. */
    boolean isHeld() {
        return lock == null || held;
    }

    private void tell(String error) {
        if (!told) {
            told = true;
            Log.warning("Going on without the lock on the directory of pinned tables", "ebpf", "error", error);
        }
    }

    void release() {
        try {
            if (lock != null && held && turn.getHoldCount() == 1) {
                held = false;
                lock.unlock();
            }
        } catch (SyscallException e) {
            tell(String.valueOf(e.getMessage()));
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        if (lock != null) {
            lock.close();
        }
    }
}
