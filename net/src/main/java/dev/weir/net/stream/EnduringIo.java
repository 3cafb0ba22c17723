package dev.weir.net.stream;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import java.util.concurrent.locks.LockSupport;

/**
 * An event loop's way to its channels that an {@link Error} does not end. Netty's own lets errors through, and the loop's thread ends with all
 * its connections; what was left undone is found again by the next selection.
 */
final class EnduringIo implements IoHandler {
    /** Keeps a failure that lasts from taking a processor. */
    private static final long PAUSE_NANOS = 1_000_000;

    private final IoHandler io;

    private EnduringIo(IoHandler io) {
        this.io = io;
    }

    /** Wraps each loop's handler that {@code factory} makes. */
    static IoHandlerFactory around(IoHandlerFactory factory) {
        return executor -> new EnduringIo(factory.newHandler(executor));
    }

    @Override
    public int run(IoHandlerContext context) {
        try {
            return io.run(context);
        } catch (Throwable e) {
            StreamLoop.GUARD.caught(e);
            LockSupport.parkNanos(PAUSE_NANOS);
            return 0;
        }
    }

    @Override
    public void initialize() {
        io.initialize();
    }

    @Override
    public void prepareToDestroy() {
        io.prepareToDestroy();
    }

    @Override
    public void destroy() {
        io.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return io.register(handle);
    }

    @Override
    public void wakeup() {
        io.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return io.isCompatible(handleType);
    }
}
