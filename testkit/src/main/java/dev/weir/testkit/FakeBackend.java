package dev.weir.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A DNS server on 127.0.0.1 (UDP and TCP on one port) that does as a script says: answers, delays, drops, lies.
 *
 * <p>Health checks (queries for {@code a.root-servers.net.}) never reach the script: they are answered while
 * {@link #setHealthy healthy}, dropped otherwise, and counted apart. The first {@value #MAX_RECORDED} queries are
 * kept. Scripts run on the backend's own threads, so a script's state must be thread-safe.
 */
public final class FakeBackend implements AutoCloseable {
    /** The name health checks ask for unless configured otherwise. */
    public static final String HEALTH_CHECK_NAME = "a.root-servers.net.";

    private static final int MAX_RECORDED = 10_000;
    private static final int MAX_DATAGRAM = 65_535;

    private final Script script;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final ScheduledExecutorService later;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Received> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queries = new AtomicInteger();
    private final AtomicInteger healthChecks = new AtomicInteger();
    private final AtomicInteger acceptedConnections = new AtomicInteger();
    private volatile boolean healthy = true;

    private FakeBackend(InetSocketAddress address, Script script) {
        this.script = script;
        try {
            udp = new DatagramSocket(address);
            udp.setReceiveBufferSize(1 << 20);
            tcp = new ServerSocket(address.getPort(), 128, address.getAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot bind " + address, e);
        }
        later = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory());
    }

    /** What to do with a query. */
    @FunctionalInterface
    public interface Script {
        /** Called on the backend's threads, for several connections at once. */
        Reply answer(Received query);
    }

    /**
     * A query as it arrived.
     *
     * @param packet the DNS message, after the PROXY header if there was one
     */
    @SuppressWarnings("ArrayRecordComponent") // raw bytes for assertions, never compared through equals
    public record Received(
            DnsMessage query,
            byte[] packet,
            boolean tcp,
            InetSocketAddress from,
            Optional<ReceivedProxyHeader> proxyHeader) {
        /** The name asked for, as the query spells it. */
        public String name() {
            return query.question().name();
        }
    }

    /** What goes back. */
    public sealed interface Reply {
        /** A packet after a delay, through the socket the query came to or, over UDP, through another one. */
        @SuppressWarnings("ArrayRecordComponent") // raw bytes for assertions, never compared through equals
        record Send(byte[] packet, Duration delay, boolean fromOtherPort) implements Reply {}

        /** Nothing. */
        record Drop() implements Reply {}

        /** Nothing, and the end of the TCP connection. */
        record Hangup() implements Reply {}

        /** Several, in this order. */
        record Many(List<Reply> replies) implements Reply {}

        /** At once. */
        static Reply send(byte[] packet) {
            return new Send(packet, Duration.ZERO, false);
        }

        /** At once. */
        static Reply send(DnsMessage message) {
            return send(message.compose());
        }

        /** At once, over UDP from a port that was not asked. */
        static Reply fromOtherPort(DnsMessage message) {
            return new Send(message.compose(), Duration.ZERO, true);
        }

        /** Nothing. */
        static Reply drop() {
            return new Drop();
        }

        /** After {@code delay}. */
        static Reply later(Duration delay, DnsMessage message) {
            return new Send(message.compose(), delay, false);
        }
    }

    /** Starts on a free port. */
    public static FakeBackend start(Script script) {
        return start(LoopbackPorts.free(), script);
    }

    /** Starts on {@code port}. */
    public static FakeBackend start(int port, Script script) {
        return start(LoopbackPorts.address(port), script);
    }

    /** Starts on any address, in the network namespace of the calling thread. */
    public static FakeBackend start(InetSocketAddress address, Script script) {
        FakeBackend backend = new FakeBackend(address, script);
        Thread.ofPlatform().daemon().name("fake-udp-" + address.getPort()).start(backend::serveUdp);
        Thread.ofPlatform().daemon().name("fake-tcp-" + address.getPort()).start(backend::acceptTcp);
        return backend;
    }

    /** Answers A queries with {@code address} (TTL 3600) and others with an empty NOERROR and an SOA. */
    public static FakeBackend answering(String address) {
        return start(q -> Reply.send(addressOrNothing(q.query(), address)));
    }

    /** An A record for A queries, else NODATA. */
    public static DnsMessage addressOrNothing(DnsMessage query, String address) {
        String name = query.question().name();
        return query.question().type() == DnsMessage.A
                ? query.reply(DnsMessage.NOERROR, DnsMessage.Rr.a(name, 3600, address))
                : query.reply(DnsMessage.NOERROR).withAuthority(DnsMessage.Rr.soa("example.", 3600));
    }

    /** The port. */
    public int port() {
        return udp.getLocalPort();
    }

    /** {@code 127.0.0.1:port}, as configurations name it. */
    public String hostPort() {
        return "127.0.0.1:" + port();
    }

    /** Whether health checks are answered. */
    public void setHealthy(boolean answersHealthChecks) {
        healthy = answersHealthChecks;
    }

    /** Queries so far without health checks; malformed ones count, but are never answered nor kept. */
    public int queryCount() {
        return queries.get();
    }

    /** Health checks so far. */
    public int healthCheckCount() {
        return healthChecks.get();
    }

    /** TCP connections accepted so far, those of health checks included. */
    public int connectionCount() {
        return acceptedConnections.get();
    }

    /** The queries in order of arrival. */
    public List<Received> received() {
        return new ArrayList<>(received);
    }

    /** The latest query. */
    public Received last() {
        return received().getLast();
    }

    private void serveUdp() {
        byte[] buffer = new byte[MAX_DATAGRAM];
        while (!udp.isClosed()) {
            DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(datagram);
            } catch (IOException closed) {
                continue;
            }
            byte[] packet = Arrays.copyOf(buffer, datagram.getLength());
            InetSocketAddress from = (InetSocketAddress) datagram.getSocketAddress();
            Optional<ReceivedProxyHeader> header = ReceivedProxyHeader.read(packet);
            byte[] message = header.map(h -> Arrays.copyOfRange(packet, h.length(), packet.length))
                    .orElse(packet);
            perform(judge(message, false, from, header), reply -> sendUdp(reply, from), () -> {});
        }
    }

    private void sendUdp(Reply.Send reply, InetSocketAddress to) {
        try {
            DatagramPacket datagram = new DatagramPacket(reply.packet(), reply.packet().length, to);
            if (reply.fromOtherPort()) {
                try (DatagramSocket other = new DatagramSocket(0, LoopbackPorts.loopback())) {
                    other.send(datagram);
                }
            } else {
                udp.send(datagram);
            }
        } catch (IOException closed) {
            // The backend is being stopped: an answer on its way is lost, as on a network.
        }
    }

    private void acceptTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket connection = tcp.accept();
                connections.add(connection);
                acceptedConnections.incrementAndGet();
                Thread.ofVirtual().start(() -> serveTcp(connection));
            } catch (IOException closed) {
                // Ends with the loop's condition.
            }
        }
    }

    private void serveTcp(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(connection.getInputStream());
            Optional<ReceivedProxyHeader> header = Optional.empty();
            while (true) {
                byte[] start = in.readNBytes(2);
                if (start.length < 2) {
                    return;
                }
                if (start[0] == 0x0D && start[1] == 0x0A) {
                    header = Optional.of(ReceivedProxyHeader.readAfterTwoBytes(in));
                    continue;
                }
                byte[] packet = new byte[(start[0] & 0xFF) << 8 | (start[1] & 0xFF)];
                in.readFully(packet);
                InetSocketAddress from = (InetSocketAddress) connection.getRemoteSocketAddress();
                perform(
                        judge(packet, true, from, header),
                        reply -> sendTcp(connection, reply),
                        () -> hangUp(connection));
            }
        } catch (EOFException | java.net.SocketException ended) {
            // The client has gone.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            connections.remove(connection);
        }
    }

    private static void sendTcp(Socket connection, Reply.Send reply) {
        try {
            synchronized (connection) {
                connection.getOutputStream().write(TcpClient.framed(reply.packet()));
            }
        } catch (IOException closed) {
            // The client has gone.
        }
    }

    private static void hangUp(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Reply judge(byte[] packet, boolean overTcp, InetSocketAddress from, Optional<ReceivedProxyHeader> header) {
        DnsMessage query;
        try {
            query = DnsMessage.parse(packet);
        } catch (RuntimeException malformed) {
            queries.incrementAndGet();
            return new Reply.Drop();
        }
        if (!query.questions().isEmpty() && query.question().name().equalsIgnoreCase(HEALTH_CHECK_NAME)) {
            healthChecks.incrementAndGet();
            return healthy ? Reply.send(query.reply(DnsMessage.NOERROR)) : new Reply.Drop();
        }
        Received one = new Received(query, packet, overTcp, from, header);
        if (queries.incrementAndGet() <= MAX_RECORDED) {
            received.add(one);
        }
        return script.answer(one);
    }

    private void perform(Reply reply, java.util.function.Consumer<Reply.Send> sender, Runnable hangup) {
        switch (reply) {
            case Reply.Drop() -> {}
            case Reply.Hangup() -> hangup.run();
            case Reply.Many(List<Reply> replies) -> replies.forEach(each -> perform(each, sender, hangup));
            case Reply.Send send -> {
                if (send.delay().isZero()) {
                    sender.accept(send);
                } else if (!later.isShutdown()) {
                    var _ = later.schedule(
                            () -> sender.accept(send), send.delay().toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    @Override
    public void close() {
        later.shutdownNow();
        udp.close();
        try {
            tcp.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
