package dev.weir.net.stream;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.DnscryptCertificates;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.task.FaultGuard;
import dev.weir.engine.walk.Forwarder;
import dev.weir.engine.walk.QueryPath;
import dev.weir.engine.walk.ResponsePath;
import dev.weir.engine.walk.SealedQueries;
import dev.weir.engine.walk.Worker;
import dev.weir.net.StreamAsker;
import dev.weir.net.dnscrypt.DnscryptQueries;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One event loop and all it owns: the walk's objects, buffers, timers, the connections to backends. Nothing here is shared with another loop,
 * so nothing is locked; every method is for the loop's thread.
 */
final class StreamLoop implements Forwarder {
    private static final int SPARE_QUERIES = 1024;
    private static final long SWEEP_SECONDS = 1;

    /** For all that runs on a loop: neither a packet nor a task ends one. */
    static final FaultGuard GUARD = new FaultGuard("Failure while handling a stream query", "net");

    private final EventLoop eventLoop;
    private final LiveSettings settings;
    private final Worker worker;
    private final ResponsePath responses;
    private final QueryPath path;
    private final DeadlineWheel wheel;
    private final ClientRoom room;
    private final DescriptorBudget budget;
    private final BackendContexts contexts;
    private final IdleClients clients = new IdleClients();
    private final byte[] queryBuffer = new byte[Query.BUFFER];
    private final byte[] answerBuffer = new byte[Query.BUFFER];
    private final ArrayDeque<Query> spare = new ArrayDeque<>();
    private final ArrayList<Connection> unflushed = new ArrayList<>();
    private final IdentityHashMap<Backend, BackendPool> pools = new IdentityHashMap<>();
    private final IdentityHashMap<DnscryptCertificates, SealedQueries> sealed = new IdentityHashMap<>();
    private final AtomicInteger handedOver = new AtomicInteger();
    private boolean sweeping;
    private volatile boolean closing;

    StreamLoop(
            EventLoop eventLoop,
            dev.weir.engine.model.Engine engine,
            LiveSettings settings,
            ClientRoom room,
            DescriptorBudget budget,
            BackendContexts contexts) {
        this.eventLoop = eventLoop;
        this.settings = settings;
        this.room = room;
        this.budget = budget;
        this.contexts = contexts;
        this.worker = new Worker(engine, new SplittableRandom());
        this.worker.home(this::execute);
        this.responses = new ResponsePath(worker);
        this.path = new QueryPath(worker, responses, this);
        this.wheel = new DeadlineWheel(eventLoop, this::begin, this::flush);
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    LiveSettings settings() {
        return settings;
    }

    Worker worker() {
        return worker;
    }

    ResponsePath responses() {
        return responses;
    }

    QueryPath path() {
        return path;
    }

    DeadlineWheel wheel() {
        return wheel;
    }

    /** What opens a listener's queries where they come encrypted each by itself; null where they don't. */
    @Nullable SealedQueries sealed(Frontend frontend) {
        DnscryptCertificates certificates = frontend.dnscrypt();
        return certificates == null ? null : sealed.computeIfAbsent(certificates, DnscryptQueries::new);
    }

    /** Where connections find descriptors. */
    ClientRoom room() {
        return room;
    }

    DescriptorBudget budget() {
        return budget;
    }

    /** TLS to backends. */
    BackendContexts contexts() {
        return contexts;
    }

    /** The connections of clients, by idleness. */
    IdleClients clients() {
        return clients;
    }

    /** Datagrams' queries on their way here. Any thread. */
    AtomicInteger handedOver() {
        return handedOver;
    }

    /** Where a query stands while the walk works on it. */
    byte[] queryBuffer() {
        return queryBuffer;
    }

    /** Where a backend's answer stands meanwhile; an answer's end can start the connection's next query. */
    byte[] answerBuffer() {
        return answerBuffer;
    }

    /** From now on nothing is connected any more. Any thread. */
    void close() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }

    // ---- events

    /** An event begins: what follows sees the time and the configuration of now. */
    void begin() {
        worker.beginBatch(System.nanoTime());
    }

    long nowNanos() {
        return worker.nowNanos();
    }

    void flushLater(Connection connection) {
        unflushed.add(connection);
    }

