package dev.weir.net.stream;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.model.Setting;
import dev.weir.engine.model.Snapshot;
import dev.weir.engine.stat.Counter;
import dev.weir.net.http.HttpVersionChoice;
import dev.weir.net.tls.ServerTls;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides who may connect, and deals the connections out to the loops in turn. Refused connections are closed without a word before any loop
 * knows of them. Runs on the loop that its listener belongs to.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final LogLimit FAILURES = new LogLimit(10);
    /** Connections that go when the kernel has refused one. */
    private static final int MAKE_ROOM = 16;

    private static final WriteBufferWaterMark OUTPUT_MARKS = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    private final StreamListener listener;
    private final StreamLoop own;
    private final StreamLoop[] loops;
    private final ClientTable clients;

    /** Connections on their way to their loops, over all listeners. */
    private final AtomicInteger queued;

    private final RecvByteBufAllocator readSizes =
            new AdaptiveRecvByteBufAllocator(64, 512, 65_536).maxMessagesPerRead(4);
    private int turn;

    Acceptor(StreamListener listener, StreamLoop own, StreamLoop[] loops, ClientTable clients, AtomicInteger queued) {
        this.listener = listener;
        this.own = own;
        this.loops = loops;
        this.clients = clients;
        this.queued = queued;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel channel = (Channel) message;
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        boolean accepted = false;
        try {
            accepted = remote != null && local != null && accept(channel, Peers.of(remote), Peers.of(local));
        } catch (Throwable e) {
            StreamLoop.GUARD.caught(e);
        }
        if (!accepted) {
            channel.unsafe().closeForcibly();
        }
    }

    private boolean accept(Channel channel, Peer peer, Peer local) {
        own.begin();
        Snapshot snapshot = own.worker().snapshot();
        boolean proxied =
                listener.frontend().proxyProtocol() && snapshot.proxyAcl().match(peer);
        if (!proxied && listener.checksAclAtOnce() && !snapshot.acl().match(peer)) {
            own.worker().stats().increment(Counter.ACL_DROPS);
            return false;
        }
        int most = own.settings().number(Setting.MAX_TCP_QUEUED_CONNECTIONS);
        if (listener.full()) {
            return false;
        }
        if (most > 0 && queued.get() >= most) {
            own.worker().stats().increment(Counter.TCP_QUERY_PIPE_FULL);
            return false;
        }
        ClientTable.Client client =
                clients.enter(peer, own.nowNanos(), own.worker().stats());
        if (client == null) {
            return false;
        }
        if (!own.room().take(own)) {
            clients.leave(client);
            return false;
        }
        listener.frontend().stream().opened();
        StreamLoop loop = loops[Math.floorMod(turn++, loops.length)];
        ConnectionLimits limits = new ConnectionLimits(listener, loop.settings(), clients, client);
        ClientIdentity identity = new ClientIdentity(peer, local, proxied);
        Accepted connection = listener.http() == null
                ? new ClientConnection(loop, listener, limits, identity)
                : new DohConnection(loop, listener, limits, identity);
        try {
            handOver(channel, loop, connection);
            return true;
        } catch (Throwable e) {
            StreamLoop.GUARD.caught(e);
            loop.execute(connection::closed);
            return false;
        }
    }

    private void handOver(Channel channel, StreamLoop loop, Accepted connection) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, OUTPUT_MARKS);
        channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, readSizes);
        queued.incrementAndGet();
        ServerTls tls = listener.tls();
        boolean outside = tls != null && tls.proxyHeaderOutside();
        if (outside && connection.expectsHeader()) {
            channel.pipeline().addLast(new OuterProxyHeader(connection));
        }
        if (tls != null) {
            tls.addTo(channel.pipeline());
        }
        if (listener.http() != null) {
            if (!outside && connection.expectsHeader()) {
                channel.pipeline().addLast(new OuterProxyHeader(connection));
            }
            channel.pipeline().addLast(new HttpVersionChoice(tls != null));
        }
        channel.pipeline().addLast(connection);
        var _ = loop.eventLoop().register(channel).addListener(done -> {
            queued.decrementAndGet();
            if (!done.isSuccess()) {
                channel.unsafe().closeForcibly();
                loop.execute(connection::closed);
            }
        });
    }

    /** accept(2) fails for want of descriptors or memory: idle connections go, and a pause lets them. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        long times = FAILURES.admit(System.nanoTime());
        if (times > 0) {
            Log.error(
                    "Error while accepting a TCP connection",
                    "net",
                    "address",
                    listener.address(),
                    "error",
                    cause.getMessage(),
                    "count",
                    times);
        }
        own.room().make(MAKE_ROOM);
        // In this order: the pause must not begin when its end could not be planned.
        var _ = ctx.executor()
                .schedule(
                        () -> {
                            ctx.channel().config().setAutoRead(true);
                        },
                        100,
                        TimeUnit.MILLISECONDS);
        ctx.channel().config().setAutoRead(false);
    }
}
