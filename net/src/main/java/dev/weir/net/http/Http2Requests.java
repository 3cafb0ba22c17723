package dev.weir.net.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the frames of HTTP/2 together to requests, and takes replies apart into frames. Belongs to its channel's thread. */
final class Http2Requests extends ChannelDuplexHandler {
    private final Map<Http2FrameStream, Begun> begun = new HashMap<>();

    private record Begun(Http2Headers headers, ByteArrayOutputStream body) {}

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            switch (message) {
                case Http2HeadersFrame headers -> headers(ctx, headers);
                case Http2DataFrame data -> data(ctx, data);
                case Http2ResetFrame reset -> gone(ctx, reset.stream());
                default -> {} // settings, pings and their like, which the codec answers
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void headers(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
        Begun known = begun.get(frame.stream());
        Begun request = known == null ? new Begun(frame.headers(), new ByteArrayOutputStream(0)) : known;
        if (frame.isEndStream()) {
            whole(ctx, frame.stream(), request);
        } else if (begun.size() < HttpVersionChoice.STREAMS) {
            begun.put(frame.stream(), request);
        }
    }

    private void data(ChannelHandlerContext ctx, Http2DataFrame frame) {
        Http2FrameStream stream = frame.stream();
        Begun request = begun.get(stream);
        var _ = ctx.write(new DefaultHttp2WindowUpdateFrame(frame.initialFlowControlledBytes()).stream(stream));
        if (request == null) {
            return;
        }
        ByteBuf content = frame.content();
        if (request.body.size() + content.readableBytes() > HttpVersionChoice.MOST_BODY) {
            begun.remove(stream);
            var _ = ctx.write(new DefaultHttp2ResetFrame(Http2Error.ENHANCE_YOUR_CALM).stream(stream));
            return;
        }
        byte[] octets = new byte[content.readableBytes()];
        content.readBytes(octets);
        request.body.writeBytes(octets);
        if (frame.isEndStream()) {
            whole(ctx, stream, request);
        }
    }

    private void whole(ChannelHandlerContext ctx, Http2FrameStream stream, Begun request) {
        begun.remove(stream);
        Map<String, String> headers = new HashMap<>();
        for (Map.Entry<CharSequence, CharSequence> each : request.headers) {
            headers.put(each.getKey().toString(), each.getValue().toString());
        }
        ctx.fireChannelRead(new HttpQuestion(
                2,
                text(request.headers.method()),
                text(request.headers.scheme()),
                text(request.headers.authority()),
                text(request.headers.path()),
                headers,
                request.body.toByteArray(),
                stream));
    }

    private static String text(@Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }

    private void gone(ChannelHandlerContext ctx, Http2FrameStream stream) {
        begun.remove(stream);
        ctx.fireUserEventTriggered(new StreamGone(stream));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException ofStream) {
            gone(ctx, ofStream.stream());
            var _ = ctx.writeAndFlush(new DefaultHttp2ResetFrame(ofStream.error()).stream(ofStream.stream()));
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof HttpReply reply)) {
            var _ = ctx.write(message, promise);
            return;
        }
        Http2FrameStream stream = (Http2FrameStream) reply.to().stream();
        Http2Headers headers = new DefaultHttp2Headers().status(String.valueOf(reply.status()));
        reply.headers().forEach(headers::set);
        headers.setInt("content-length", reply.body().length);
        var _ = ctx.write(new DefaultHttp2HeadersFrame(headers).stream(stream));
        ByteBuf body = ctx.alloc().directBuffer(reply.body().length).writeBytes(reply.body());
        var _ = ctx.write(new DefaultHttp2DataFrame(body, true).stream(stream), promise);
    }
}
