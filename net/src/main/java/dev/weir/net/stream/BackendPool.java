package dev.weir.net.stream;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.ProvenWay;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.net.OwnWant;
import dev.weir.net.stream.Flight.Loss;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One loop's connections to one backend: those anyone's query may use, and those that belong to one client because a PROXY header has named
 * it there. Belongs to the loop's thread.
 */
final class BackendPool {
    /** Connections with a PROXY header that a client's connection keeps for its next query. */
    static final int OWN_PER_CLIENT = 5;

    /** Where several routes are used in turn, connections must not be given up again and again. */
    private static final long COMPARISON_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Queries of one loop that wait for one backend: beyond, its answers would come too late anyway. */
    private static final int MOST_IN_FLIGHT = 16_384;

    private static final LogLimit WANTS = new LogLimit(10);

    private final StreamLoop loop;
    private final Backend backend;
    private final BackendChannel channel;
    private final Set<BackendConnection> connections = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Connections that carry nothing, the latest used last. */
    private final ArrayList<BackendConnection> idle = new ArrayList<>();

    /** The pipelined connection that took the latest query. */
    private @Nullable BackendConnection latest;

    private long nextComparisonNanos;
    /** Other pipelined connections that were full and have room again. */
    private final ArrayDeque<BackendConnection> roomy = new ArrayDeque<>();

    private int inFlight;

    BackendPool(StreamLoop loop, Backend backend) {
        this.loop = loop;
        this.nextComparisonNanos = loop.nowNanos();
        this.backend = backend;
        this.channel = new BackendChannel(loop.eventLoop(), backend, loop.contexts());
    }

    Backend backend() {
        return backend;
    }

    List<BackendConnection> connections() {
        return List.copyOf(connections);
    }

    /** Puts a new query on a connection that is open, or on a new one; false if no connection may be opened, or too many queries wait. */
    boolean send(Flight flight) {
        if (inFlight >= MOST_IN_FLIGHT) {
            return false;
        }
        BackendConnection connection = find(flight);
        if (connection == null) {
            connection = open(flight);
            if (connection == null) {
                return false;
            }
        } else {
            backend.stream().reusedConnections.increment();
        }
        backend.querySent(loop.worker().stats());
        inFlight++;
        if (flight.client != null) {
            flight.client.flights().took(flight);
        }
        if (connection.isFree()) {
            idle.remove(connection);
        }
        connection.take(flight);
        return true;
    }

    /** A query's wait is over, whatever ended it. */
    void ended(Flight flight) {
        backend.queryEnded(loop.worker().stats());
        inFlight--;
        if (flight.client != null) {
            flight.client.flights().ended(flight);
        }
    }

    private @Nullable BackendConnection find(Flight flight) {
        if (backend.spec().additions().proxyProtocol()) {
            return flight.client == null ? null : flight.client.flights().findOwn(backend, flight);
        }
        BackendConnection last = latest;
        if (last != null && last.hasRoomFor(flight)) {
            return last;
        }
        while (flight.transfer == null && !roomy.isEmpty()) {
            BackendConnection candidate = roomy.removeLast();
            candidate.listedAsRoomy = false;
            if (candidate.hasRoomFor(flight)) {
                latest = candidate;
                return candidate;
            }
        }
        while (!idle.isEmpty()) {
            BackendConnection candidate = idle.removeLast();
            if (candidate.hasRoomFor(flight)) {
                if (candidate.pipelines() && flight.transfer == null) {
                    latest = candidate;
                }
                return candidate;
            }
        }
        return null;
    }

    /** A connection has room for one query more than before. */
    void hasRoom(BackendConnection connection) {
        if (connection.pipelines() && connection != latest && !connection.isFree() && !connection.listedAsRoomy) {
            connection.listedAsRoomy = true;
            roomy.addLast(connection);
        }
    }

    private @Nullable BackendConnection open(Flight flight) {
        int own = backend.spec().tcp().maxConcurrentConnections();
        int most = own >= 0 ? own : loop.budget().perBackend();
        if (loop.isClosing()) {
            return null;
        }
        if (most > 0 && backend.stream().currentConnections.get() >= most) {
            backend.stream().tooManyConcurrentConnections.increment();
            return null;
        }
        if (!loop.room().take(loop)) {
            return null;
        }
        flight.attempts++;
        BackendConnection connection = new BackendConnection(loop, this, flight);
        connections.add(connection);
        backend.stream().opened();
        if (backend.spec().additions().proxyProtocol()) {
            if (flight.client != null) {
                flight.client.flights().addOwn(connection);
            }
        } else if (connection.pipelines() && flight.transfer == null) {
            latest = connection;
        }
        connection.connect(channel);
        return connection;
    }

