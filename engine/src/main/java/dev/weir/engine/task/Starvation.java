package dev.weir.engine.task;

/**
 * Tells a heap that stays full from one allocation too many: failures for want of heap that go on for {@value #LONGEST_SECONDS} seconds, none more
 * than {@value #GAP_SECONDS} seconds after the one before. Guarded by itself; time is {@link System#nanoTime}.
 */
final class Starvation {
    static final int LONGEST_SECONDS = 60;
    static final int GAP_SECONDS = 10;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private long sinceNanos;
    private long latestNanos;
    private boolean ever;

    /** Notes a failure; true if it has gone on for too long. */
    synchronized boolean met(long nowNanos) {
        if (!ever || nowNanos - latestNanos > GAP_SECONDS * SECOND_NANOS) {
            ever = true;
            sinceNanos = nowNanos;
        }
        latestNanos = nowNanos;
        return nowNanos - sinceNanos >= LONGEST_SECONDS * SECOND_NANOS;
    }
}
