package dev.weir.engine.query;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A query, or an answer, that waits for somebody outside ({@code dq:suspend}). A rule has asked for it; the walk leaves it here when the rule has returned; whoever takes
 * it out of {@link Suspensions} owns it until it goes on or is given up.
 */
public final class Suspended {
    private static final long PATIENCE_MILLIS = 1_000;

    private final long key;
    private final boolean answer;
    private volatile @Nullable Future<?> expiry;
    private final CountDownLatch left = new CountDownLatch(1);

    // Written before it is left, read afterwards.
    private @Nullable Query query;
    private byte[] packet = {};
    private @Nullable Executor home;
    private @Nullable Rest rest;

    /** What is done with it in the end, on the thread that it came from. */
    public interface Rest {
        void goOn(Query query);

        void giveUp(Query query);
    }

    Suspended(long key, boolean answer) {
        this.key = key;
        this.answer = answer;
    }

    /** What has it go on when nobody takes it out. */
    void expiresBy(Future<?> task) {
        expiry = task;
    }

    /** Somebody has taken it out. */
    void taken() {
        Future<?> task = expiry;
        if (task != null) {
            task.cancel(false);
        }
    }

    long key() {
        return key;
    }

    /** Whether it is an answer. */
    public boolean isAnswer() {
        return answer;
    }

    /**
     * Leaves the query, whose packet is copied: the array it stands in is the thread's.
     *
     * @param newHome runs something on the calling thread, soon
     */
    public void leave(Query newQuery, Executor newHome, Rest newRest) {
        packet = newQuery.packetCopy();
        newQuery.keepQuestion();
        newQuery.decided().suspend(null);
        query = newQuery;
        home = newHome;
        rest = newRest;
        left.countDown();
    }

    /** Whether the thread that suspends it has let go of it, which it is about to do. */
    boolean awaitLeft() {
        try {
            return left.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The query with its message, with room behind it; to be called by the owner alone. */
    public Query open() {
        Query mine = Objects.requireNonNull(query);
        if (mine.packet().length == 0) {
            mine.setPacket(Arrays.copyOf(packet, Query.BUFFER), packet.length);
        }
        return mine;
    }

    /** Has it go on behind the rules. Ends the ownership. */
    public void resume() {
        Query mine = open();
        Rest next = Objects.requireNonNull(rest);
        Objects.requireNonNull(home).execute(() -> next.goOn(mine));
    }

    /** Gives it up: the client gets no answer. Ends the ownership. */
    public void drop() {
        Query mine = open();
        Rest next = Objects.requireNonNull(rest);
        Objects.requireNonNull(home).execute(() -> next.giveUp(mine));
    }
}
