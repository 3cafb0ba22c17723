package dev.weir.net.stream;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.model.Tuning;
import java.util.concurrent.TimeUnit;

/**
 * What one client's connection may do, at the moment of the question: limits are tighter while its listener or its client has nearly as many
 * connections as it may have.
 */
final class ConnectionLimits implements SessionLimits {
    private static final long OVERLOADED_READ_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long OVERLOADED_DURATION_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Listening listener;
    private final Tuning tuning;
    private final ClientTable clients;
    private final ClientTable.Client account;

    ConnectionLimits(Listening listener, Tuning tuning, ClientTable clients, ClientTable.Client account) {
        this.listener = listener;
        this.tuning = tuning;
        this.clients = clients;
        this.account = account;
    }

    private boolean overloaded() {
        return clients.overloaded(account) || listener.overloaded(tuning.tcpConnectionsOverloadThreshold);
    }

    @Override
    public int inFlight() {
        return Math.max(1, listener.maxInFlight());
    }

    @Override
    public boolean hasAskedEnough(int queries) {
        int most = overloaded() ? 1 : tuning.maxTcpQueriesPerConnection;
        return most > 0 && queries >= most;
    }

    @Override
    public boolean tooManyReads(int reads) {
        return tuning.maxTcpReadIosPerQuery > 0 && reads >= tuning.maxTcpReadIosPerQuery;
    }

    /** Only where the whole connection has an end, and pieces are not counted. */
    @Override
    public boolean piecesGainTime() {
        return tuning.maxTcpReadIosPerQuery <= 0 && tuning.maxTcpConnectionDurationSeconds > 0;
    }

    @Override
    public long readNanos() {
        return overloaded()
                ? OVERLOADED_READ_NANOS
                : TimeUnit.SECONDS.toNanos(Math.max(1, tuning.tcpRecvTimeoutSeconds));
    }

    @Override
    public long sendNanos() {
        return TimeUnit.SECONDS.toNanos(Math.max(1, tuning.tcpSendTimeoutSeconds));
    }

    @Override
    public long durationNanos() {
        return overloaded()
                ? OVERLOADED_DURATION_NANOS
                : TimeUnit.SECONDS.toNanos(tuning.maxTcpConnectionDurationSeconds);
    }

    void banForTooManyReads(Peer peer, long nowNanos) {
        clients.ban(peer, tuning.banSecondsForExceedingMaxReadIosPerQuery, nowNanos);
    }

    /** Whether a handshake of this kind, the client's latest of several, came no faster than they may. Else it is banned for a while. */
    boolean admitsSession(Peer peer, boolean resumed, long nowNanos) {
        return clients.admitsSession(peer, resumed, nowNanos);
    }

    /** The connection is over. */
    void leave() {
        clients.leave(account);
    }
}