    /** A connection carries nothing any more: whether it may stay open for the next query. */
    boolean keepIdle(BackendConnection connection) {
        if (backend.isRemoved()) {
            return false;
        }
        if (backend.spec().additions().proxyProtocol()) {
            return connection.owner() != null && connection.owner().flights().keepsOwn(connection);
        }
        if (idle.size() >= mostIdle()) {
            return false;
        }
        if (!idle.contains(connection)) {
            idle.add(connection);
        }
        return true;
    }

    private int mostIdle() {
        return backend.spec().http() == null
                ? loop.settings().number(Setting.MAX_CACHED_TCP_CONNECTIONS_PER_DOWNSTREAM)
                : loop.settings().number(Setting.MAX_IDLE_DOH_CONNECTIONS_PER_DOWNSTREAM);
    }

    /** A connection has ended. */
    void remove(BackendConnection connection) {
        connections.remove(connection);
        idle.remove(connection);
        if (connection.listedAsRoomy) {
            roomy.remove(connection);
        }
        if (latest == connection) {
            latest = null;
        }
    }

    /** A query's connection broke before its answer came: tries a fresh one as often as the backend's {@code retries} allow. */
    void lost(Flight flight, Loss loss) {
        boolean mayRetry = loss == Loss.RETRY;
        boolean wanted = !loop.isClosing() && (flight.client == null || !flight.client.isClosed());
        boolean fresh = flight.transfer == null || !flight.transfer.started();
        if (wanted
                && mayRetry
                && fresh
                && flight.attempts < backend.spec().tcp().retries()
                && !backend.isRemoved()) {
            BackendConnection connection = reopen(flight);
            if (connection != null) {
                connection.take(flight);
                return;
            }
        }
        ended(flight);
        if (wanted && loss == Loss.UNSENT) {
            loop.worker().stats().increment(Counter.DOWNSTREAM_SEND_ERRORS);
            backend.sendErrors().increment(loop.worker().stats());
        }
        if (!wanted || loss == Loss.UNSENT) {
            flight.query.origin().replyPort().abandon(flight.query);
            return;
        }
        if (mayRetry) {
            backend.stream().gaveUp.increment();
            frontendCounters(flight).gaveUp.increment();
        }
        loop.responses().timedOut(flight.query, true);
    }

    /** A fresh connection; where several queries may share one, those lost together do. */
    private @Nullable BackendConnection reopen(Flight flight) {
        BackendConnection last = latest;
        if (last != null && last.isConnecting() && last.hasRoomFor(flight)) {
            flight.attempts++;
            return last;
        }
        return open(flight);
    }

    /** No connection could be opened for want of something of our own, which says nothing about the backend. */
    void complainOfWant(Throwable cause) {
        long times = WANTS.admit(loop.nowNanos());
        if (times > 0) {
            Log.warning(
                    "Unable to connect to a backend, for want of something on this host",
                    "net",
                    "backend.name",
                    backend.name(),
                    "backend.address",
                    backend.address(),
                    "error",
                    OwnWant.causeOf(cause),
                    "count",
                    times);
        }
    }

    static Frontend.StreamCounters frontendCounters(Flight flight) {
        return flight.query.origin().frontend().stream();
    }

    /**
     * Leaves connections that begin at an address this host does not have any more, and those that begin elsewhere than later health checks
     * do. The former are cut off, and their queries tried anew; the latter take no further query.
     */
    void leaveStrandedConnections(LostAddresses lost) {
        if (connections.isEmpty()) {
            return;
        }
        // Connections are not bound to the interface that a backend names, but checks over UDP are.
        boolean comparable =
                backend.spec().source().networkInterface().isEmpty() && loop.nowNanos() - nextComparisonNanos >= 0;
        ProvenWay way = comparable ? backend.provenWay() : null;
        boolean elsewhere = false;
        for (BackendConnection connection : connections()) {
            IpAddress local = connection.local();
            if (local == null) {
                continue;
            }
            if (lost.contains(local)) {
                connection.end(Loss.RETRY);
            } else if (way != null && !way.startsAt(local) && connection.isOlderThan(way.sentNanos())) {
                elsewhere = true;
                connection.retire();
            }
        }
        if (elsewhere) {
            nextComparisonNanos = loop.nowNanos() + COMPARISON_PAUSE_NANOS;
        }
    }

    /** Closes what carries nothing; true if no connection is left. */
    boolean closeIdle() {
        for (BackendConnection connection : connections()) {
            connection.closeIfIdle();
        }
        return connections.isEmpty();
    }
}
