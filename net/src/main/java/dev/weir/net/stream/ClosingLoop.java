package dev.weir.net.stream;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.concurrent.Executor;

/**
 * An event loop that closes its channels before it ends. Netty's own does so only if it learns of its end while it selects: if that is said
 * while tasks run, the loop ends at once, and channels stay open with all that their handlers hold.
 */
final class ClosingLoop extends SingleThreadIoEventLoop {
    ClosingLoop(IoEventLoopGroup group, Executor executor, IoHandlerFactory factory) {
        super(group, executor, factory);
    }

    @Override
    protected boolean confirmShutdown() {
        if (isShuttingDown()) {
            ioHandler().prepareToDestroy();
        }
        return super.confirmShutdown();
    }
}
