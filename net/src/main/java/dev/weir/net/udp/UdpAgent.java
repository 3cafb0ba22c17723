package dev.weir.net.udp;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.model.Model;
import dev.weir.engine.query.Query;
import dev.weir.engine.task.FaultGuard;
import dev.weir.engine.walk.DatagramPort;
import dev.weir.engine.walk.QueryPath;
import dev.weir.engine.walk.ResponsePath;
import dev.weir.engine.walk.SealedQueries;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.engine.walk.Worker;
import dev.weir.net.StreamForwarder;
import dev.weir.sys.Affinity;
import dev.weir.sys.Epoll;
import dev.weir.sys.Errno;
import dev.weir.sys.EventFd;
import dev.weir.sys.Prctl;
import dev.weir.sys.SyscallException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that serves one client socket: it takes queries in, takes them through the engine, keeps those that wait for a backend, and
 * sends answers. It shares nothing with other agents but the engine.
 *
 * <p>A packet never ends the thread: what goes wrong with one is logged, at a bounded rate, and the next one is taken.
 */
final class UdpAgent implements Runnable {
    private static final int CLIENT_TAG = 0;
    private static final int WAKE_TAG = 1;
    private static final int FIRST_BACKEND_TAG = 2;
    private static final int MAX_EVENTS = 64;
    private static final long TICK_NANOS = 100_000_000L;
    private static final int TICK_MILLIS = 100;

    /** How soon an idle agent sees that a backend was removed. */
    private static final int IDLE_MILLIS = 1_000;

    /** How late a pause may end: the usual 50 µs are longer than the pause. */
    private static final long TIMER_SLACK_NANOS = 1_000;

    private static final long STOP_MILLIS = 2_000;

    /** A query in flight is waited for no longer than this when its listener is closed. */
    private static final long DRAIN_NANOS = 3_000_000_000L;

    /** Batches that are still taken while a listener closes: more than a socket usually holds. */
    private static final int LAST_BATCHES = 1_024;

    private static final FaultGuard LOOP = new FaultGuard("Error in a listener's loop", "net");
    private static final FaultGuard QUERIES = new FaultGuard("Error while processing a query", "net");
    private static final LogLimit RECEIVE_ERRORS = new LogLimit(10);

    private final UdpListener listener;
    private final Frontend frontend;
    private final DatagramPort datagrams;
    private final @Nullable SealedQueries sealed;
    private final Worker worker;
    private final QueryPath path;
    private final BackendLinks links;
    private final ClientPort clients;
    private final QueryPool pool = new QueryPool();
    private final Gathering gathering = new Gathering(UdpListener.BATCH);
    private final Epoll epoll;
    private final EventFd wake;
    private final byte[] buffer = new byte[Query.BUFFER];
    private final ConcurrentLinkedQueue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean stopping;
    private Query query = new Query();

    /** Whoever threw while working on the query may have given it away before. */
    private boolean queryLost;

    private long nextTickNanos;
    private boolean draining;
    private long drainUntilNanos;

    UdpAgent(UdpListener listener, Model model, Supplier<@Nullable StreamForwarder> streams, String name)
            throws SyscallException {
        this.listener = listener;
        this.frontend = listener.frontend();
        this.datagrams = listener.port();
        this.sealed = listener.sealed();
        epoll = new Epoll(MAX_EVENTS);
        wake = new EventFd();
        epoll.add(wake.fd(), Epoll.READABLE, WAKE_TAG);
        epoll.add(datagrams.descriptor(), Epoll.READABLE, CLIENT_TAG);
        worker = new Worker(
                model.engine(), new SplittableRandom(ThreadLocalRandom.current().nextLong()));
        worker.home(this::execute);
        ResponsePath responses = new ResponsePath(worker);
        links = new BackendLinks(worker, responses, model.settings(), epoll, FIRST_BACKEND_TAG, streams);
        path = new QueryPath(worker, responses, links);
        clients = new ClientPort(datagrams, pool, this::execute);
        thread = Thread.ofPlatform().name(name).daemon().unstarted(this);
    }

    Frontend frontend() {
        return frontend;
    }

