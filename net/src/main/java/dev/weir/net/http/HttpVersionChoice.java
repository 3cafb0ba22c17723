package dev.weir.net.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;
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

    private static final int MOST_HEADERS = 16_384;
    private static final int RESETS = 200;
    private static final int RESET_SECONDS = 30;
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
            pipeline.addAfter(after, "http2", codec());
        } else {
            pipeline.addAfter(after, "requests", new Http1Requests(secure ? "https" : "http"));
            pipeline.addAfter(after, "whole", new HttpObjectAggregator(MOST_BODY, true));
            pipeline.addAfter(after, "http1", new HttpServerCodec(MOST_HEADERS, MOST_HEADERS, MOST_HEADERS));
        }
        pipeline.remove(this);
    }

    private static Http2FrameCodec codec() {
        return Http2FrameCodecBuilder.forServer()
                .initialSettings(new Http2Settings()
                        .maxConcurrentStreams(STREAMS)
                        .maxHeaderListSize(MOST_HEADERS)
                        .initialWindowSize(MOST_BODY))
                .decoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(2)
                .encoderEnforceMaxQueuedControlFrames(1_000)
                .gracefulShutdownTimeoutMillis(500)
                .build();
    }
}
