package dev.weir.net.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests and replies of HTTP/1.1, of which the client wants the replies in its order. Belongs to its channel's thread. */
final class Http1Requests extends ChannelDuplexHandler {
    /** Requests of one client that wait for their replies. */
    private static final int MOST = 16;

    private static final HttpHeadersFactory AS_THEY_ARE =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private final String scheme;
    private final ArrayDeque<Slot> waiting = new ArrayDeque<>();

    private static final class Slot {
        final boolean keepAlive;

        @Nullable HttpReply reply;

        @Nullable ChannelPromise promise;

        Slot(boolean keepAlive) {
            this.keepAlive = keepAlive;
        }
    }

    Http1Requests(String scheme) {
        this.scheme = scheme;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof FullHttpRequest request) {
                whole(ctx, request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void whole(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (waiting.size() >= MOST || request.decoderResult().isFailure()) {
            var _ = ctx.close();
            return;
        }
        Map<String, String> headers = new HashMap<>();
        request.headers().forEach(each -> headers.put(each.getKey().toLowerCase(Locale.ROOT), each.getValue()));
        byte[] body = new byte[request.content().readableBytes()];
        request.content().readBytes(body);
        Slot slot = new Slot(HttpUtil.isKeepAlive(request));
        waiting.add(slot);
        ctx.fireChannelRead(HttpQuestion.of(
                1,
                request.method().name(),
                scheme,
                headers.getOrDefault("host", ""),
                request.uri(),
                () -> headers,
                body,
                slot));
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof HttpReply reply)) {
            var _ = ctx.write(message, promise);
            return;
        }
        Slot slot = (Slot) reply.to().stream();
        slot.reply = reply;
        slot.promise = promise;
        Slot first;
        while ((first = waiting.peek()) != null && first.reply != null && first.promise != null) {
            waiting.remove();
            send(ctx, first, first.reply, first.promise);
        }
    }

    private static void send(ChannelHandlerContext ctx, Slot slot, HttpReply reply, ChannelPromise promise) {
        // Headers have been looked at where they were written; an exception here would leave the client without an
        // answer.
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()),
                Unpooled.wrappedBuffer(reply.body()),
                AS_THEY_ARE,
                AS_THEY_ARE);
        reply.headers().forEach((name, value) -> response.headers().set(name, value));
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        if (!slot.keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, "close");
            var _ = promise.addListener(ChannelFutureListener.CLOSE);
        }
        var _ = ctx.write(response, promise);
    }
}
