package dev.weir.net.stream;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** A client that speaks QUIC as told, well or not. */
final class QuicClient implements AutoCloseable {
    private final EventLoopGroup loops = EventLoops.make("quic-client", 1);
    private final InetSocketAddress server;
    private final String protocol;
    private final String name;
    private final QuicSslContext tls;
    private final Channel socket;
    private final QuicChannel connection;
    private final CompletableFuture<QuicConnectionCloseEvent> ended = new CompletableFuture<>();

    QuicClient(InetSocketAddress server, String protocol, String name) {
        this(
                server,
                protocol,
                name,
                QuicSslContextBuilder.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .applicationProtocols(protocol)
                        .build());
    }

    /** The same client with a second connection, which knows the first one's sessions. */
    QuicClient again() {
        return new QuicClient(server, protocol, name, tls);
    }

    private QuicClient(InetSocketAddress server, String protocol, String name, QuicSslContext tls) {
        this.server = server;
        this.protocol = protocol;
        this.name = name;
        this.tls = tls;
        socket = new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(new QuicClientCodecBuilder()
                        .sslEngineProvider(quic -> tls.newEngine(quic.alloc(), name, server.getPort()))
                        .maxIdleTimeout(60, TimeUnit.SECONDS)
                        .initialMaxData(10_000_000)
                        .initialMaxStreamDataBidirectionalLocal(1_000_000)
                        .initialMaxStreamDataUnidirectional(1_000_000)
                        .initialMaxStreamsUnidirectional(100)
                        .build())
                .bind(0)
                .syncUninterruptibly()
                .channel();
        try {
            connection = QuicChannel.newBootstrap(socket)
                    .handler(new ChannelInitializer<QuicChannel>() {
                        @Override
                        protected void initChannel(QuicChannel quic) {
                            if (protocol.equals("h3")) {
                                quic.pipeline().addLast(new Http3ClientConnectionHandler());
                            }
                            quic.pipeline().addLast(new Watch());
                        }
                    })
                    .remoteAddress(server)
                    .connect()
                    .get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            close();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the end. */
    private final class Watch extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                ended.complete(close);
            }
            ctx.fireUserEventTriggered(event);
        }
    }

    QuicChannel connection() {
        return connection;
    }

    Stream stream() {
        Stream stream = new Stream();
        stream.channel = connection
                .createStream(QuicStreamType.BIDIRECTIONAL, stream)
                .syncUninterruptibly()
                .getNow();
        return stream;
    }

    DnsMessage ask(DnsQuery query) {
        Stream stream = stream();
        stream.sendLast(framed(query.packet()));
        return DnsMessage.parse(unframed(stream.all()));
    }

    static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(2 + message.length)
                .putShort((short) message.length)
                .put(message)
                .array();
    }

    static byte[] unframed(byte[] octets) {
        if (octets.length < 2 || ByteBuffer.wrap(octets).getShort() != octets.length - 2) {
            throw new IllegalStateException("not one message: " + ByteBufUtil.hexDump(octets));
        }
        return Arrays.copyOfRange(octets, 2, octets.length);
    }

    X509Certificate certificate() {
        try {
            SSLEngine engine = connection.sslEngine();
            return (X509Certificate) engine.getSession().getPeerCertificates()[0];
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** How the server closed the connection. */
    QuicConnectionCloseEvent closed() {
        return get(ended);
    }

    boolean isOpen() {
        return connection.isActive();
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            var _ = connection
                    .close()
                    .awaitUninterruptibly(Duration.ofSeconds(5).toMillis());
        }
        socket.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One stream that the client has opened. */
    static final class Stream extends ChannelInboundHandlerAdapter {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> all = new CompletableFuture<>();
        private final CompletableFuture<Long> reset = new CompletableFuture<>();
        private @Nullable QuicStreamChannel channel;

        void send(byte... octets) {
            channel().writeAndFlush(Unpooled.wrappedBuffer(octets)).awaitUninterruptibly();
        }

        /** Sends these octets and the stream's end, in one frame. */
        void sendLast(byte... octets) {
            channel()
                    .writeAndFlush(new DefaultQuicStreamFrame(Unpooled.wrappedBuffer(octets), true))
                    .awaitUninterruptibly();
        }

        QuicStreamChannel channel() {
            if (channel == null) {
                throw new IllegalStateException();
            }
            return channel;
        }

        /** All that the server sent until the end. */
        byte[] all() {
            return get(all);
        }

        /** Waits for the end, whatever it is; false if that does not come. */
        boolean isOver() {
            Await.until("the end", Await.PATIENCE, all::isDone);
            return true;
        }

        /** The code with which the server gave the stream up. */
        long reset() {
            return get(reset);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf octets = (ByteBuf) message;
            received.writeBytes(ByteBufUtil.getBytes(octets));
            octets.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                all.complete(received.toByteArray());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof QuicStreamResetException gone) {
                reset.complete(gone.applicationProtocolCode());
            }
            all.completeExceptionally(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            all.complete(received.toByteArray());
        }
    }
}
