package dev.weir.net.stream;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.net.OwnWant;
import dev.weir.net.http.DohRequester;
import dev.weir.net.tls.BackendTls;
import dev.weir.net.tls.Handshake;
import dev.weir.net.udp.SocketAddresses;
import dev.weir.sys.ChannelSocket;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;

/**
 * Opens connections to one backend as its specification says: where they begin, where they go, what they are made of. Everything that speaks to a
 * backend over a stream, queries as well as checks, does it through here. Belongs to its loop's thread.
 */
final class BackendChannel {
    private static final int HTTPS_PORT = 443;
    private static final LogLimit NO_FAST_OPEN = new LogLimit(60);
    private static final LogLimit NO_HANDSHAKE = new LogLimit(10);

    private final Backend backend;
    private final BackendContexts contexts;
    private final BackendSpec spec;
    private final Bootstrap bootstrap;

    BackendChannel(EventLoop loop, Backend backend, BackendContexts contexts) {
        this.backend = backend;
        this.contexts = contexts;
        this.spec = backend.spec();
        bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(this::channel)
                .disableResolver()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.max(1, spec.tcp().connectTimeoutSeconds()) * 1000)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(512, 2048, 65_536).maxMessagesPerRead(4))
                .remoteAddress(SocketAddresses.toSocket(spec.address()).toInetSocketAddress());
        IpAddress source = spec.source().address();
        if (source != null) {
            bootstrap.localAddress(SocketAddresses.toSocket(source, 0).toInetSocketAddress());
        }
        if (spec.source().dscp() != 0) {
            // The six upper bits of the octet that was TOS (RFC 2474 section 3).
            bootstrap.option(ChannelOption.IP_TOS, spec.source().dscp() << 2);
        }
    }

    /** Begins a connection. @return when it is established, TLS included, or why it is not */
    ChannelFuture open(ChannelHandler handler) {
        if (spec.tls() == null && spec.http() == null) {
            return bootstrap.clone().handler(handler).connect();
        }
        ChannelInitializer<Channel> layers = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) throws IOException {
                BackendTls tls = contexts.of(backend);
                if (tls != null) {
                    channel.pipeline().addLast(tls.newHandler(channel.alloc(), connectMillis()));
                }
                if (spec.http() != null) {
                    channel.pipeline().addLast(requester(spec.http()));
                }
                channel.pipeline().addLast(handler);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                complain(cause);
                var _ = ctx.close();
            }
        };
        ChannelFuture connecting = bootstrap.clone().handler(layers).connect();
        if (spec.tls() == null) {
            return connecting;
        }
        ChannelPromise ready = connecting.channel().newPromise();
        long begunMillis = System.currentTimeMillis();
        var _ = connecting.addListener(done -> {
            SslHandler handshake = connecting.channel().pipeline().get(SslHandler.class);
            if (!done.isSuccess() || handshake == null) {
                ready.setFailure(done.isSuccess() ? new IOException("TLS can't be set up") : done.cause());
            } else {
                var _ = handshake.handshakeFuture().addListener(shaken -> secured(shaken, ready, begunMillis));
            }
        });
        return ready;
    }

    private ChannelHandler requester(BackendSpec.Http http) {
        BackendSpec.Tls tls = spec.tls();
        String authority = tls == null || tls.subjectName().isEmpty()
                ? spec.address().toString()
                : tls.subjectName()
                        + (spec.address().port() == HTTPS_PORT
                                ? ""
                                : ":" + spec.address().port());
        return DohRequester.asking(tls == null ? "http" : "https", authority, http.path());
    }

    private int connectMillis() {
        return Math.max(1, spec.tcp().connectTimeoutSeconds()) * 1000;
    }

    private void secured(Future<?> shaken, ChannelPromise ready, long begunMillis) {
        if (!shaken.isSuccess()) {
            complain(shaken.cause());
            ready.setFailure(shaken.cause());
            return;
        }
        if (Handshake.of(ready.channel().pipeline(), begunMillis).resumed()) {
            backend.stream().tlsResumptions.increment();
        }
        ready.setSuccess();
    }

    private void complain(Throwable cause) {
        long times = NO_HANDSHAKE.admit(System.nanoTime());
        if (times > 0) {
            Log.warning(
                    "No TLS to a backend",
                    "net",
                    "backend.name",
                    backend.name(),
                    "backend.address",
                    backend.address(),
                    "error",
                    OwnWant.causeOf(cause),
                    "count",
                    times);
        }
    }

    private NioSocketChannel channel() {
        String device = spec.source().networkInterface();
        if (device.isEmpty() && !spec.tcp().fastOpen()) {
            return new NioSocketChannel();
        }
        try {
            SocketChannel socket = SocketChannel.open();
            try {
                configure(socket, device);
                return new NioSocketChannel(socket);
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void configure(SocketChannel socket, String device) throws IOException {
        if (!device.isEmpty()) {
            ChannelSocket.bindToDevice(socket, device);
        }
        if (spec.tcp().fastOpen()) {
            try {
                ChannelSocket.fastOpen(socket);
            } catch (IOException e) {
                // Without it, all is as fast as it is elsewhere.
                long times = NO_FAST_OPEN.admit(System.nanoTime());
                if (times > 0) {
                    Log.warning(
                            "No TCP Fast Open to a backend",
                            "net",
                            "backend.address",
                            spec.address(),
                            "error",
                            e,
                            "count",
                            times);
                }
            }
        }
    }
}
