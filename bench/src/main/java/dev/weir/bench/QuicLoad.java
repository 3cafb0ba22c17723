package dev.weir.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a server over QUIC and says what that cost it, for {@code bench/quic}: {@code QuicLoad doq|doh3 PORT PID CONNECTIONS OUTSTANDING WARM
 * SECONDS}. Prints, a line each: queries per second over kept connections and the server's processor time for one; handshakes, the same; and
 * octets of the server's resident memory per idle connection, of the second half of CONNECTIONS.
 */
public final class QuicLoad {
    /** probe.bench.test A, RD, id 0. */
    private static final byte[] QUESTION = {
        0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, 'p', 'r', 'o', 'b', 'e', 5, 'b', 'e', 'n', 'c', 'h', 4, 't', 'e', 's',
        't', 0, 0, 1, 0, 1
    };

    private static final long PATIENCE_SECONDS = 20;
    private static final int BUSY_CONNECTIONS = 100;
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final boolean http;
    private final InetSocketAddress server;
    private final Path process;
    private final QuicSslContext tls;
    private final Channel socket;
    private final AtomicLong answered = new AtomicLong();
    private volatile boolean going;

    private QuicLoad(String kind, int port, String pid) {
        http = kind.equals("doh3");
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        process = Path.of("/proc", pid);
        tls = QuicSslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocols(http ? "h3" : "doq")
                .build();
        socket = new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(new QuicClientCodecBuilder()
                        .sslEngineProvider(quic -> tls.newEngine(quic.alloc(), "bench.test", port))
                        .maxIdleTimeout(600, TimeUnit.SECONDS)
                        .initialMaxData(1 << 30)
                        .initialMaxStreamDataBidirectionalLocal(1 << 20)
                        .initialMaxStreamDataUnidirectional(1 << 20)
                        .initialMaxStreamsUnidirectional(100)
                        .build())
                .bind(0)
                .syncUninterruptibly()
                .channel();
    }

    public static void main(String[] arguments) throws Exception {
        QuicLoad load = new QuicLoad(arguments[0], Integer.parseInt(arguments[1]), arguments[2]);
        int idle = Integer.parseInt(arguments[3]);
        int outstanding = Integer.parseInt(arguments[4]);
        int warm = Integer.parseInt(arguments[5]);
        int seconds = Integer.parseInt(arguments[6]);
        load.queries(outstanding, warm, seconds);
        load.handshakes(warm, seconds);
        load.memory(idle);
        System.exit(0);
    }

