package dev.weir.web.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * Puts a request and its body together, and tells the handlers behind it ({@link #EXCEEDED}) when there is more than it takes. Netty's own answer
 * to that leaves the connection open, so that whoever announced too much waits.
 */
final class BodyLimit extends HttpObjectAggregator {
    /** The event that stands for a request of which nothing more is passed on. */
    static final Object EXCEEDED = new Object();

    BodyLimit(int mostBytes) {
        super(mostBytes, true);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
        ctx.fireUserEventTriggered(EXCEEDED);
    }

    /** Who asks before sending too much, or what can't be read, is refused the same way as who does not ask. */
    @Override
    protected @Nullable Object newContinueResponse(HttpMessage start, int mostBytes, ChannelPipeline pipeline) {
        boolean refused = start.decoderResult().isFailure()
                || HttpUtil.is100ContinueExpected(start) && HttpUtil.getContentLength(start, -1L) > mostBytes;
        return refused ? null : super.newContinueResponse(start, mostBytes, pipeline);
    }
}
