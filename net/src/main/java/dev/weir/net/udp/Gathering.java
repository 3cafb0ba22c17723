package dev.weir.net.udp;

/**
 * Decides when a listener lets queries gather for a moment before it takes them in, as network interfaces do when they moderate their
 * interrupts.
 *
 * <p>A listener is faster than most clients write: without a pause it wakes for a few queries at a time, and the answers to one client,
 * which could go through the kernel as one message ({@link dev.weir.sys.SendBatch}), leave one by one. Where a few clients ask a lot, a
 * pause of {@link #PAUSE_NANOS} halves what a cache hit costs and lets through half as many again; where every query comes from another
 * client it neither helps nor costs ({@code docs/performance.md}, Gathering).
 *
 * <p>It is worth it only at high rates, where a query waits longer than that for the processor anyway, and only while the listener
 * answers most queries itself. To a query that is forwarded the pause would come twice; and where queries are dropped there is nothing to
 * send, and falling asleep costs more than the system calls that it saves.
 *
 * <p>Belongs to the listener's thread.
 */
final class Gathering {
    /** How long queries may gather. */
    static final long PAUSE_NANOS = 40_000;

    /** So many answers at least must be expected for the queries of a pause. */
    private static final int WORTH_ANSWERS = 4;

    /** At most one query in so many may be forwarded or dropped. */
    private static final int OTHERS_SHARE = 4;

    /** The rate is that of the last window, which a turn ends: an idle listener starts without a pause. */
    private static final long WINDOW_NANOS = 1_000_000;

    private final int fullBatch;
    private long windowStart;
    private long received;
    private long answered;
    private boolean manyAnswers;
    private boolean moreWaits;

    /** @param fullBatch when so many come at once, more are waiting already */
    Gathering(int fullBatch) {
        this.fullBatch = fullBatch;
    }

    /** Queries came in. */
    void received(int count) {
        received += count;
        moreWaits = count == fullBatch;
    }

    /** One of them was answered at once. */
    void answered() {
        answered++;
    }

    /** Whether the listener should pause now, at the end of a turn of its loop. */
    boolean worthIt(long nowNanos) {
        long passed = nowNanos - windowStart;
        if (passed >= WINDOW_NANOS) {
            long others = received - answered;
            manyAnswers = answered * PAUSE_NANOS >= WORTH_ANSWERS * passed && others * OTHERS_SHARE <= received;
            windowStart = nowNanos;
            received = 0;
            answered = 0;
        }
        return manyAnswers && !moreWaits;
    }
}
