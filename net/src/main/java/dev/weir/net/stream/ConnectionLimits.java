package dev.weir.net.stream;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.model.Tuning;
import java.util.concurrent.TimeUnit;

/**
 * What one client's connection may do, at the moment of the question: limits are tighter while its listener or its client has nearly as many
 * connections as it may have.
 */
final class ConnectionLimits {
    private static final long OVERLOADED_READ_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long OVERLOADED_DURATION_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final StreamListener listener;
    private final Tuning tuning;
    private final ClientTable clients;
    private final ClientTable.Client account;

    ConnectionLimits(StreamListener listener, Tuning tuning, ClientTable clients, ClientTable.Client account) {
        this.listener = listener;
        this.tuning = tuning;
        this.clients = clients;
        this.account = account;
    }

    private boolean overloaded() {
        return clients.overloaded(account) || listener.overloaded(tuning.tcpConnectionsOverloadThreshold);
    }

    /** Queries worked on at a time. */
    int inFlight() {
        return Math.max(1, listener.spec().maxInFlight());
    }

    /** Whether a connection that has asked so often may not ask again. */
    boolean hasAskedEnough(int queries) {
        int most = overloaded() ? 1 : tuning.maxTcpQueriesPerConnection;
        return most > 0 && queries >= most;
    }

    /** Whether a message that has come in so many pieces, and is not complete, may have no more. */
    boolean tooManyReads(int reads) {
        return tuning.maxTcpReadIosPerQuery > 0 && reads >= tuning.maxTcpReadIosPerQuery;
    }

    /** Whether each piece of a message gains time for the next: only where the whole connection has an end, and pieces are not counted. */
    boolean piecesGainTime() {
        return tuning.maxTcpReadIosPerQuery <= 0 && tuning.maxTcpConnectionDurationSeconds > 0;
    }

    /** How long the client may send nothing while we wait for it. */
    long readNanos() {
        return overloaded()
                ? OVERLOADED_READ_NANOS
                : TimeUnit.SECONDS.toNanos(Math.max(1, tuning.tcpRecvTimeoutSeconds));
    }

    /** How long the client may take nothing of what waits for it. */
    long sendNanos() {
        return TimeUnit.SECONDS.toNanos(Math.max(1, tuning.tcpSendTimeoutSeconds));
    }

    /** How long the connection may stay open; 0: as long as it likes. */
    long durationNanos() {
        return overloaded()
                ? OVERLOADED_DURATION_NANOS
                : TimeUnit.SECONDS.toNanos(tuning.maxTcpConnectionDurationSeconds);
    }

    void banForTooManyReads(Peer peer, long nowNanos) {
        clients.ban(peer, tuning.banSecondsForExceedingMaxReadIosPerQuery, nowNanos);
    }

    /** The connection is over. */
    void leave() {
        clients.leave(account);
    }
}
