package dev.weir.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Polling with a deadline, for states of other processes that nobody announces. */
public final class Await {
    /** How long to wait for what must come: only a test that fails waits so long, however busy the machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long POLL_NS = 2_000_000;

    private Await() {}

    /**
     * Returns as soon as {@code condition} holds.
     *
     * @throws AssertionError naming {@code what} when it does not hold within {@code limit}
     */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        if (!reached(limit, condition)) {
            throw new AssertionError(what + ": not within " + limit.toMillis() + " ms");
        }
    }

    /** Whether {@code condition} held at some poll within {@code limit}; polled at least once. */
    public static boolean reached(Duration limit, BooleanSupplier condition) {
        long endNs = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - endNs > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return true;
    }
}