    /** Begins to serve, if it has not begun. One thread starts and closes. */
    void start() {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    Thread thread() {
        return thread;
    }

    /** Runs something on the agent's thread, soon. Any thread. */
    void execute(Runnable command) {
        mailbox.add(command);
        wake.signal();
    }

    /** The backend is up again: replaces its sockets. Any thread. */
    void reopen(Backend backend) {
        execute(() -> links.reopen(backend));
    }

    // ---- the loop

    @Override
    public void run() {
        pin();
        sharpenTimer();
        clients.own();
        LOOP.repeat(() -> !stopping && !isDrained(), this::turn);
    }

    private void turn() {
        int ready = epoll.await(timeoutMillis());
        worker.beginBatch(System.nanoTime());
        for (int i = 0; i < ready; i++) {
            switch (epoll.tag(i)) {
                case CLIENT_TAG -> {
                    var _ = receiveQueries();
                }
                case WAKE_TAG -> runMailbox();
                default -> links.receive(epoll.tag(i), buffer);
            }
        }
        tick();
        links.flush();
        clients.flush();
        if (gathering.worthIt(worker.nowNanos())) {
            LockSupport.parkNanos(Gathering.PAUSE_NANOS);
        }
    }

    private int timeoutMillis() {
        int millis = links.isWaiting() ? TICK_MILLIS : IDLE_MILLIS;
        return clients.hasDelayed() ? (int) Math.min(millis, clients.millisToNextDelayed(System.nanoTime())) : millis;
    }

    private void tick() {
        long now = worker.nowNanos();
        clients.sendDue(now);
        if (now - nextTickNanos >= 0) {
            nextTickNanos = now + TICK_NANOS;
            links.tick();
        }
    }

    private void runMailbox() {
        wake.drain();
        for (Runnable command = mailbox.poll(); command != null; command = mailbox.poll()) {
            LOOP.run(command);
        }
    }

    // ---- queries

    private int receiveQueries() {
        int count = datagrams.receive();
        if (count < 0 && RECEIVE_ERRORS.admit(worker.nowNanos()) > 0) {
            Log.warning(
                    "Error while receiving queries",
                    "net",
                    "frontend.address",
                    frontend.address(),
                    "error",
                    Errno.describe(-count));
        }
        gathering.received(Math.max(0, count));
        for (int i = 0; i < count; i++) {
            try {
                receiveQuery(i);
            } catch (Throwable e) {
                queryLost = true;
                QUERIES.caught(e);
            }
        }
        return count;
    }

    /** What has come before the listener was closed is no less worth than what is in flight; but it ends, also in a flood. */
    private void receiveTheRest() {
        int most = LAST_BATCHES;
        while (receiveQueries() > 0 && most-- > 0) {
            links.flush();
            clients.flush();
        }
    }

    private void receiveQuery(int slot) {
        if (queryLost) {
            query = pool.take();
            queryLost = false;
        }
        Query mine = query;
        int length =
                datagrams.read(slot, buffer, mine.origin().peer(), mine.origin().local());
        mine.begin(frontend.protocol(), frontend, buffer, length, worker.nowNanos());
        mine.origin().replyTo(clients, 0);
        boolean cut = datagrams.truncated(slot);
        WalkVerdict verdict = sealed == null ? path.datagram(mine, cut) : path.datagram(mine, cut, sealed);
        if (verdict == WalkVerdict.ANSWER) {
            gathering.answered();
            clients.send(mine);
        } else if (verdict == WalkVerdict.PARK) {
            queryLost = true;
            query = pool.take();
            queryLost = false;
        }
    }

    // ---- the end

    private void pin() {
        List<Integer> cpus = listener.spec().cpus();
        if (cpus.isEmpty()) {
            return;
        }
        try {
            Affinity.pin(cpus.stream().mapToInt(Integer::intValue).toArray());
        } catch (SyscallException e) {
            Log.warning(
                    "Could not bind a listener to its processors",
                    "net",
                    "frontend.address",
                    frontend.address(),
                    "error",
                    e);
        }
    }

    private static void sharpenTimer() {
        try {
            Prctl.timerSlack(TIMER_SLACK_NANOS);
        } catch (SyscallException e) {
            Log.debug("Pauses of a listener will be longer than meant", "net", "error", e);
        }
    }

    /** Lets another listener be opened at the same address; false if that can't be. */
    boolean share() {
        return datagrams.share();
    }

    /** Takes nothing new, and ends when what is in flight is answered. Any thread but the agent's own. */
    void drain() throws InterruptedException {
        execute(() -> {
            datagrams.receiveNoMore();
            receiveTheRest();
            draining = true;
            drainUntilNanos = System.nanoTime() + DRAIN_NANOS;
            try {
                epoll.remove(datagrams.descriptor());
            } catch (SyscallException e) {
                Log.debug("A listener goes on to receive while it is closed", "net", "error", e);
            }
        });
        if (thread.isAlive()) {
            thread.join(TimeUnit.NANOSECONDS.toMillis(DRAIN_NANOS) + STOP_MILLIS);
        }
        close();
    }

    private boolean isDrained() {
        return draining && (!links.isWaiting() && !clients.hasDelayed() || System.nanoTime() - drainUntilNanos >= 0);
    }

    /** Ends the thread and closes all sockets. Any thread but the agent's own. */
    void close() throws InterruptedException {
        stopping = true;
        wake.signal();
        thread.join(STOP_MILLIS);
        if (thread.isAlive()) {
            Log.warning("A listener did not stop in time", "net", "frontend.address", frontend.address());
            return;
        }
        links.close();
        datagrams.close();
        worker.close();
        wake.close();
        epoll.close();
    }
}
