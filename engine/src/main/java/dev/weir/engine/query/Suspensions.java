package dev.weir.engine.query;

import dev.weir.engine.task.FaultGuard;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All that is suspended, by the two numbers that the operator's code gave it. What nobody takes out in time goes on by itself. There are never more than
 * {@value #MOST}, since clients make them. Any thread.
 */
public final class Suspensions {
    /** Queries and answers suspended at the same time. */
    public static final int MOST = 65_536;

    private static final FaultGuard GUARD = new FaultGuard("Error while resuming a query", "async");

    private final Map<Long, Suspended> all = new ConcurrentHashMap<>();
    private @Nullable ScheduledThreadPoolExecutor timer;

    /**
     * Has a query suspended as soon as the rule that asks for it has returned.
     *
     * @return false if there is no room, or there is something under these numbers already
     */
    public boolean suspend(Query query, int asyncId, int queryId, long timeoutMillis, boolean answer) {
        Suspended suspended = new Suspended(key(asyncId, queryId), answer);
        if (query.decided().suspension() != null
                || all.size() >= MOST
                || all.putIfAbsent(suspended.key(), suspended) != null) {
            return false;
        }
        query.decided().suspend(suspended);
        suspended.expiresBy(
                timer().schedule(GUARD.around(() -> expire(suspended)), timeoutMillis, TimeUnit.MILLISECONDS));
        return true;
    }

    private static long key(int asyncId, int queryId) {
        return (long) asyncId << 16 | queryId;
    }

    /** Takes one out, for the caller to own; null if there is none. */
    public @Nullable Suspended take(int asyncId, int queryId) {
        Suspended suspended = all.remove(key(asyncId, queryId));
        if (suspended == null) {
            return null;
        }
        suspended.taken();
        return suspended.awaitLeft() ? suspended : null;
    }

    /** A rule has suspended a query where there is no way back into the walk: it goes on at once. */
    public void forget(Query query) {
        Suspended suspended = query.decided().suspension();
        if (suspended != null) {
            query.decided().suspend(null);
            suspended.taken();
            all.remove(suspended.key(), suspended);
        }
    }

    private void expire(Suspended suspended) {
        if (all.remove(suspended.key(), suspended) && suspended.awaitLeft()) {
            suspended.resume();
        }
    }

    /** How many there are. */
    public int size() {
        return all.size();
    }

    private synchronized ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor there = timer;
        if (there == null) {
            there = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("async").factory());
            there.setRemoveOnCancelPolicy(true);
            timer = there;
        }
        return there;
    }
}
