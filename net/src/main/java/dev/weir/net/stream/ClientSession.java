package dev.weir.net.stream;

/**
 * One client's queries over a stream, as far as numbers, order and time go: how many are worked on, how many there were, until when the next
 * one is waited for, and whether any more are taken. Knows nothing of sockets and frames: whoever has these tells it what happens, and asks
 * what may.
 *
 * <pre>
 *   taking ──► ending: no more queries are taken ──► lingering: all answers are out, our direction is closed
 * </pre>
 *
 * Times are {@link System#nanoTime}. Belongs to its loop's thread.
 */
final class ClientSession {
    private final SessionLimits limits;
    private final long openedNanos;
    private int inFlight;
    private int queries;
    private int readsForMessage;
    private long reads;

    /** Since when the next query, or the rest of it, is waited for. */
    private long waitingSinceNanos;

    private boolean inputClosed;
    private boolean ending;
    private boolean lingering;
    private long lingerUntilNanos;

    ClientSession(SessionLimits limits, long openedNanos) {
        this.limits = limits;
        this.openedNanos = openedNanos;
        this.waitingSinceNanos = openedNanos;
    }

    // ---- what happens

    /**
     * Octets came in.
     *
     * @param rest whether they continue a message
     */
    void received(boolean rest, long nowNanos) {
        if (!rest || limits.piecesGainTime()) {
            waitingSinceNanos = nowNanos;
        }
        reads++;
        readsForMessage++;
    }

    /** The client will send no more. */
    void inputClosed() {
        inputClosed = true;
    }

    /** A whole query was taken, and is worked on from now on. */
    void took(long nowNanos) {
        waitingSinceNanos = nowNanos;
        readsForMessage = 0;
        queries++;
        inFlight++;
        ending |= limits.hasAskedEnough(queries);
    }

    /** Something is on its way to the client, which has the more time. */
    void passed(long nowNanos) {
        waitingSinceNanos = nowNanos;
    }

    /** A query that was taken is no longer worked on, whatever became of it. */
    void done() {
        inFlight--;
    }

    /** No more queries are taken. */
    void end() {
        ending = true;
    }

    /** All that is to be said is said: the client has until then to take it, and to close. */
    void linger(long untilNanos) {
        lingering = true;
        lingerUntilNanos = untilNanos;
    }

    // ---- what may be

    /** Whether one more query may be taken now. */
    boolean mayTake() {
        return !ending && inFlight < limits.inFlight();
    }

    /** Whether as many queries are worked on as may be. */
    boolean isFull() {
        return inFlight >= limits.inFlight();
    }

    boolean isEnding() {
        return ending;
    }

    /** Whether nothing is worked on, and no more will be. */
    boolean isDone() {
        return ending && inFlight == 0;
    }

    boolean isLingering() {
        return lingering;
    }

    boolean isInputClosed() {
        return inputClosed;
    }

    boolean isWorking() {
        return inFlight > 0;
    }

    /** Whether the message at hand has come in more pieces than it may. */
    boolean hasTooManyReads() {
        return limits.tooManyReads(readsForMessage);
    }

    int queries() {
        return queries;
    }

    long reads() {
        return reads;
    }

    long openedNanos() {
        return openedNanos;
    }

    /**
     * The earliest of the limits that hold now, or a look at things later on.
     *
     * @param outputWaits whether the client has not taken all that was written
     * @param outputProgressNanos when it last took some of it
     */
    long deadlineNanos(long nowNanos, boolean outputWaits, long outputProgressNanos) {
        long at = (inFlight > 0 ? nowNanos : waitingSinceNanos) + limits.readNanos();
        if (lingering) {
            at = lingerUntilNanos;
        } else if (outputWaits) {
            at = outputProgressNanos + limits.sendNanos();
        }
        return limits.endedBy(at, openedNanos);
    }
}
