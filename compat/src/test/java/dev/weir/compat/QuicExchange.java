package dev.weir.compat;

import dev.weir.testkit.Await;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/** One connection over QUIC that asks, as DNS over QUIC or HTTP/3 has it, each question on a stream of its own. */
final class QuicExchange implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel socket;
    private final QuicChannel connection;

    /** @param protocol {@code doq} or {@code h3} */
    QuicExchange(InetSocketAddress server, String protocol) {
        QuicSslContext tls = QuicSslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocols(protocol)
                .build();
        socket = new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(new QuicClientCodecBuilder()
                        .sslEngineProvider(quic -> tls.newEngine(quic.alloc(), "dns.example", server.getPort()))
                        .maxIdleTimeout(600, TimeUnit.SECONDS)
                        .initialMaxData(1_000_000)
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
                        }
                    })
                    .remoteAddress(server)
                    .connect()
                    .get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] await(CompletableFuture<byte[]> answer) {
        try {
            return answer.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** DNS over QUIC: the message behind its length, and the stream's end. */
    byte[] ask(byte[] query) {
        return message(await(begin(query)));
    }

    /** The same without waiting; what comes is the message behind its length. */
    CompletableFuture<byte[]> begin(byte[] query) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        QuicStreamChannel stream = connection
                .createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        ByteBuf octets = (ByteBuf) message;
                        received.writeBytes(ByteBufUtil.getBytes(octets));
                        octets.release();
                    }

                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                            answer.complete(received.toByteArray());
                        }
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        answer.completeExceptionally(cause);
                    }
                })
                .syncUninterruptibly()
                .getNow();
        ByteBuffer framed = ByteBuffer.allocate(2 + query.length);
        framed.putShort((short) query.length).put(query);
        stream.writeAndFlush(new DefaultQuicStreamFrame(Unpooled.wrappedBuffer(framed.array()), true))
                .awaitUninterruptibly();
        return answer;
    }

    private static byte[] message(byte[] all) {
        if (all.length < 2 || ByteBuffer.wrap(all).getShort() != all.length - 2) {
            throw new AssertionError("not one message: " + ByteBufUtil.hexDump(all));
        }
        return Arrays.copyOfRange(all, 2, all.length);
    }

    /** DNS over HTTP/3. */
    byte[] post(String path, byte[] query) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        Reply reply = new Reply(answer);
        QuicStreamChannel stream =
                Http3.newRequestStream(connection, reply).syncUninterruptibly().getNow();
        Http3Headers headers = new DefaultHttp3Headers()
                .method("POST")
                .scheme("https")
                .authority("dns.example")
                .path(path);
        headers.set("content-type", "application/dns-message");
        headers.set("content-length", String.valueOf(query.length));
        stream.write(new DefaultHttp3HeadersFrame(headers));
        stream.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(query)))
                .awaitUninterruptibly();
        var _ = stream.shutdownOutput();
        return await(answer);
    }

    /** The name in the certificate that the server has shown. */
    String shown() {
        try {
            return ((X509Certificate) connection.sslEngine().getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isOpen() {
        return connection.isActive();
    }

    private static final class Reply extends Http3RequestStreamInboundHandler {
        private final CompletableFuture<byte[]> answer;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private String status = "";

        Reply(CompletableFuture<byte[]> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
            status = String.valueOf(frame.headers().status());
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
            body.writeBytes(ByteBufUtil.getBytes(frame.content()));
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext ctx) {
            if (status.equals("200")) {
                answer.complete(body.toByteArray());
            } else {
                answer.completeExceptionally(new AssertionError("status " + status));
            }
        }
    }

    @Override
    public void close() {
        var _ = connection.close().awaitUninterruptibly(5_000);
        socket.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
