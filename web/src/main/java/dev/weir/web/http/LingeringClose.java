package dev.weir.web.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose client may still be sending. Closing it at once would make the kernel answer what comes with a reset, which can take the
 * response away before the client has read it. So the client is told that nothing more comes, and what it still sends is thrown away until it
 * closes, for {@value #MOST_MILLIS} ms at most. On the loop's thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, 9.6 Tear-down</a>
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {
    static final long MOST_MILLIS = 5_000;

    private LingeringClose() {}

    /** The response has been written; {@code ctx} is of any handler of the connection. */
    static void begin(ChannelHandlerContext ctx) {
        if (!(ctx.channel() instanceof DuplexChannel channel) || !channel.isActive()) {
            var _ = ctx.close();
            return;
        }
        channel.pipeline().addFirst(new LingeringClose());
        var _ = channel.shutdownOutput();
        var late = channel.eventLoop().schedule(() -> close(channel), MOST_MILLIS, TimeUnit.MILLISECONDS);
        var _ = channel.closeFuture().addListener(closed -> late.cancel(false));
    }

    private static void close(Channel channel) {
        var _ = channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }
}
