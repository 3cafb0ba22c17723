package dev.weir.net.stream;

/** What one client may do, at the moment of the question. */
interface SessionLimits {
    /** Queries worked on at a time; at least 1. */
    int inFlight();

    /** Whether a client that has asked so often may not ask again. */
    boolean hasAskedEnough(int queries);

    /** Whether a message that has come in so many pieces, and is not complete, may have no more. */
    boolean tooManyReads(int reads);

    /** Whether each piece of a message gains time for the next. */
    boolean piecesGainTime();

    /** How long the client may send nothing while we wait for it. */
    long readNanos();

    /** How long the client may take nothing of what waits for it. */
    long sendNanos();

    /** How long the session may last; 0: as long as it likes. */
    long durationNanos();

    /** A deadline, or the end of a session opened then if that comes first. */
    default long endedBy(long deadlineNanos, long openedNanos) {
        long duration = durationNanos();
        return duration > 0 ? Math.min(deadlineNanos, openedNanos + duration) : deadlineNanos;
    }
}
