package dev.weir.net.stream;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Setting;
import java.util.concurrent.TimeUnit;

/**
 * What one client's connection may do, at the moment of the question: limits are tighter while its listener or its client has nearly as many
 * connections as it may have.
 */
final class ConnectionLimits implements SessionLimits {
    private static final long OVERLOADED_READ_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long OVERLOADED_DURATION_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Listening listener;
    private final LiveSettings settings;
    private final ClientTable clients;
    private final ClientTable.Client account;

    ConnectionLimits(Listening listener, LiveSettings settings, ClientTable clients, ClientTable.Client account) {
        this.listener = listener;
        this.settings = settings;
        this.clients = clients;
        this.account = account;
    }

    private boolean overloaded() {
        return clients.overloaded(account)
                || listener.overloaded(settings.number(Setting.TCP_CONNECTIONS_OVERLOAD_THRESHOLD));
    }

    @Override
    public int inFlight() {
        return Math.max(1, listener.maxInFlight());
    }

    @Override
    public boolean hasAskedEnough(int queries) {
        int most = overloaded() ? 1 : settings.number(Setting.MAX_TCP_QUERIES_PER_CONNECTION);
        return most > 0 && queries >= most;
    }

    @Override
    public boolean tooManyReads(int reads) {
        return settings.number(Setting.MAX_TCP_READ_IOS_PER_QUERY) > 0
                && reads >= settings.number(Setting.MAX_TCP_READ_IOS_PER_QUERY);
    }

    /** Only where the whole connection has an end, and pieces are not counted. */
    @Override
    public boolean piecesGainTime() {
        return settings.number(Setting.MAX_TCP_READ_IOS_PER_QUERY) <= 0
                && settings.number(Setting.MAX_TCP_CONNECTION_DURATION) > 0;
    }

    @Override
    public long readNanos() {
        return overloaded()
                ? OVERLOADED_READ_NANOS
                : TimeUnit.SECONDS.toNanos(Math.max(1, settings.number(Setting.TCP_RECV_TIMEOUT)));
    }

    @Override
    public long sendNanos() {
        return TimeUnit.SECONDS.toNanos(Math.max(1, settings.number(Setting.TCP_SEND_TIMEOUT)));
    }

    @Override
    public long durationNanos() {
        return overloaded()
                ? OVERLOADED_DURATION_NANOS
                : TimeUnit.SECONDS.toNanos(settings.number(Setting.MAX_TCP_CONNECTION_DURATION));
    }

    void banForTooManyReads(Peer peer, long nowNanos) {
        clients.ban(peer, settings.number(Setting.BAN_DURATION_FOR_EXCEEDING_MAX_READ_IOS_PER_QUERY), nowNanos);
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
