package dev.weir.net.stream;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.QuicCounters;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.stat.Counter;
import dev.weir.net.ListenOptions;
import dev.weir.net.http.Http3Requests;
import dev.weir.net.quic.QuicPort;
import dev.weir.net.tls.QuicTls;
import dev.weir.net.udp.SocketAddresses;
import dev.weir.net.udp.SocketBuffers;
import dev.weir.sys.InetEndpoint;
import dev.weir.sys.UdpSocket;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicTransportError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bound socket for DNS over QUIC or HTTP/3, and its connections, all on one loop. What comes before {@link #serve} waits in the socket's buffer.
 * Methods that don't say otherwise run on the loop's thread.
 */
final class QuicListener implements Listening {
    /** Connections, whatever the configuration says: an idle one takes some 35 KB. */
    static final int MOST = 10_000;

    /** How long a listener that closes waits for answers. */
    private static final long DRAIN_SECONDS = 1;

    private static final LogLimit REFUSALS = new LogLimit(60);

    private final ListenSpec.Quic spec;
    private final boolean anyAddress;
    private final Channel channel;
    private final Frontend frontend;
    private final QuicCounters counters;
    private final QuicTls tls;
    private final int most;
    private final Set<QuicConnection> connections = new HashSet<>();
    private final CountDownLatch drained = new CountDownLatch(1);
    private @Nullable StreamLoop loop;
    private volatile boolean closed;

    private QuicListener(
            ListenSpec.Quic spec, boolean anyAddress, Channel channel, Frontend frontend, QuicTls tls, int most) {
        this.spec = spec;
        this.anyAddress = anyAddress;
        this.channel = channel;
        this.frontend = frontend;
        this.counters = Objects.requireNonNull(frontend.quic());
        this.tls = tls;
        this.most = most;
    }

    /**
     * Reads the certificates and binds.
     *
     * @throws IOException if there is no QUIC here, a file can't be read or the address can't be bound; the message names it
     */
    static QuicListener open(ListenSpec.Quic what, LiveSettings settings) throws IOException {
        return open(what, settings, MOST);
    }

    /** @param most connections that are taken */
    static QuicListener open(ListenSpec.Quic what, LiveSettings settings, int most) throws IOException {
        QuicTls tls = QuicTls.open(what.tls(), what.http() == null ? "doq" : "h3");
        SocketSpec at = what.socket();
        InetEndpoint address = SocketAddresses.toSocket(at.address());
        UdpSocket socket = UdpSocket.open(address.family());
        try {
            boolean anyAddress = address.isWildcard();
            if (anyAddress) {
                socket.receivePacketInfo();
            }
            if (at.reusePort()) {
                socket.reusePort();
            }
            ListenOptions.wish(at, socket::freeBind);
            ListenOptions.bindToDevice(socket, at);
            SocketBuffers.configure(socket, settings);
            socket.bind(address);
            Endpoint bound = SocketAddresses.fromSocket(socket.localEndpoint());
            Frontend frontend = new Frontend(bound, what.protocol(), false, at.networkInterface());
            frontend.setTlsControl(tls);
            frontend.setPadsResponses(what.tls().padResponses());
            return new QuicListener(what, anyAddress, QuicPort.channel(socket, anyAddress), frontend, tls, most);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    ListenSpec.Quic spec() {
        return spec;
    }

    QuicTls tls() {
        return tls;
    }

    Frontend frontend() {
        return frontend;
    }

    QuicCounters counters() {
        return counters;
    }

    @Override
    public int maxInFlight() {
        return QuicPort.streams(spec.quic());
    }

    @Override
    public boolean overloaded(int thresholdPercent) {
        return thresholdPercent > 0
                && frontend.stream().currentConnections.get() * 100L >= (long) most * thresholdPercent;
    }

    // ---- serving

    /** Takes what has come, and what comes from now on. Any thread, once. */
    synchronized void serve(StreamLoop on, ClientTable clients) {
        if (closed) {
            return;
        }
        QuicPort.Service service = new QuicPort.Service(
                spec.quic(),
                tls,
                counters,
                spec.http() == null ? 0 : Http3Requests.UNIDIRECTIONAL_STREAMS,
                sender -> mayAsk(on, sender),
                connection -> begun(on, clients, connection));
        QuicPort.serve(channel, service);
        loop = on;
        var _ = on.eventLoop().register(channel);
    }

    private boolean mayAsk(StreamLoop on, InetSocketAddress sender) {
        on.begin();
        if (closed) {
            return false;
        }
        boolean listed = on.worker().snapshot().acl().match(Peers.of(sender));
        if (!listed) {
            on.worker().stats().increment(Counter.ACL_DROPS);
        }
        return listed;
    }

    private void begun(StreamLoop on, ClientTable clients, QuicChannel connection) {
        on.begin();
        Peer peer = connection.remoteSocketAddress() instanceof InetSocketAddress remote ? Peers.of(remote) : null;
        Peer local = new Peer();
        local.set(
                anyAddress && connection.localSocketAddress() instanceof InetSocketAddress asked
                        ? Peers.endpoint(asked)
                        : frontend.address());
        ClientTable.Client client = peer == null || connections.size() >= most
                ? null
                : clients.enter(peer, on.nowNanos(), on.worker().stats());
        if (peer == null || client == null) {
            refuse(on, connection);
            return;
        }
        frontend.stream().opened();
        ConnectionLimits limits = new ConnectionLimits(this, on.settings(), clients, client);
        ClientIdentity identity = new ClientIdentity(peer, local, false);
        QuicConnection handler;
        if (spec.http() == null) {
            handler = new DoqConnection(on, this, limits, identity);
        } else {
            DohQuicConnection http = new DohQuicConnection(on, this, limits, identity, spec.http());
            connection.pipeline().addLast(http.http());
            handler = http;
            Objects.requireNonNull(frontend.http())
                    .connects
                    .increment(on.worker().stats());
        }
        connections.add(handler);
        connection.pipeline().addLast(handler);
    }

    private void refuse(StreamLoop on, QuicChannel connection) {
        counters.refused.increment();
        long times = REFUSALS.admit(on.nowNanos());
        if (times > 0) {
            Log.warning(
                    "A connection over QUIC was refused: there are, or come, too many",
                    "net",
                    "frontend.address",
                    frontend.address(),
                    "count",
                    times);
        }
        // The client can be told once its first packet has been read, which it is after this.
        on.execute(() -> {
            var _ = connection.close(false, (int) QuicTransportError.CONNECTION_REFUSED.code(), Unpooled.EMPTY_BUFFER);
        });
    }

    /** A connection is over. */
    void left(QuicConnection connection) {
        connections.remove(connection);
        if (closed && connections.isEmpty()) {
            drained.countDown();
        }
    }

    boolean isClosed() {
        return closed;
    }

    // ---- end

    /** Takes no more connections; those there are end once they have what they asked for. Returns when the socket is closed. Any thread. */
    void close() {
        StreamLoop known;
        synchronized (this) {
            closed = true;
            known = loop;
        }
        if (known == null) {
            channel.unsafe().closeForcibly();
        } else if (!known.isClosing()) {
            drain(known);
            var _ = channel.close().awaitUninterruptibly(TimeUnit.SECONDS.toMillis(DRAIN_SECONDS));
            EventLoops.awaitSelection(known.eventLoop());
        }
    }

    private void drain(StreamLoop known) {
        known.execute(() -> {
            List.copyOf(connections).forEach(QuicConnection::leaveClosedListener);
            if (connections.isEmpty()) {
                drained.countDown();
            }
        });
        try {
            if (!drained.await(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                Log.debug("A listener's connections were not waited for", "net", "frontend.address", frontend);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