    private QuicChannel connect() throws Exception {
        return QuicChannel.newBootstrap(socket)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel quic) {
                        if (http) {
                            quic.pipeline().addLast(new Http3ClientConnectionHandler());
                        }
                    }
                })
                .remoteAddress(server)
                .connect()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Opens a stream, asks, and does this when the answer is whole. */
    private void ask(QuicChannel connection, Runnable then) {
        if (http) {
            String path =
                    "/dns-query?dns=" + Base64.getUrlEncoder().withoutPadding().encodeToString(QUESTION);
            Http3.newRequestStream(connection, new HttpAnswer(then)).addListener(opened -> {
                if (opened.isSuccess()) {
                    Channel stream = (Channel) opened.getNow();
                    stream.writeAndFlush(new DefaultHttp3HeadersFrame(new DefaultHttp3Headers()
                            .method("GET")
                            .scheme("https")
                            .authority("bench.test")
                            .path(path)));
                    ((DuplexChannel) stream).shutdownOutput();
                }
            });
        } else {
            ByteBuf framed = Unpooled.buffer(2 + QUESTION.length)
                    .writeShort(QUESTION.length)
                    .writeBytes(QUESTION);
            connection
                    .createStream(QuicStreamType.BIDIRECTIONAL, new Answer(then))
                    .addListener(opened -> {
                        if (opened.isSuccess()) {
                            ((Channel) opened.getNow()).writeAndFlush(new DefaultQuicStreamFrame(framed, true));
                        }
                    });
        }
    }

    private void again(QuicChannel connection) {
        ask(connection, () -> {
            answered.getAndIncrement();
            if (going) {
                again(connection);
            }
        });
    }

    private void queries(int outstanding, int warm, int seconds) throws Exception {
        List<QuicChannel> connections = new ArrayList<>();
        for (int i = 0; i < BUSY_CONNECTIONS; i++) {
            connections.add(connect());
        }
        going = true;
        for (QuicChannel connection : connections) {
            for (int i = 0; i < outstanding; i++) {
                again(connection);
            }
        }
        Thread.sleep(warm * 1000L);
        System.out.println("sampling now");
        long before = answered.get();
        double start = processorMicros();
        Thread.sleep(seconds * 1000L);
        long counted = answered.get() - before;
        print("queries/s", counted / (double) seconds);
        print("CPU per query (µs)", (processorMicros() - start) / counted);
        going = false;
        for (QuicChannel connection : connections) {
            connection.close().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void handshakes(int warm, int seconds) throws Exception {
        var _ = handshakesFor(warm);
        double start = processorMicros();
        int counted = handshakesFor(seconds);
        print("handshakes/s, one client", counted / (double) seconds);
        print("CPU per handshake with one query (µs)", (processorMicros() - start) / counted);
    }

    private int handshakesFor(int seconds) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        int counted = 0;
        while (System.nanoTime() - end < 0) {
            QuicChannel connection = connect();
            askOnce(connection);
            connection.close().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            counted++;
        }
        return counted;
    }

    private void askOnce(QuicChannel connection) throws Exception {
        CompletableFuture<Boolean> whole = new CompletableFuture<>();
        ask(connection, () -> whole.complete(true));
        whole.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void memory(int connections) throws Exception {
        List<QuicChannel> kept = new ArrayList<>();
        long half = 0;
        for (int i = 1; i <= connections; i++) {
            QuicChannel connection = connect();
            askOnce(connection);
            kept.add(connection);
            if (i == connections / 2) {
                half = residentOctets();
            }
        }
        long second = residentOctets() - half;
        if (kept.stream().anyMatch(connection -> !connection.isActive())) {
            throw new IllegalStateException("not all connections are open");
        }
        print("octets per idle connection", second / (double) (connections - connections / 2));
    }

    private double processorMicros() throws IOException {
        long nanos = 0;
        try (var tasks = Files.list(process.resolve("task"))) {
            for (Path task : tasks.toList()) {
                try {
                    nanos += Long.parseLong(
                            Files.readString(task.resolve("schedstat")).split(" ")[0]);
                } catch (IOException ended) {
                    // A thread that ends between two looks has little to show.
                }
            }
        }
        return nanos / 1e3;
    }

    private long residentOctets() throws IOException {
        Matcher matcher = RESIDENT.matcher(Files.readString(process.resolve("status"), StandardCharsets.US_ASCII));
        if (!matcher.find()) {
            throw new IllegalStateException("no VmRSS");
        }
        return Long.parseLong(matcher.group(1)) << 10;
    }

    private static void print(String name, double value) {
        System.out.printf("| %s | %.1f |%n", name, value);
    }

    /** Counts an answer at its stream's end, if something came before. */
    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final Runnable then;
        private boolean some;

        Answer(Runnable then) {
            this.then = then;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf octets = (ByteBuf) message;
            some |= octets.readableBytes() > QUESTION.length;
            octets.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE && some) {
                then.run();
            }
        }
    }

    private static final class HttpAnswer extends Http3RequestStreamInboundHandler {
        private final Runnable then;
        private boolean some;

        HttpAnswer(Runnable then) {
            this.then = then;
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
            some = "200".contentEquals(String.valueOf(frame.headers().status()));
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext ctx) {
            if (some) {
                then.run();
            }
        }
    }
}
