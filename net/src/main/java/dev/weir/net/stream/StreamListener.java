package dev.weir.net.stream;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilters;
import dev.weir.engine.listen.DnscryptCertificates;
import dev.weir.engine.listen.FastOpenKey;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.HttpSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.log.Log;
import dev.weir.net.ListenOptions;
import dev.weir.net.tls.ServerTls;
import dev.weir.net.udp.SocketAddresses;
import dev.weir.sys.ChannelSocket;
import dev.weir.sys.ListenSocket;
import dev.weir.sys.SyscallException;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bound and listening TCP socket. The kernel completes connections from now on; they wait in its queue until the transport starts. Needs
 * nothing of Netty, so that binding is quick.
 */
public final class StreamListener implements Listening {
    /** How long the kernel keeps back connections that say nothing. */
    private static final int DEFER_ACCEPT_SECONDS = 1;

    private final StreamSpec spec;
    private final List<ServerSocketChannel> sockets;
    private final Frontend frontend;

    /** What is spoken below DNS; null for nothing. */
    private final @Nullable ServerTls tls;

    /** How HTTP is spoken between TLS and DNS; null for nothing. */
    private final @Nullable HttpSpec http;

    /** Through which connections are accepted; none before that. */
    private final List<Channel> acceptors = new ArrayList<>();

    private volatile boolean closed;

    private StreamListener(
            StreamSpec spec,
            List<ServerSocketChannel> sockets,
            Frontend frontend,
            @Nullable ServerTls tls,
            @Nullable HttpSpec http) {
        this.spec = spec;
        this.sockets = sockets;
        this.frontend = frontend;
        this.tls = tls;
        this.http = http;
    }

    /**
     * What is to be opened.
     *
     * @param additional further addresses of the same frontend
     */
    record Opening(
            SocketSpec at,
            List<Endpoint> additional,
            StreamSpec spec,
            Protocol protocol,
            @Nullable ServerTls tls,
            @Nullable HttpSpec http,
            @Nullable DnscryptCertificates dnscrypt) {}

    /**
     * Binds, behind the standard packet filter if there is one.
     *
     * @throws IOException if an address cannot be bound; the message names it
     */
    static StreamListener open(Opening what, KernelFilters filters) throws IOException {
        SocketSpec at = what.at;
        List<ServerSocketChannel> sockets = new ArrayList<>();
        try {
            Bound first = bind(at, what.spec, filters);
            sockets.add(first.channel.channel());
            for (Endpoint address : what.additional) {
                SocketSpec there =
                        new SocketSpec(address, at.reusePort(), at.networkInterface(), at.cpus(), at.proxyProtocol());
                sockets.add(bind(there, what.spec, filters).channel.channel());
            }
            Frontend frontend = new Frontend(first.address, what.protocol, at.proxyProtocol(), at.networkInterface());
            frontend.opened(first.channel::descriptor, first.filter);
            if (what.dnscrypt != null) {
                frontend.setDnscrypt(what.dnscrypt);
            }
            if (what.tls != null) {
                frontend.setTlsControl(what.tls);
                frontend.setPadsResponses(what.tls.padsResponses());
            }
            return new StreamListener(what.spec, sockets, frontend, what.tls, what.http);
        } catch (IOException e) {
            sockets.forEach(StreamListener::close);
            if (what.tls != null) {
                what.tls.close();
            }
            throw e;
        }
    }

    private record Bound(
            ChannelSocket channel,
            Endpoint address,
            @Nullable KernelFilter filter) {}

    private static Bound bind(SocketSpec at, StreamSpec spec, KernelFilters filters) throws IOException {
        dev.weir.sys.InetEndpoint address = SocketAddresses.toSocket(at.address());
        try (ListenSocket socket = ListenSocket.open(address.family())) {
            configure(socket, at, spec);
            KernelFilter filter = filters.attachStandard(socket.fd().number());
            socket.bind(address);
            socket.listen(spec.queueSize() > 0 ? spec.queueSize() : Integer.MAX_VALUE);
            Endpoint bound = SocketAddresses.fromSocket(socket.localEndpoint());
            return new Bound(socket.toChannel(), bound, filter);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + at.address() + " over TCP: " + e.getMessage(), e);
        }
    }

    private static void configure(ListenSocket socket, SocketSpec at, StreamSpec spec) throws SyscallException {
        socket.reuseAddress();
        if (at.reusePort()) {
            socket.reusePort();
        }
        ListenOptions.wish(at, socket::freeBind);
        ListenOptions.bindToDevice(socket, at);
        if (spec.fastOpenQueueSize() > 0) {
            ListenOptions.wish(at, () -> socket.fastOpen(spec.fastOpenQueueSize()));
            FastOpenKey key = spec.fastOpenKey();
            if (key != null) {
                ListenOptions.wish(at, () -> socket.fastOpenKey(key.first(), key.second(), key.third(), key.fourth()));
            }
        }
        ListenOptions.wish(at, () -> socket.deferAccept(DEFER_ACCEPT_SECONDS));
    }

    StreamSpec spec() {
        return spec;
    }

    List<ServerSocketChannel> sockets() {
        return sockets;
    }

    /** How HTTP is spoken between TLS and DNS; null for nothing. */
    @Nullable HttpSpec http() {
        return http;
    }

    /** Whether who may not ask is cut off as soon as it connects. */
    boolean checksAclAtOnce() {
        return http == null || http.earlyAclDrop() && !http.trustForwarded();
    }

    /** What is spoken below DNS; null for nothing. */
    @Nullable ServerTls tls() {
        return tls;
    }

    public Frontend frontend() {
        return frontend;
    }

    /** Where it listens; with the port the kernel chose if 0 was asked for. */
    public Endpoint address() {
        return frontend.address();
    }

    @Override
    public int maxInFlight() {
        return spec.maxInFlight();
    }

    @Override
    public boolean overloaded(int thresholdPercent) {
        int most = spec.maxConcurrentConnections();
        return most > 0
                && thresholdPercent > 0
                && frontend.stream().currentConnections.get() * 100L >= (long) most * thresholdPercent;
    }

    boolean full() {
        int most = spec.maxConcurrentConnections();
        return most > 0 && frontend.stream().currentConnections.get() >= most;
    }

    /** A channel that accepts its connections from now on; it is closed with the listener. */
    synchronized void acceptedBy(Channel channel) {
        acceptors.add(channel);
        if (closed) {
            var _ = channel.close();
        }
    }

    /** Whether it takes no more connections, and those that it has are to end. Any thread. */
    boolean isClosed() {
        return closed;
    }

    /** Lets other sockets be bound to its addresses; false if that can't be. Any thread. */
    boolean share() {
        try {
            for (ServerSocketChannel socket : sockets) {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Takes no more connections. Any thread. */
    synchronized void close() {
        closed = true;
        for (Channel acceptor : acceptors) {
            if (acceptor.isRegistered()) {
                var _ = acceptor.close().awaitUninterruptibly();
                EventLoops.awaitSelection(acceptor.eventLoop());
            }
        }
        sockets.forEach(StreamListener::close);
        if (tls != null) {
            tls.close();
        }
    }

    private static void close(ServerSocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            Log.debug("Error while closing a listener", "net", "error", e);
        }
    }
}
