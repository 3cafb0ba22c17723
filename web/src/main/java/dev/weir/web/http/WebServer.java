package dev.weir.web.http;

import dev.weir.config.web.WebAddress.SocketFile;
import dev.weir.config.web.WebSpec;
import dev.weir.engine.acl.IpAddress;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP/1.1, one request a connection, as dnsdist does. One thread reads and writes, one answers: a slow answer, such as that of a script
 * which waits for its turn, holds up other answers and nothing else.
 *
 * <p>Limits: connections as the settings say, 10 s for a request to be there, 16 KiB of headers, 1 MiB of body, 30 s for a response to be fetched.
 *
 * <p>Nothing of it is made before the first {@link #listen}. Any thread.
 */
public final class WebServer implements AutoCloseable {
    private static final int MOST_LINE_BYTES = 8192;
    private static final int MOST_HEADER_BYTES = 16_384;
    private static final int CHUNK_BYTES = 8192;
    private static final int MOST_BODY_BYTES = 1 << 20;
    private static final long REQUEST_SECONDS = 10;

    private final Supplier<EventLoopGroup> loops;
    private final Supplier<WebSpec> settings;
    private final Routes routes;
    private final Visitors visitors = new Visitors();
    private final List<Listener> listeners = new ArrayList<>();
    private @Nullable EventLoopGroup group;
    private @Nullable ExecutorService answers;

    /**
     * @param loops makes the loop that reads and writes; it is closed with the server
     * @param settings as they are now
     */
    public WebServer(Supplier<EventLoopGroup> loops, Supplier<WebSpec> settings, Routes routes) {
        this.loops = loops;
        this.settings = settings;
        this.routes = routes;
    }

    /**
     * Binds, and serves from then on.
     *
     * @return where it listens, with the port that the kernel chose if 0 was asked for
     * @throws IOException if the address can't be bound
     */
    public synchronized InetSocketAddress listen(InetSocketAddress address) throws IOException {
        Channel bound = bind(
                () -> new NioServerSocketChannel(SelectorProvider.provider(), family(address)),
                address,
                this::isWelcome);
        listeners.add(new Listener(bound, null));
        return (InetSocketAddress) bound.localAddress();
    }

    /**
     * The same at a file, to which the ACL does not apply.
     *
     * @throws IOException if it can't be bound, or is another's file
     */
    public synchronized void listen(SocketFile file) throws IOException {
        SocketFileLife life = new SocketFileLife(file);
        Channel bound = bind(NioServerDomainSocketChannel::new, life.begin(), channel -> true);
        try {
            life.publish();
        } catch (IOException e) {
            // Takes the unfinished file with it.
            var _ = bound.close().awaitUninterruptibly();
            throw e;
        }
        listeners.add(new Listener(bound, life));
    }

    private <C extends ServerChannel> Channel bind(
            ChannelFactory<C> channels, SocketAddress address, Predicate<Channel> welcome) throws IOException {
        if (group == null || answers == null) {
            group = loops.get();
            answers = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("web-answers").factory());
        }
        ExecutorService answering = answers;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channelFactory(channels)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        admit(channel, welcome.test(channel), answering);
                    }
                });
        if (address instanceof InetSocketAddress) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        }
        var binding = bootstrap.bind(address).awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(String.valueOf(binding.cause().getMessage()), binding.cause());
        }
        return binding.channel();
    }

    /** Takes no more connections there; those there are go on. Nothing happens if it does not listen there. */
    public synchronized void unlisten(InetSocketAddress address) {
        unlisten(listener -> address.equals(listener.channel().localAddress()));
    }

    /** The same for a file, which goes with it. */
    public synchronized void unlisten(SocketFile file) {
        unlisten(listener -> listener.file() != null && listener.file().spec().equals(file));
    }

    private void unlisten(Predicate<Listener> wanted) {
        listeners.removeIf(listener -> {
            boolean there = wanted.test(listener);
            if (there) {
                listener.close();
            }
            return there;
        });
    }

    /** @param file null at an address */
    private record Listener(Channel channel, @Nullable SocketFileLife file) {
        void close() {
            var _ = channel.close().awaitUninterruptibly();
            if (file != null) {
                file.end();
            }
        }
    }

    /** A socket of one family only: 0.0.0.0 does not stand for IPv6. */
    private static SocketProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    private boolean isWelcome(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress from
                && settings.get().acl().match(IpAddress.of(from.getAddress().getAddress()));
    }

    private void admit(Channel channel, boolean welcome, Executor answering) {
        if (!welcome || !visitors.enter(channel, settings.get().maxConcurrentConnections())) {
            var _ = channel.close();
            return;
        }
        channel.pipeline()
                .addLast(new HttpServerCodec(MOST_LINE_BYTES, MOST_HEADER_BYTES, CHUNK_BYTES))
                .addLast(new BodyLimit(MOST_BODY_BYTES))
                .addLast(new Exchange(routes, visitors, answering));
        var _ = channel.eventLoop()
                .schedule(
                        () -> {
                            if (visitors.isSpeechless(channel)) {
                                var _ = channel.close();
                            }
                        },
                        REQUEST_SECONDS,
                        TimeUnit.SECONDS);
    }

    /** Connections that are open. */
    int connections() {
        return visitors.count();
    }

    /** Of these, those whose request is not there yet. */
    int speechless() {
        return visitors.speechless();
    }

    @Override
    public synchronized void close() {
        listeners.forEach(Listener::close);
        listeners.clear();
        if (group != null && answers != null) {
            var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            var _ = answers.shutdownNow();
        }
    }
}
