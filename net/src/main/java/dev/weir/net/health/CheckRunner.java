package dev.weir.net.health;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.pool.BackendSpec;
import dev.weir.engine.pool.Health.Outcome;
import dev.weir.net.udp.SocketAddresses;
import dev.weir.sys.Endpoint;
import dev.weir.sys.Epoll;
import dev.weir.sys.Errno;
import dev.weir.sys.EventFd;
import dev.weir.sys.ReceiveBatch;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sends checks and waits for their answers, all at the same time: those over UDP on the caller's thread, those over TCP on virtual threads.
 * Belongs to one thread at a time; {@link #wake} is for any.
 */
final class CheckRunner implements AutoCloseable {
    private static final int MAX_EVENTS = 64;
    private static final int WAKE_TAG = 0;
    private static final int SLOTS = 4;
    private static final int ANSWER_BYTES = 4096;

    private final Epoll epoll = new Epoll(MAX_EVENTS);
    private final EventFd wake = new EventFd();
    private final ReceiveBatch batch = new ReceiveBatch(SLOTS, ANSWER_BYTES);
    private final byte[] buffer = new byte[ANSWER_BYTES];
    private final Map<Integer, UdpCheck> overUdp = new HashMap<>();
    private final ConcurrentLinkedQueue<Ended> fromTcp = new ConcurrentLinkedQueue<>();
    private final List<Ended> ended = new ArrayList<>();
    private int tcpUnderWay;
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

    CheckRunner() throws SyscallException {
        epoll.add(wake.fd(), Epoll.READABLE, WAKE_TAG);
    }

    /** Makes {@link #await} return. Any thread. */
    void wake() {
        wake.signal();
    }

    boolean isIdle() {
        return overUdp.isEmpty() && tcpUnderWay == 0 && ended.isEmpty();
    }

    /** Sends the check; its outcome comes from {@link #await}, and be it that it could not be sent. */
    void start(Check check) {
        BackendSpec spec = check.backend().spec();
        if (spec.checkTcp() || spec.tcpOnly()) {
            tcpUnderWay++;
            var _ = Thread.ofVirtual().start(() -> {
                fromTcp.add(TcpCheck.run(check));
                wake.signal();
            });
            return;
        }
        try {
            startUdp(check, spec);
        } catch (SyscallException e) {
            ended.add(new Ended(check, Outcome.NETWORK, String.valueOf(e.getMessage()), null));
        }
    }

    private void startUdp(Check check, BackendSpec spec) throws SyscallException {
        Endpoint peer = SocketAddresses.toSocket(spec.address());
        UdpSocket socket = UdpSocket.open(peer.family());
        int tag = ++lastTag;
        IpAddress local;
        try {
            if (!spec.sourceInterface().isEmpty()) {
                socket.bindToDevice(spec.sourceInterface());
            }
            IpAddress source = spec.sourceAddress();
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
            end(tag, Outcome.NETWORK, Errno.describe(-sent));
        }
    }

    /** Waits until something has ended, {@link #wake} is called, or it is {@code untilNanos}; returns what has ended since the last call. */
    List<Ended> await(long untilNanos) {
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
                receive(epoll.tag(i));
            }
        }
        for (Ended one = fromTcp.poll(); one != null; one = fromTcp.poll()) {
            tcpUnderWay--;
            ended.add(one);
        }
        endLate(System.nanoTime());
        List<Ended> result = List.copyOf(ended);
        ended.clear();
        return result;
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
        wake.close();
        epoll.close();
        batch.close();
    }
}
