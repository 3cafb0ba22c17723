package dev.weir.gate.filter;

import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.log.Log;
import dev.weir.gate.guard.Growth;
import dev.weir.sys.DirectoryLock;
import dev.weir.sys.SyscallException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final long GROWING_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final ReentrantLock turn = new ReentrantLock();
    private final @Nullable DirectoryLock lock;
    private final List<FilterTable<?, ?>> tables = new CopyOnWriteArrayList<>();
    private final @Nullable Path mark;
    private final long patienceNanos;
    private final AtomicLong turns = new AtomicLong(1);
    private boolean held;
    private boolean told;

    private PinLock(@Nullable DirectoryLock lock, @Nullable Path mark, long patienceNanos) {
        this.lock = lock;
        this.mark = mark;
        this.patienceNanos = patienceNanos;
    }

    /**
     * @param directory of pins, empty if nothing is pinned: nobody else is there then
     * @param patienceNanos how long to wait for others
     */
    static PinLock of(String directory, long patienceNanos) {
        try {
            return directory.isEmpty()
                    ? new PinLock(null, null, patienceNanos)
                    : new PinLock(
                            DirectoryLock.open(Path.of(directory)),
                            Path.of(directory).resolve(Growth.MARK),
                            patienceNanos);
        } catch (SyscallException e) {
            Log.debug("The directory of pinned tables can't be locked", "ebpf", "error", e);
            return new PinLock(null, null, patienceNanos);
        }
    }

    /** Has a table looked after: it must not be another map while work on it goes on without the lock. */
    <T extends FilterTable<?, ?>> T guarding(T table) {
        tables.add(table);
        return table;
    }

    /** Has tables look at their pins again before they are read: without a turn, for readers keep nobody waiting. */
    void look() {
        turns.incrementAndGet();
    }

    /** The number of the turn that is, or that was last. */
    long turn() {
        return turns.get();
    }

    /** Does what takes the lock itself, in the middle of a turn or without one; tables may be others afterwards. */
    void outside(Work<?> work) throws KernelException {
        boolean before = turn.isHeldByCurrentThread() && held;
        if (before) {
            unlock();
        }
        try {
            work.run();
        } finally {
            turns.incrementAndGet();
            if (before) {
                lock();
            }
        }
    }

    /** Work on tables. */
    interface Work<T> {
        T run() throws KernelException;
    }

    /** Does work in a turn. If it had to go without the lock, and a table has moved meanwhile, it is done again where the table is now. */
    <T> T during(Work<T> work) throws KernelException {
        acquire();
        try {
            T result = work.run();
            if (!isHeld() && haveMoved()) {
                turns.incrementAndGet();
                work.run();
            }
            return result;
        } finally {
            release();
        }
    }

    private boolean haveMoved() throws KernelException {
        boolean moved = false;
        for (FilterTable<?, ?> table : tables) {
            moved |= table.hasMoved();
        }
        return moved;
    }

    void acquire() {
        turn.lock();
        if (turn.getHoldCount() > 1) {
            return;
        }
        turns.incrementAndGet();
        lock();
    }

    private void lock() {
        if (lock == null) {
            return;
        }
        try {
            long start = System.nanoTime();
            held = lock.tryLock();
            while (!held && System.nanoTime() - start < patienceNanos()) {
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

    /** While tables grow all wait: what is written into the old ones may be too late for the new ones. */
    private long patienceNanos() {
        return mark != null && Files.isSymbolicLink(mark) ? Math.max(patienceNanos, GROWING_NANOS) : patienceNanos;
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
            if (turn.getHoldCount() == 1) {
                unlock();
            }
        } finally {
            turn.unlock();
        }
    }

    private void unlock() {
        if (lock == null || !held) {
            return;
        }
        held = false;
        try {
            lock.unlock();
        } catch (SyscallException e) {
            tell(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        if (lock != null) {
            lock.close();
        }
    }
}
