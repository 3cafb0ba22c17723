package dev.weir.net.udp;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Setting;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.task.FaultGuard;
import dev.weir.engine.walk.ResponsePath;
import dev.weir.engine.walk.Worker;
import dev.weir.net.OwnWant;
import dev.weir.sys.Errno;
import dev.weir.sys.ReceiveBatch;
import dev.weir.wire.Header;
import org.jspecify.annotations.Nullable;

/**
 * One agent's way to one backend: connected sockets and the queries in flight over them. Belongs to the agent's thread.
 *
 * <p>Ids count up, or are drawn at random; each query leaves by one of the sockets in turn, or by one drawn at random. When its slot is
 * still taken, the older query gives way: its client will ask again, and the newest are the likeliest to be waited for.
 */
final class UdpBackendLink {
    private static final int MAX_IDS = 65_536;
    private static final int RANDOM_TRIES = 5;
    /** Octets of the longest answer taken, as in dnsdist (2.2). A longer one is none: the query waits for another one until its time is over. */
    private static final int LARGEST_ANSWER = 4368;

    private static final LogLimit SOCKET_ERRORS = new LogLimit(10);
    private static final FaultGuard ANSWERS = new FaultGuard("Error while processing an answer", "net");
    private static final FaultGuard TIMEOUTS = new FaultGuard("Error while processing a timeout", "net");

    private final Backend backend;
    private final Worker worker;
    private final ResponsePath responses;
    private final BackendLinks links;
    private final LiveSettings settings;
    private final int ids;
    private final InFlightTable inFlight;
    private final @Nullable UnpredictableIds unpredictable;
    private final ProxyEnvelope envelope = new ProxyEnvelope();
    private final BackendSockets sockets;
    private final Unsent unsent = new Unsent();
    private int nextId;

    UdpBackendLink(Backend backend, Worker worker, ResponsePath responses, BackendLinks links, LiveSettings settings) {
        this.backend = backend;
        this.worker = worker;
        this.responses = responses;
        this.links = links;
        this.settings = settings;
        this.sockets = new BackendSockets(this, links, settings);
        this.ids = Math.clamp(settings.number(Setting.MAX_UDP_OUTSTANDING), 1, MAX_IDS);
        this.inFlight = new InFlightTable(ids);
        this.unpredictable =
                settings.on(Setting.RANDOMIZED_IDS_OVER_UDP) || settings.on(Setting.RANDOMIZED_OUTGOING_SOCKETS)
                        ? new UnpredictableIds()
                        : null;
    }

    Backend backend() {
        return backend;
    }

    int inFlight() {
        return inFlight.size();
    }

    // ---- there

    /** Puts the query into the batch of one of the sockets; false if none can be opened or the PROXY header has no room. */
    boolean forward(Query query) {
        if (!sockets.isReady(worker.nowNanos())) {
            return false;
        }
        BackendSocket socket = sockets.choose(settings.on(Setting.RANDOMIZED_OUTGOING_SOCKETS) ? unpredictable : null);
        int id = chooseId();
        byte[] packet = query.packet();
        int length = query.length();
        Header.setId(packet, id);
        if (backend.spec().additions().proxyProtocol()) {
            length = envelope.compose(query);
            packet = envelope.bytes();
            if (length < 0) {
                return false;
            }
        }
        giveUp(id);
        links.add(socket, packet, length);
        query.keepQuestion();
        inFlight.put(id, query, socket);
        backend.querySent(worker.stats());
        return true;
    }

    private int chooseId() {
        if (unpredictable != null && settings.on(Setting.RANDOMIZED_IDS_OVER_UDP)) {
            int id = unpredictable.below(ids);
            for (int i = 1; i < RANDOM_TRIES && !inFlight.isFree(id); i++) {
                id = unpredictable.below(ids);
            }
            return id;
        }
        int id = nextId;
        nextId = id + 1 < ids ? id + 1 : 0;
        return id;
    }

