package dev.weir.net.stream;

import dev.weir.engine.Engine;
import dev.weir.engine.Tuning;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The event loops: as many as there are processors, but not more than {@code setMaxTCPClientThreads} allows. */
final class StreamLoops {
    private final MultiThreadIoEventLoopGroup group;
    private final StreamLoop[] loops;
    private final ClientTable clients;
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger turn = new AtomicInteger();

    StreamLoops(Engine engine, Tuning tuning) {
        NettySettings.apply();
        int count =
                Math.clamp(tuning.maxTcpClientThreads, 1, Runtime.getRuntime().availableProcessors());
        group = new MultiThreadIoEventLoopGroup(
                count, new DefaultThreadFactory("weir-stream", true), EnduringIo.around(NioIoHandler.newFactory()));
        loops = new StreamLoop[count];
        try {
            for (int i = 0; i < count; i++) {
                loops[i] = new StreamLoop((EventLoop) group.next(), engine, tuning);
            }
            clients = new ClientTable(tuning);
        } catch (Throwable e) {
            var _ = group.shutdownGracefully();
            throw e;
        }
    }

    void accept(List<StreamListener> listeners) {
        for (StreamListener listener : listeners) {
            StreamLoop loop = nextLoop();
            NioServerSocketChannel channel = new NioServerSocketChannel(listener.socket());
            channel.pipeline().addLast(new Acceptor(listener, loop, loops, clients, queued));
            var _ = loop.eventLoop().register(channel);
        }
    }

    /** @param handedOver counted down when a loop has the query */
    void forward(Flight flight, AtomicInteger handedOver) {
        StreamLoop loop = nextLoop();
        loop.execute(() -> {
            handedOver.decrementAndGet();
            loop.forwardParked(flight);
        });
    }

    private StreamLoop nextLoop() {
        return loops[Math.floorMod(turn.getAndIncrement(), loops.length)];
    }

    StreamLoop[] loops() {
        return loops;
    }

    /** Closes all channels and ends the threads. */
    void close() {
        for (StreamLoop loop : loops) {
            loop.close();
        }
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
