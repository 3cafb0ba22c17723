package dev.weir.engine.log;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets one log line through per period and counts the rest, for errors that a packet can cause.
 *
 * <pre>{@code
 * long times = LIMIT.admit(nowNs);
 * if (times > 0) {
 *     Log.warning("Error sending a response", "net", "error", text, "count", times);
 * }
 * }</pre>
 *
 * <p>Any thread; lock-free; allocates nothing. One limit is for one kind of line, so it is normally a static field.
 */
public final class LogLimit {
    private final long periodNs;
    private final AtomicLong nextNs = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong occurrences = new AtomicLong();

    /** A limit of one line per {@code periodSeconds}. */
    public LogLimit(int periodSeconds) {
        periodNs = periodSeconds * 1_000_000_000L;
    }

    /**
     * Counts one occurrence.
     *
     * @param nowNs {@link System#nanoTime()}, or the time the caller already has
     * @return 0 when the line is to stay away, else how often it happened since the last line, this time included
     */
    public long admit(long nowNs) {
        occurrences.getAndIncrement();
        long next = nextNs.get();
        boolean first = next == Long.MIN_VALUE;
        if (!first && nowNs - next < 0) {
            return 0;
        }
        if (!nextNs.compareAndSet(next, nowNs + periodNs)) {
            return 0;
        }
        return occurrences.getAndSet(0);
    }
}
