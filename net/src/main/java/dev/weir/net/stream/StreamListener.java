package dev.weir.net.stream;

import dev.weir.engine.Frontend;
import dev.weir.engine.ListenSpec;
import dev.weir.engine.Protocol;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilters;
import dev.weir.engine.log.Log;
import dev.weir.sys.ChannelSocket;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/**
 * A bound and listening TCP socket. The kernel completes connections from now on; they wait in its queue until the transport starts. Needs
 * nothing of Netty, so that binding is quick.
 */
public final class StreamListener {
    /** How long the kernel keeps back connections that say nothing. */
    private static final int DEFER_ACCEPT_SECONDS = 1;

    private final ListenSpec spec;
    private final ServerSocketChannel socket;
    private final Frontend frontend;

    private StreamListener(ListenSpec spec, ServerSocketChannel socket, Frontend frontend) {
        this.spec = spec;
        this.socket = socket;
        this.frontend = frontend;
    }

    /**
     * Binds, behind the standard packet filter if there is one.
     *
     * @throws IOException if the address cannot be bound; the message names it
     */
    static StreamListener open(ListenSpec spec, KernelFilters filters) throws IOException {
        Endpoint address = spec.address();
        ServerSocketChannel socket = ServerSocketChannel.open(
                address.ip().isV4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (spec.reusePort()) {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            ChannelSocket kernel = setKernelOptions(socket, spec);
            KernelFilter filter = filters.attachStandard(kernel.descriptor());
            // listen(2) cuts a larger wish down to net.core.somaxconn.
            int backlog = spec.tcpListenQueueSize() > 0 ? spec.tcpListenQueueSize() : Integer.MAX_VALUE;
            socket.bind(new InetSocketAddress(address.ip().toInetAddress(), address.port()), backlog);
            Endpoint bound = new Endpoint(address.ip(), ((InetSocketAddress) socket.getLocalAddress()).getPort());
            Frontend frontend = new Frontend(bound, Protocol.DO_TCP, spec.enableProxyProtocol());
            frontend.opened(() -> socket.isOpen() ? kernel.descriptor() : -1, filter);
            return new StreamListener(spec, socket, frontend);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw new IOException("cannot listen on " + address + " over TCP: " + e.getMessage(), e);
        }
    }

    private static ChannelSocket setKernelOptions(ServerSocketChannel socket, ListenSpec spec) throws IOException {
        boolean v6 = spec.address().ip().isV6();
        ChannelSocket kernel = ChannelSocket.of(socket, v6 ? 6 : 4);
        if (v6) {
            kernel.v6Only();
        }
        if (!spec.networkInterface().isEmpty()) {
            kernel.bindToDevice(spec.networkInterface());
        }
        if (spec.tcpFastOpenQueueSize() > 0) {
            kernel.fastOpen(spec.tcpFastOpenQueueSize());
        }
        try {
            kernel.freeBind();
            kernel.deferAccept(DEFER_ACCEPT_SECONDS);
        } catch (SyscallException e) {
            Log.warning("A socket option is not available", "net", "address", spec.address(), "error", e.getMessage());
        }
        return kernel;
    }

    ListenSpec spec() {
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
        int most = spec.maxConcurrentTcpConnections();
        return most > 0
                && thresholdPercent > 0
                && frontend.stream().currentConnections.get() * 100L >= (long) most * thresholdPercent;
    }

    boolean full() {
        int most = spec.maxConcurrentTcpConnections();
        return most > 0 && frontend.stream().currentConnections.get() >= most;
    }

    void close() throws IOException {
        socket.close();
    }
}
