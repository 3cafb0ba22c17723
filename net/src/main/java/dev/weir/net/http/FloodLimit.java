package dev.weir.net.http;

import java.util.concurrent.TimeUnit;

/** How often something may happen within a time; the times follow one another. Not for several threads. */
final class FloodLimit {
    private final int most;
    private final long spanNanos;
    private long beganNanos;
    private int count;

    FloodLimit(int most, int seconds, long nowNanos) {
        this.most = most;
        this.spanNanos = TimeUnit.SECONDS.toNanos(seconds);
        this.beganNanos = nowNanos;
    }

    /** It has happened once more: false if that was once too often. */
    boolean admits(long nowNanos) {
        if (nowNanos - beganNanos >= spanNanos) {
            beganNanos = nowNanos;
            count = 0;
        }
        return ++count <= most;
    }
}
