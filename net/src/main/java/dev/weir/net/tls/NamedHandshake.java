package dev.weir.net.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

/**
 * Waits for a client's first message, chooses the context by the name in it, and makes room for what speaks TLS from then on. Tells the name to
 * whoever stands behind it, as an {@link io.netty.handler.ssl.SniCompletionEvent}.
 */
final class NamedHandshake extends SniHandler {
    /** Octets of the first message: a record may have as many, and those of browsers have a tenth. */
    private static final int MOST = 16 * 1024;

    private final ServerTls tls;

    NamedHandshake(ServerTls tls) {
        super(
                (String name, io.netty.util.concurrent.Promise<SslContext> promise) ->
                        promise.setSuccess(tls.select(name)),
                MOST,
                0);
        this.tls = tls;
    }

    @Override
    protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
        return tls.newHandler(context, allocator);
    }
}
