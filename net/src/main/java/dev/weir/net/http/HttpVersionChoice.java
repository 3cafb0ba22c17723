package dev.weir.net.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;

/**
 * Reads a connection's first octets, and makes room for whoever speaks that version: clients of HTTP/2 begin with {@code PRI} (RFC 9113 section
 * 3.4), whether TLS has agreed on it or they knew it before.
 *
 * <p>Sends {@link HttpQuestion}s inwards, takes {@link HttpReply}s outwards. What one client can make grow or happen is bounded here: streams,
 * headers, bodies, resets, frames that say nothing.
 */
public final class HttpVersionChoice extends ByteToMessageDecoder {
    static final int STREAMS = 100;
    static final int MOST_BODY = 65_535;
    static final int MOST_HEADERS = 16_384;

    /** Of bodies of one connection that are not whole yet. */
    static final int MOST_HELD = 1 << 20;

    /** Streams that a client may end before their time, and as many that it may have us end, in so many seconds. */
    static final int RESETS = 200;

    static final int RESET_SECONDS = 30;
    /** Frames that the headers of one request may go on in. */
    static final int CONTINUATIONS = 16;
    /** Frames of a body that say nothing, in a row. */
    static final int EMPTY_FRAMES = 2;

    private static final byte[] PREFACE = {'P', 'R', 'I'};

    private final boolean secure;

    /** @param secure whether TLS is spoken below */
    public HttpVersionChoice(boolean secure) {
        this.secure = secure;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < PREFACE.length) {
            return;
        }
        boolean second = true;
        for (int i = 0; i < PREFACE.length; i++) {
            second &= in.getByte(in.readerIndex() + i) == PREFACE[i];
        }
        ChannelPipeline pipeline = ctx.pipeline();
        String after = ctx.name();
        if (second) {
            pipeline.addAfter(after, "requests", new Http2Requests());
        } else {
            pipeline.addAfter(after, "requests", new Http1Requests(secure ? "https" : "http"));
            pipeline.addAfter(after, "whole", new HttpObjectAggregator(MOST_BODY, true));
            pipeline.addAfter(after, "http1", new HttpServerCodec(MOST_HEADERS, MOST_HEADERS, MOST_HEADERS));
        }
        pipeline.remove(this);
    }
}
