package dev.weir.net.stream;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Event loops as the house has them: daemons that errors do not end, whose channels end with them, whose library logs where we do. */
public final class EventLoops {
    private EventLoops() {}

    /**
     * Returns when the loop has selected once more: only then the descriptors of its closed channels are given back, and their addresses are
     * free. Not for the loop's own thread.
     */
    static void awaitSelection(EventLoop loop) {
        if (!loop.isShuttingDown()) {
            // A task that is due in the future is not run by the turn that is under way.
            var _ = loop.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
    }

    /** @param name of the threads, in front of their numbers */
    public static EventLoopGroup make(String name, int count) {
        NettySettings.apply();
        return new MultiThreadIoEventLoopGroup(
                count, new DefaultThreadFactory(name, true), EnduringIo.around(NioIoHandler.newFactory())) {
            @Override
            protected IoEventLoop newChild(Executor executor, IoHandlerFactory factory, Object... unused) {
                return new ClosingLoop(this, executor, factory);
            }
        };
    }
}
