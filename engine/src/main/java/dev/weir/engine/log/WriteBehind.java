package dev.weir.engine.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue in front of something that may block for ever, such as a pipe that nobody reads, and the one thread that writes there in order.
 *
 * <p>Whoever offers never waits: what has no room falls out, is counted, and is told to the {@link Writer} once half of the room is free again.
 * Any thread may offer. The thread starts with the first item and is a daemon; {@link #await} before the end of the process lets it finish.
 *
 * @param <T> what is written
 */
public final class WriteBehind<T> {
    /** Without progress for so long the other end counts as stuck. */
    private static final long STUCK_NANOS = 400_000_000L;

    private final String name;
    private final int mostItems;
    private final long mostBytes;
    private final ToIntFunction<T> bytesOf;
    private final Writer<T> writer;

    // All below: only under the lock.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition progressed = lock.newCondition();
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private long bytes;
    private long lost;
    private long lostUntold;
    private long written;
    private boolean atWork;
    private boolean started;
    private boolean closed;

    /** The far end; called on the queue's own thread only. */
    public interface Writer<T> {
        /** Writes one item, however long that takes. What it throws counts the item as lost. */
        void write(T item) throws IOException;

        /** Nothing waits any more: the time to flush. */
        default void idle() throws IOException {}

        /** So many items fell out since the last call, and there is room again. */
        void lost(long items);
    }

    /**
     * An empty queue.
     *
     * @param name of the thread
     * @param mostItems how many items may wait
     * @param mostBytes and how many bytes they may have together
     */
    public WriteBehind(String name, int mostItems, long mostBytes, ToIntFunction<T> bytesOf, Writer<T> writer) {
        this.name = name;
        this.mostItems = mostItems;
        this.mostBytes = mostBytes;
        this.bytesOf = bytesOf;
        this.writer = writer;
    }

    /** Queues an item; false if it fell out. */
    public boolean offer(T item) {
        int size = bytesOf.applyAsInt(item);
        lock.lock();
        try {
            if (closed || waiting.size() >= mostItems || bytes + size > mostBytes || !start()) {
                lost++;
                lostUntold++;
                return false;
            }
            waiting.addLast(item);
            bytes += size;
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean start() {
        if (!started) {
            try {
                Thread.ofPlatform().daemon().name(name).start(this::run);
            } catch (OutOfMemoryError noThread) {
                return false;
            }
            started = true;
        }
        return true;
    }

    /** Items that fell out or could not be written so far. */
    public long lost() {
        lock.lock();
        try {
            return lost;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until everything has been written.
     *
     * @return false when the time is over, or when the far end takes nothing any more
     */
    public boolean await(long millis) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            long seen = written;
            long seenNanos = System.nanoTime();
            while (!waiting.isEmpty() || atWork) {
                long nowNanos = System.nanoTime();
                if (seen != written) {
                    seen = written;
                    seenNanos = nowNanos;
                }
                long leftNanos = Math.min(endNanos, seenNanos + STUCK_NANOS) - nowNanos;
                if (leftNanos <= 0) {
                    return false;
                }
                var _ = progressed.awaitNanos(leftNanos);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more: what waits is written, then the thread ends. Any thread, but for the one that writes. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!isDone()) {
            try {
                turn();
            } catch (Throwable e) {
                // Of all threads this one can't log what it met; the count of lost items tells.
                countLost();
            }
        }
    }

    private void turn() throws IOException {
        T item = take();
        if (item == null) {
            writer.idle();
            awaitArrival();
            return;
        }
        writer.write(item);
        long toTell = done();
        if (toTell > 0) {
            writer.lost(toTell);
        }
    }

    private boolean isDone() {
        lock.lock();
        try {
            return closed && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable T take() {
        lock.lock();
        try {
            T item = waiting.pollFirst();
            if (item != null) {
                bytes -= bytesOf.applyAsInt(item);
                atWork = true;
            }
            return item;
        } finally {
            lock.unlock();
        }
    }

    /** Counts an item as written; how many are to be told of as lost. */
    private long done() {
        lock.lock();
        try {
            written++;
            progressed.signalAll();
            boolean room = waiting.size() <= mostItems / 2 && bytes <= mostBytes / 2;
            long toTell = room ? lostUntold : 0;
            lostUntold -= toTell;
            return toTell;
        } finally {
            lock.unlock();
        }
    }

    private void countLost() {
        lock.lock();
        try {
            lost++;
        } finally {
            lock.unlock();
        }
    }

    private void awaitArrival() {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                atWork = false;
                progressed.signalAll();
            }
            while (waiting.isEmpty() && !closed) {
                arrived.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