    /** An event ends: sends what it left to be sent. */
    void flush() {
        // Flushing can end a connection, and that can start output elsewhere: the list may grow meanwhile.
        for (int i = 0; i < unflushed.size(); i++) {
            unflushed.get(i).flush();
        }
        unflushed.clear();
    }

    /** Runs an event of its own on this loop, from any thread. */
    void execute(Runnable event) {
        eventLoop.execute(() -> runEvent(event));
    }

    private void runEvent(Runnable event) {
        try {
            begin();
            event.run();
        } catch (Throwable e) {
            GUARD.caught(e);
        }
        try {
            flush();
        } catch (Throwable e) {
            GUARD.caught(e);
        }
    }

    // ---- queries

    Query takeQuery() {
        Query query = spare.pollLast();
        return query == null ? new Query() : query;
    }

    void giveBack(Query query) {
        if (spare.size() < SPARE_QUERIES) {
            query.keepQuestion();
            spare.addLast(query);
        }
    }

    @Override
    public boolean forward(Query query, Backend backend) {
        // Client subnet added to a very long query can make it longer than its length can say.
        if (query.length() > Connection.MAX_MESSAGE || !pool(backend).send(new Flight(query, backend))) {
            return false;
        }
        query.keepQuestion();
        return true;
    }

    /** Sends what another thread's query path has handed over. */
    void forwardParked(Flight flight) {
        if (!pool(flight.backend).send(flight)) {
            worker.stats().increment(Counter.DOWNSTREAM_SEND_ERRORS);
            flight.backend.sendErrors().increment(worker.stats());
            flight.query.origin().replyPort().abandon(flight.query);
        }
    }

    // ---- backends

    /** Asks over a connection of its own; for the loop's thread. */
    void ask(Backend backend, byte[] request, long timeoutNanos, StreamAsker.Reply reply) {
        boolean http = backend.spec().http() != null;
        try {
            // The first one loads a library: that is no evidence against the backend.
            contexts.of(backend);
        } catch (IOException e) {
            reply.failed(e);
            return;
        }
        new Asking(this, http, request, timeoutNanos, reply).start(new BackendChannel(eventLoop, backend, contexts));
    }

    BackendPool pool(Backend backend) {
        BackendPool pool = pools.get(backend);
        if (pool == null) {
            pool = new BackendPool(this, backend);
            pools.put(backend, pool);
            sweepLater();
        }
        return pool;
    }

    private void sweepLater() {
        if (!sweeping) {
            sweeping = true;
            var _ = eventLoop.schedule(() -> runEvent(this::sweep), SWEEP_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Leaves connections that lead nowhere, and lets backends go that the configuration does not have any more. */
    private void sweep() {
        sweeping = false;
        GUARD.run(() -> {
            LostAddresses lost = new LostAddresses();
            pools.values().forEach(pool -> pool.leaveStrandedConnections(lost));
            pools.values().removeIf(pool -> pool.backend().isRemoved() && pool.closeIdle());
            contexts.sweep();
        });
        if (!pools.isEmpty()) {
            sweepLater();
        }
    }

    /** Writes into the log what connections there are: how many of clients, and each to a backend. */
    void logConnections(boolean overHttp) {
        int[] counted = new int[2];
        clients.forEach(client -> {
            if (client instanceof DohConnection == overHttp) {
                counted[0]++;
                counted[1] += client.isIdle() ? 1 : 0;
            }
        });
        String thread = Thread.currentThread().getName();
        Log.info("Connections of clients", "net", "thread", thread, "count", counted[0], "idle", counted[1]);
        for (BackendConnection connection : backendConnections()) {
            if (connection.backend().spec().http() != null == overHttp) {
                Log.info(
                        "A connection to a backend",
                        "net",
                        "thread",
                        thread,
                        "backend.address",
                        connection.backend().address(),
                        "in_flight",
                        connection.inFlight(),
                        "connecting",
                        connection.isConnecting());
            }
        }
    }

    /** Connections to backends that are open now. */
    List<BackendConnection> backendConnections() {
        List<BackendConnection> all = new ArrayList<>();
        pools.values().forEach(pool -> all.addAll(pool.connections()));
        return all;
    }
}
