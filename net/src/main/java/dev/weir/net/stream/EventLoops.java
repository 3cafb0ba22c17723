package dev.weir.net.stream;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;

/** Event loops as the house has them: daemons that errors do not end, whose channels end with them, whose library logs where we do. */
public final class EventLoops {
    private EventLoops() {}

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
