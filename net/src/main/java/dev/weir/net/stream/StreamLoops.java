package dev.weir.net.stream;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.model.Engine;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Setting;
import dev.weir.net.StreamAsker;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The event loops: as many as there are processors, but not more than {@code setMaxTCPClientThreads} allows. */
final class StreamLoops {
    /** Datagrams' queries on their way to a loop from which on the next loop gets some, too. */
    private static final int CROWD = 256;

    private final EventLoopGroup group;
    private final StreamLoop[] loops;
    private final ClientTable clients;
    private final DescriptorBudget budget;
    private final AtomicInteger queued = new AtomicInteger();
    private final BackendContexts contexts;
    private final AtomicInteger turn = new AtomicInteger();

    StreamLoops(Engine engine, LiveSettings settings, DescriptorBudget budget) {
        this.budget = budget;
        int count = Math.clamp(
                settings.number(Setting.MAX_TCP_CLIENT_THREADS),
                1,
                Runtime.getRuntime().availableProcessors());
        group = EventLoops.make("weir-stream", count);
        loops = new StreamLoop[count];
        contexts = new BackendContexts();
        ClientRoom room = new ClientRoom(loops, budget);
        try {
            for (int i = 0; i < count; i++) {
                loops[i] = new StreamLoop(group.next(), engine, settings, room, budget, contexts);
            }
            clients = new ClientTable(settings);
        } catch (Throwable e) {
            var _ = group.shutdownGracefully();
            throw e;
        }
    }

    void accept(List<StreamListener> listeners) {
        for (StreamListener listener : listeners) {
            listener.sockets().forEach(socket -> accept(listener, socket));
        }
    }

    private void accept(StreamListener listener, ServerSocketChannel socket) {
        StreamLoop loop = nextLoop();
        NioServerSocketChannel channel = new NioServerSocketChannel(socket);
        channel.pipeline().addLast(new Acceptor(listener, loop, loops, clients, queued));
        var _ = loop.eventLoop().register(channel).addListener(done -> listener.acceptedBy(channel));
    }

    /** Each on one loop, with all its connections. */
    void serve(List<QuicListener> listeners) {
        listeners.forEach(listener -> listener.serve(nextLoop(), clients));
    }

    /** Ends the connections of listeners that are closed. */
    void leaveClosedListeners() {
        for (StreamLoop loop : loops) {
            loop.execute(() -> loop.clients().forEach(IdleClients.Client::leaveClosedListener));
        }
    }

    /** @param handedOver counted down when a loop has the query */
    void forward(Flight flight, AtomicInteger handedOver) {
        StreamLoop loop = loopFor(flight.backend);
        loop.handedOver().incrementAndGet();
        loop.execute(() -> {
            loop.handedOver().decrementAndGet();
            handedOver.decrementAndGet();
            loop.forwardParked(flight);
        });
    }

    void ask(Backend backend, byte[] request, long timeoutNanos, StreamAsker.Reply reply) {
        StreamLoop loop = nextLoop();
        loop.execute(() -> {
            try {
                loop.ask(backend, request, timeoutNanos, reply);
            } catch (Throwable e) {
                reply.failed(e);
                throw e;
            }
        });
    }

    /** The same loop for all datagrams' queries to a backend, so that they share its connections, as long as that loop keeps up. */
    private StreamLoop loopFor(Backend backend) {
        for (int i = 0; i < loops.length; i++) {
            StreamLoop loop = loops[Math.floorMod(backend.index() + i, loops.length)];
            if (loop.handedOver().get() < CROWD) {
                return loop;
            }
        }
        return nextLoop();
    }

    /** Sessions of TLS that connections to backends can take up again. */
    int outgoingTlsSessions() {
        return contexts.sessions();
    }

    /** Writes into the log what connections there are. */
    void logConnections(boolean overHttp) {
        for (StreamLoop loop : loops) {
            loop.execute(() -> loop.logConnections(overHttp));
        }
    }

    DescriptorBudget budget() {
        return budget;
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
        for (StreamLoop loop : loops) {
            loop.worker().close();
        }
        contexts.close();
    }
}
