package dev.weir.engine.task;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Keeps one kind of loop or task alive: whatever a turn of it throws, {@link Error}s included, is counted and logged with its thread, and ends
 * that turn only.
 *
 * <pre>{@code
 * private static final FaultGuard GUARD = new FaultGuard("Error in a listener's loop", "net");
 *
 * GUARD.repeat(() -> !stopping, this::turn);                     // a thread's loop
 * eventLoop.schedule(GUARD.around(this::sweep), 1, SECONDS);     // a task
 * GUARD.run(() -> callback.changed(backend));                    // somebody else's code
 * try { ... } catch (Throwable e) { GUARD.caught(e); }           // where a lambda would allocate
 * }</pre>
 *
 * <p>A stack that overflowed has been unwound when the error arrives here, and a heap that was full has lost what the turn held; so going on
 * is right after these too, but for a heap that stays full: {@link #whenStarved}. The guard itself throws nothing: if there is no memory for the
 * line, the failure is only counted.
 *
 * <p>Any thread. A guard lets one line a second through, so it is normally a static field, one for each kind of work.
 */
public final class FaultGuard {
    private static final AtomicLong TOTAL = new AtomicLong();
    private static final Starvation STARVATION = new Starvation();
    private static volatile Runnable starved = () -> {};
    private static final int LINE_PERIOD_SECONDS = 1;
    private static final int PLACES = 3;

    /** What the JVM says when the heap is full; threads and direct buffers have other words. */
    private static final String HEAP = "Java heap space";

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 100_000_000;

    private final String what;
    private final String subsystem;
    private final AtomicLong count = new AtomicLong();
    private final LogLimit limit = new LogLimit(LINE_PERIOD_SECONDS);

    /** One turn of a loop. */
    @FunctionalInterface
    public interface Turn {
        /** @throws InterruptedException to end the loop */
        void run() throws Exception;
    }

    /**
     * A guard that begins its lines with {@code what}.
     *
     * @param subsystem the part of Weir that speaks, as in {@link Log}
     */
    public FaultGuard(String what, String subsystem) {
        this.what = what;
        this.subsystem = subsystem;
    }

    /**
     * Repeats a turn on this thread while it is wanted, or until a turn is interrupted. When turns fail one after another, pauses between
     * them grow to {@value #LONGEST_PAUSE_NANOS} ns, so that a failure that lasts takes neither a processor nor the disk.
     */
    public void repeat(BooleanSupplier wanted, Turn turn) {
        long pauseNanos = 0;
        while (wanted.getAsBoolean()) {
            try {
                turn.run();
                pauseNanos = 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Throwable e) {
                caught(e);
                if (pauseNanos > 0) {
                    LockSupport.parkNanos(pauseNanos);
                }
                pauseNanos = Math.clamp(2 * pauseNanos, FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
            }
        }
    }

    /** Runs a task; false if it threw. */
    public boolean run(Runnable task) {
        try {
            task.run();
            return true;
        } catch (Throwable e) {
            caught(e);
            return false;
        }
    }

    /** The task under this guard. */
    public Runnable around(Runnable task) {
        return () -> run(task);
    }

    /** Counts a failure and logs it, now and then. */
    public void caught(Throwable failure) {
        TOTAL.getAndIncrement();
        count.getAndIncrement();
        try {
            long nowNanos = System.nanoTime();
            if (failure instanceof OutOfMemoryError && HEAP.equals(failure.getMessage()) && STARVATION.met(nowNanos)) {
                starved.run();
            }
            long times = limit.admit(nowNanos);
            if (times > 0) {
                Log.error(
                        what,
                        subsystem,
                        "error",
                        failure.toString(),
                        "thread",
                        Thread.currentThread().getName(),
                        "at",
                        places(failure),
                        "count",
                        times);
            }
        } catch (Throwable unsaid) {
            // Neither heap nor stack for a line: the counters tell.
        }
    }

    private static String places(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        StringBuilder places = new StringBuilder();
        for (int i = 0; i < Math.min(PLACES, trace.length); i++) {
            places.append(i == 0 ? "" : " < ").append(trace[i]);
        }
        return places.toString();
    }

    /** What ends the process when the heap has been full for {@value Starvation#LONGEST_SECONDS} seconds: only a new start gives memory back then. */
    public static void whenStarved(Runnable end) {
        starved = end;
    }

    /** Failures that this guard has caught. */
    public long count() {
        return count.get();
    }

    /** Failures that all guards of the process have caught: {@code survived-errors} of the statistics. */
    public static long total() {
        return TOTAL.get();
    }
}
