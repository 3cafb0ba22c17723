package dev.weir.net.health;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.backend.Health.Outcome;
import dev.weir.engine.task.FaultGuard;
import dev.weir.net.OwnWant;
import dev.weir.net.StreamAsker;
import dev.weir.net.udp.SocketAddresses;
import dev.weir.sys.Epoll;
import dev.weir.sys.Errno;
import dev.weir.sys.EventFd;
import dev.weir.sys.InetEndpoint;
import dev.weir.sys.ReceiveBatch;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Sends checks and waits for their answers, all at the same time: those over UDP on the caller's thread, those over TCP on an event loop.
 * What takes a configuration's own code to compose is composed on a thread of its own, because that code may be waiting for its turn.
 * Belongs to one thread at a time; {@link #wake} is for any.
 */
final class CheckRunner implements AutoCloseable {
    private static final int MAX_EVENTS = 64;
    private static final int WAKE_TAG = 0;
    private static final int SLOTS = 4;
    private static final int ANSWER_BYTES = 4096;
    private static final FaultGuard GUARD = new FaultGuard("Error in a health check", "health-check");

    /** How long after its deadline a check over TCP is given up, which ends by itself; the first one waits until there are event loops. */
    private static final long TCP_GRACE_NANOS = 10_000_000_000L;

    private final StreamAsker streams;
    private final Epoll epoll = new Epoll(MAX_EVENTS);
    private final EventFd wake = new EventFd();
    private final ReceiveBatch batch = new ReceiveBatch(SLOTS, ANSWER_BYTES);
    private final byte[] buffer = new byte[ANSWER_BYTES];
    private final Map<Integer, UdpCheck> overUdp = new HashMap<>();
    private final Set<Check> overTcp = Collections.newSetFromMap(new IdentityHashMap<>());
    private final ConcurrentLinkedQueue<Ended> fromTcp = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Composed> composed = new ConcurrentLinkedQueue<>();
    private final List<Ended> ended = new ArrayList<>();
    private @Nullable ExecutorService composer;
    private int composing;
    private int lastTag = WAKE_TAG;

    /**
     * A check with its outcome.
     *
     * @param detail what went wrong, for people; empty after success
     * @param local this host's address that the check was sent from; null if it never was
     */
    record Ended(
            Check check,
            Outcome outcome,
            String detail,
            @Nullable IpAddress local) {}

    private record UdpCheck(Check check, UdpSocket socket, IpAddress local) {}

    /** A check that was composed elsewhere, or why that failed. */
    private record Composed(
            Backend backend,
            @Nullable Check check,
            @Nullable Throwable failure) {}

    /** Is told what could not be composed. */
    @FunctionalInterface
    interface NotComposed {
        void failed(Backend backend, Throwable failure);
    }

    /** @param streams asks over TCP */
    CheckRunner(StreamAsker streams) throws SyscallException {
        this.streams = streams;
        epoll.add(wake.fd(), Epoll.READABLE, WAKE_TAG);
    }

    /** Makes {@link #await} return. Any thread. */
    void wake() {
        wake.signal();
    }

    boolean isIdle() {
        return overUdp.isEmpty() && overTcp.isEmpty() && composing == 0 && ended.isEmpty();
    }

    /** Sends the check; its outcome comes from {@link #await}, and be it that it could not be sent. */
    void start(Check check) {
        BackendSpec spec = check.backend().spec();
        if (spec.checks().tcp() || spec.tcp().only()) {
            overTcp.add(check);
            streams.ask(check.backend(), check.stream(), check.timeoutNanos(), new TcpCheck(check, this::endedOverTcp));
            return;
        }
        try {
            startUdp(check, spec);
        } catch (SyscallException e) {
            ended.add(new Ended(check, failure(e.errno()), String.valueOf(e.getMessage()), null));
        }
    }

    private void endedOverTcp(Ended end) {
        fromTcp.add(end);
        wake.signal();
    }

    /** Starts a check when it has been composed, on another thread and in order. */
    void startComposed(Backend backend, Callable<Check> composition) {
        ExecutorService running = composer;
        if (running == null) {
            running = composer = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("check-functions").factory());
        }
        running.execute(() -> {
            Composed result;
            try {
                result = new Composed(backend, composition.call(), null);
            } catch (Throwable e) {
                result = new Composed(backend, null, e);
            }
            composed.add(result);
            wake.signal();
        });
        composing++;
    }

    private void startUdp(Check check, BackendSpec spec) throws SyscallException {
        InetEndpoint peer = SocketAddresses.toSocket(spec.address());
        UdpSocket socket = UdpSocket.open(peer.family());
        int tag = ++lastTag;
        IpAddress local;
        try {
            if (!spec.source().networkInterface().isEmpty()) {
                socket.bindToDevice(spec.source().networkInterface());
            }
            IpAddress source = spec.source().address();
            if (source != null) {
                socket.bind(SocketAddresses.toSocket(source, 0));
            }
            socket.connect(peer);
            local = SocketAddresses.fromSocket(socket.localEndpoint()).ip();
            epoll.add(socket.fd(), Epoll.READABLE, tag);
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
        overUdp.put(tag, new UdpCheck(check, socket, local));
        byte[] packet = check.datagram();
        int sent = socket.send(packet, 0, packet.length);
        if (sent < 0) {
            end(tag, failure(-sent), Errno.describe(-sent));
        }
    }

    private static Outcome failure(int errno) {
        return OwnWant.is(errno) ? Outcome.UNASKED : Outcome.NETWORK;
    }

    /** Waits until something has ended, {@link #wake} is called, or it is {@code untilNanos}; returns what has ended since the last call. */
    List<Ended> await(long untilNanos, NotComposed notComposed) {
        long wakeUp = untilNanos;
        for (UdpCheck each : overUdp.values()) {
            wakeUp = each.check.deadlineNanos() - wakeUp < 0 ? each.check.deadlineNanos() : wakeUp;
        }
        long millis = ended.isEmpty() ? Math.max(0, (wakeUp - System.nanoTime() + 999_999) / 1_000_000) : 0;
        int ready = epoll.await((int) Math.min(millis, Integer.MAX_VALUE));
        for (int i = 0; i < ready; i++) {
            if (epoll.tag(i) == WAKE_TAG) {
                wake.drain();
            } else {
                int tag = epoll.tag(i);
                GUARD.run(() -> receive(tag));
            }
        }
        for (Composed one = composed.poll(); one != null; one = composed.poll()) {
            composing--;
            take(one, notComposed);
        }
        for (Ended one = fromTcp.poll(); one != null; one = fromTcp.poll()) {
            if (overTcp.remove(one.check)) {
                ended.add(one);
            }
        }
        endLate(System.nanoTime());
        List<Ended> result = List.copyOf(ended);
        ended.clear();
        return result;
    }

    private void take(Composed one, NotComposed notComposed) {
        Throwable failure = one.failure;
        try {
            if (one.check != null) {
                start(one.check);
            }
        } catch (Throwable e) {
            failure = e;
        }
        if (failure != null) {
            notComposed.failed(one.backend, failure);
        }
    }

    private void receive(int tag) {
        UdpCheck one = overUdp.get(tag);
        if (one == null) {
            return;
        }
        int count = batch.receive(one.socket);
        if (count < 0) {
            end(tag, Outcome.NETWORK, Errno.describe(-count));
        } else if (count > 0) {
            int length = batch.copyPayload(0, buffer, 0);
            Outcome outcome = one.check.judge(buffer, length);
            end(tag, outcome, one.check.explain(outcome));
        }
    }

    private void endLate(long nowNanos) {
        for (Integer tag : List.copyOf(overUdp.keySet())) {
            UdpCheck one = overUdp.get(tag);
            if (one != null && one.check.deadlineNanos() - nowNanos <= 0) {
                end(tag, Outcome.TIMEOUT, one.check.explain(Outcome.TIMEOUT));
            }
        }
        for (Check one : List.copyOf(overTcp)) {
            if (one.deadlineNanos() + TCP_GRACE_NANOS - nowNanos <= 0) {
                overTcp.remove(one);
                ended.add(new Ended(one, Outcome.TIMEOUT, one.explain(Outcome.TIMEOUT), null));
            }
        }
    }

    private void end(int tag, Outcome outcome, String detail) {
        UdpCheck one = overUdp.remove(tag);
        if (one != null) {
            one.socket.close();
            ended.add(new Ended(one.check, outcome, detail, one.local));
        }
    }

    /** Gives up what is under way over UDP; checks over TCP end by their own timeouts, unheard. */
    @Override
    public void close() {
        overUdp.values().forEach(one -> one.socket.close());
        overUdp.clear();
        if (composer != null) {
            var _ = composer.shutdownNow();
        }
        wake.close();
        epoll.close();
        batch.close();
    }
}