    /** The slot goes to a newer query: the older one will not be answered. */
    private void giveUp(int id) {
        Query older = inFlight.remove(id);
        if (older != null) {
            backend.queryEnded(worker.stats());
            backend.drops().increment(worker.stats());
            worker.stats().increment(Counter.DOWNSTREAM_TIMEOUTS);
            sockets.timedOut(older.found().sentNanos());
            older.origin().replyPort().abandon(older);
        }
    }

    // ---- and back

    /** Takes the answers that wait at a socket to their clients. */
    void receive(BackendSocket socket, ReceiveBatch batch, byte[] buffer) {
        int count = batch.receive(socket.socket());
        if (count < 0) {
            complain("Error while receiving from a backend", -count);
            return;
        }
        for (int i = 0; i < count; i++) {
            try {
                answer(socket, batch, i, buffer);
            } catch (Throwable e) {
                ANSWERS.caught(e);
            }
        }
    }

    private void answer(BackendSocket socket, ReceiveBatch batch, int slot, byte[] buffer) {
        int length = batch.copyPayload(slot, buffer, 0);
        if (length < Header.LENGTH || length > LARGEST_ANSWER || batch.truncated(slot)) {
            worker.stats().increment(Counter.NONCOMPLIANT_RESPONSES);
            backend.noncompliantResponses().increment(worker.stats());
            return;
        }
        int id = Header.id(buffer);
        Query query = inFlight.find(id, socket);
        if (query == null || !responses.matches(query, buffer, length)) {
            return;
        }
        inFlight.remove(id);
        sockets.answered(worker.nowNanos());
        backend.queryEnded(worker.stats());
        responses.answered(query, buffer, length, false);
    }

    /** A few times a second: ends the wait of queries that are older than the backend's timeout, and looks after the sockets. */
    void tick() {
        int own = backend.spec().udp().timeoutSeconds();
        long seconds = own > 0 ? own : worker.snapshot().settings().number(Setting.UDP_TIMEOUT);
        long timeoutNanos = seconds * 1_000_000_000L;
        expire(worker.nowNanos() - timeoutNanos);
        sockets.tick(worker.nowNanos(), timeoutNanos);
    }

    private void expire(long limit) {
        for (Query query = inFlight.removeSentUntil(limit); query != null; query = inFlight.removeSentUntil(limit)) {
            backend.queryEnded(worker.stats());
            sockets.timedOut(query.found().sentNanos());
            try {
                if (unsent.mayInclude(query)) {
                    responses.unsent(query);
                } else {
                    responses.timedOut(query, false);
                }
            } catch (Throwable e) {
                TIMEOUTS.caught(e);
            }
        }
    }

    // ---- sockets

    /** Replaces the sockets, as after a change of routes or addresses. */
    void reopen() {
        sockets.replace(worker.nowNanos());
    }

    void sendFailed(BackendSocket socket, int queries) {
        backend.sendErrors().add(worker.stats(), queries);
        worker.stats().add(Counter.DOWNSTREAM_SEND_ERRORS, queries);
        sockets.sendFailed(socket.lastErrno());
        if (OwnWant.is(socket.lastErrno())) {
            unsent.add(queries, worker.nowNanos());
        }
        complain("Error while sending to a backend", socket.lastErrno());
    }

    private void complain(String what, int errno) {
        long times = SOCKET_ERRORS.admit(worker.nowNanos());
        if (times > 0) {
            Log.warning(
                    what,
                    "net",
                    "backend.name",
                    backend.name(),
                    "backend.address",
                    backend.address(),
                    "error",
                    Errno.describe(errno),
                    "count",
                    times);
        }
    }

    /** Closes the sockets; no query in flight will be answered. */
    void close() {
        sockets.close();
        for (Query query = inFlight.removeOldest(); query != null; query = inFlight.removeOldest()) {
            backend.queryEnded(worker.stats());
            query.origin().replyPort().abandon(query);
        }
    }
}
