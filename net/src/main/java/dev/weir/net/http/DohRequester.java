package dev.weir.net.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks a server over HTTP/2 (RFC 8484), so that whoever stands behind sees a stream of messages: {@link DohQuestion}s go out, each on a stream of
 * its own, and what comes in is each answer behind its length, with the id of its question; or a {@link DohFailure} as an event. HTTP begins with
 * the first question: what is written before goes out as it is. Belongs to its channel's thread.
 */
public final class DohRequester extends Http2ChannelDuplexHandler {
    private static final int MOST_MESSAGE = 0xffff;
    private static final int MOST_HEADERS = 16_384;
    private static final int OK = 200;
    private static final String DNS = "application/dns-message";

    private final String scheme;
    private final String authority;
    private final String path;
    private final Map<Http2FrameStream, Asked> open = new HashMap<>();

    private static final class Asked {
        final int id;
        final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
        int status;

        Asked(int id) {
            this.id = id;
        }
    }

    private DohRequester(String scheme, String authority, String path) {
        this.scheme = scheme;
        this.authority = authority;
        this.path = path;
    }

    /** What asks for one path of one server, from the first question on. */
    public static ChannelHandler asking(String scheme, String authority, String path) {
        return new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                boolean begins = message instanceof DohQuestion;
                if (begins) {
                    ctx.pipeline().addBefore(ctx.name(), null, codec());
                    ctx.pipeline().addBefore(ctx.name(), null, new DohRequester(scheme, authority, path));
                }
                var _ = ctx.write(message, promise);
                if (begins) {
                    ctx.pipeline().remove(this);
                }
            }
        };
    }

    private static Http2FrameCodec codec() {
        return Http2FrameCodecBuilder.forClient()
                .initialSettings(new Http2Settings()
                        .pushEnabled(false)
                        .maxHeaderListSize(MOST_HEADERS)
                        .initialWindowSize(MOST_MESSAGE))
                .encoderEnforceMaxConcurrentStreams(true)
                .encoderEnforceMaxQueuedControlFrames(1_000)
                .gracefulShutdownTimeoutMillis(0)
                .build();
    }

    // ---- questions

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof DohQuestion question)) {
            var _ = ctx.write(message, promise);
            return;
        }
        byte[] octets = question.message();
        Http2FrameStream stream = newStream();
        Asked asked = new Asked((octets[0] & 0xff) << 8 | octets[1] & 0xff);
        open.put(stream, asked);
        Http2Headers headers = new DefaultHttp2Headers()
                .method("POST")
                .scheme(scheme)
                .authority(authority)
                .path(path);
        headers.set("accept", DNS).set("content-type", DNS).setInt("content-length", octets.length);
        question.headers().forEach(headers::set);
        var _ = ctx.write(new DefaultHttp2HeadersFrame(headers).stream(stream)).addListener(done -> {
            if (!done.isSuccess()) {
                fail(ctx, stream, true);
            }
        });
        // Equal questions are equal requests then, for caches on the way (RFC 8484 section 4.1).
        ByteBuf body =
                ctx.alloc().directBuffer(octets.length).writeBytes(octets).setShort(0, 0);
        var _ = ctx.write(new DefaultHttp2DataFrame(body, true).stream(stream), promise);
    }

    // ---- answers

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            switch (message) {
                case Http2HeadersFrame headers -> headers(ctx, headers);
                case Http2DataFrame data -> data(ctx, data);
                case Http2ResetFrame reset ->
                    fail(ctx, reset.stream(), reset.errorCode() == Http2Error.REFUSED_STREAM.code());
                case Http2GoAwayFrame leaving -> leaving(ctx, leaving);
                default -> {} // settings, pings and their like, which the codec answers
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void headers(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
        Asked asked = open.get(frame.stream());
        if (asked == null) {
            return;
        }
        CharSequence status = frame.headers().status();
        asked.status = status == null ? asked.status : number(status);
        if (frame.isEndStream()) {
            whole(ctx, frame.stream(), asked);
        }
    }

    private static int number(CharSequence text) {
        int value = 0;
        for (int i = 0; i < text.length() && i < 3; i++) {
            value = value * 10 + Character.digit(text.charAt(i), 10);
        }
        return value;
    }

    private void data(ChannelHandlerContext ctx, Http2DataFrame frame) {
        Http2FrameStream stream = frame.stream();
        var _ = ctx.write(new DefaultHttp2WindowUpdateFrame(frame.initialFlowControlledBytes()).stream(stream));
        Asked asked = open.get(stream);
        if (asked == null) {
            return;
        }
        ByteBuf content = frame.content();
        if (asked.body.size() + content.readableBytes() > MOST_MESSAGE) {
            var _ = ctx.write(new DefaultHttp2ResetFrame(Http2Error.CANCEL).stream(stream));
            fail(ctx, stream, false);
            return;
        }
        byte[] octets = new byte[content.readableBytes()];
        content.readBytes(octets);
        asked.body.writeBytes(octets);
        if (frame.isEndStream()) {
            whole(ctx, stream, asked);
        }
    }

    private void whole(ChannelHandlerContext ctx, Http2FrameStream stream, Asked asked) {
        byte[] message = asked.body.toByteArray();
        if (asked.status != OK || message.length < 2) {
            fail(ctx, stream, false);
            return;
        }
        open.remove(stream);
        message[0] = (byte) (asked.id >> 8);
        message[1] = (byte) asked.id;
        ByteBuf framed = ctx.alloc().directBuffer(2 + message.length);
        framed.writeShort(message.length).writeBytes(message);
        ctx.fireChannelRead(framed);
    }

    private void fail(ChannelHandlerContext ctx, Http2FrameStream stream, boolean untouched) {
        Asked asked = open.remove(stream);
        if (asked != null) {
            ctx.fireUserEventTriggered(new DohFailure(asked.id, asked.status, untouched));
        }
    }

    private void leaving(ChannelHandlerContext ctx, Http2GoAwayFrame frame) {
        ctx.fireUserEventTriggered(ServerLeaves.NOW);
        for (Http2FrameStream stream : List.copyOf(open.keySet())) {
            if (stream.id() > frame.lastStreamId()) {
                fail(ctx, stream, true);
            }
        }
    }

    // ---- events

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException ofStream) {
            fail(ctx, ofStream.stream(), false);
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
        ctx.fireChannelReadComplete();
    }
}
