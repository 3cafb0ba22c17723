package dev.weir.config.change;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** How the latest {@value #MOST} readings of the configuration have ended, looks aside. Any thread. */
public final class ReloadHistory {
    static final int MOST = 20;

    private final Deque<Past> latest = new ArrayDeque<>();

    /** One reading, and when it had ended, by the clock on the wall. */
    public record Past(Instant at, ReloadReport report) {}

    /** Takes one more; the oldest is forgotten. */
    public synchronized void add(Instant at, ReloadReport report) {
        latest.addFirst(new Past(at, report));
        if (latest.size() > MOST) {
            latest.removeLast();
        }
    }

    /** The latest first. */
    public synchronized List<Past> latest() {
        return List.copyOf(latest);
    }
}
