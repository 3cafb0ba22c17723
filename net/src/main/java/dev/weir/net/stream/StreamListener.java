package dev.weir.net.stream;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilters;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.log.Log;
import dev.weir.net.ListenOptions;
import dev.weir.net.udp.SocketAddresses;
import dev.weir.sys.ChannelSocket;
import dev.weir.sys.ListenSocket;
import dev.weir.sys.SyscallException;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A bound and listening TCP socket. The kernel completes connections from now on; they wait in its queue until the transport starts. Needs
 * nothing of Netty, so that binding is quick.
 */
public final class StreamListener {
    /** How long the kernel keeps back connections that say nothing. */
    private static final int DEFER_ACCEPT_SECONDS = 1;

    private final StreamSpec spec;
    private final ServerSocketChannel socket;
    private final Frontend frontend;

    /** Through which connections are accepted; null before that. */
    private @Nullable Channel acceptor;

    private volatile boolean closed;

    private StreamListener(StreamSpec spec, ServerSocketChannel socket, Frontend frontend) {
        this.spec = spec;
        this.socket = socket;
        this.frontend = frontend;
    }

    /**
     * Binds, behind the standard packet filter if there is one.
     *
     * @throws IOException if the address cannot be bound; the message names it
     */
    static StreamListener open(SocketSpec at, StreamSpec spec, KernelFilters filters) throws IOException {
        dev.weir.sys.InetEndpoint address = SocketAddresses.toSocket(at.address());
        try (ListenSocket socket = ListenSocket.open(address.family())) {
            configure(socket, at, spec);
            KernelFilter filter = filters.attachStandard(socket.fd().number());
            socket.bind(address);
            socket.listen(spec.queueSize() > 0 ? spec.queueSize() : Integer.MAX_VALUE);
            Endpoint bound = SocketAddresses.fromSocket(socket.localEndpoint());
            ChannelSocket channel = socket.toChannel();
            Frontend frontend = new Frontend(bound, Protocol.DO_TCP, at.proxyProtocol(), at.networkInterface());
            frontend.opened(channel::descriptor, filter);
            return new StreamListener(spec, channel.channel(), frontend);
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
        }
        ListenOptions.wish(at, () -> socket.deferAccept(DEFER_ACCEPT_SECONDS));
    }

    StreamSpec spec() {
        return spec;
    }

    ServerSocketChannel socket() {
        return socket;
    }

    public Frontend frontend() {
        return frontend;
    }

    /** Where it listens; with the port the kernel chose if 0 was asked for. */
    public Endpoint address() {
        return frontend.address();
    }

    /** Whether it has nearly as many connections as it may have. */
    boolean overloaded(int thresholdPercent) {
        int most = spec.maxConcurrentConnections();
        return most > 0
                && thresholdPercent > 0
                && frontend.stream().currentConnections.get() * 100L >= (long) most * thresholdPercent;
    }

    boolean full() {
        int most = spec.maxConcurrentConnections();
        return most > 0 && frontend.stream().currentConnections.get() >= most;
    }

    /** The channel that accepts its connections from now on; it is closed with the listener. */
    synchronized void acceptedBy(Channel channel) {
        acceptor = channel;
        if (closed) {
            var _ = channel.close();
        }
    }

    /** Whether it takes no more connections, and those that it has are to end. Any thread. */
    boolean isClosed() {
        return closed;
    }

    /** Takes no more connections. Any thread. */
    synchronized void close() {
        closed = true;
        if (acceptor != null && acceptor.isRegistered()) {
            var _ = acceptor.close().awaitUninterruptibly();
            return;
        }
        try {
            socket.close();
        } catch (IOException e) {
            Log.debug("Error while closing a listener", "net", "frontend.address", address(), "error", e.getMessage());
        }
    }
}
