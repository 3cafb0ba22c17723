package dev.weir.net.tls;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a client's first message, chooses the context by the name in it, and makes room for what speaks TLS from then on. Tells the name to
 * whoever stands behind it, as an {@link io.netty.handler.ssl.SniCompletionEvent}.
 */
final class NamedHandshake extends AbstractSniHandler<ServerTls> {
    /** Octets of the first message: a record may have as many, and those of browsers have a tenth. */
    private static final int MOST = 16 * 1024;

    private final ServerTls tls;

    NamedHandshake(ServerTls tls) {
        super(MOST, 0);
        this.tls = tls;
    }

    @Override
    protected Future<ServerTls> lookup(ChannelHandlerContext ctx, @Nullable String name) {
        return ctx.executor().newSucceededFuture(tls);
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, @Nullable String name, Future<ServerTls> found) {
        ChannelHandler speaking = tls.newHandler(name, ctx.alloc());
        if (speaking == null) {
            var _ = ctx.close();
        } else {
            ctx.pipeline().replace(this, null, speaking);
        }
    }
}
