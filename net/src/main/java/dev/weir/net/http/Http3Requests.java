package dev.weir.net.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3HeadersValidationException;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts the frames of one stream of HTTP/3 together to a request, and takes its reply apart into frames. Belongs to its channel's thread. */
public final class Http3Requests extends Http3RequestStreamInboundHandler {
    /** Streams of a client's besides requests: control, and the two of QPACK; browsers open one more that says nothing. */
    public static final int UNIDIRECTIONAL_STREAMS = 8;

    private static final int MOST_HEADERS = 16_384;

    /** Whoever takes the request of one stream. */
    public interface Taker {
        /** So many octets wait for the rest. */
        void waits(int octets);

        /** It is all there; no octets wait any more. */
        void whole(HttpQuestion question);

        /** The client does not wait any more, or has not said all. */
        void gone(Object stream);
    }

    private final Taker taker;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable Http3Headers headers;
    private boolean over;

    private Http3Requests(Taker taker) {
        this.taker = taker;
    }

    /**
     * What speaks HTTP/3 on a connection.
     *
     * @param takers makes one for each stream
     */
    public static ChannelHandler connection(Supplier<Taker> takers) {
        Http3Settings settings = new Http3Settings()
                .maxFieldSectionSize(MOST_HEADERS)
                .qpackMaxTableCapacity(0)
                .qpackBlockedStreams(0);
        ChannelHandler streams = new ChannelInitializer<QuicStreamChannel>() {
            @Override
            protected void initChannel(QuicStreamChannel stream) {
                stream.pipeline().addLast(new Http3Requests(takers.get()));
            }
        };
        return new Http3ServerConnectionHandler(streams, null, null, new DefaultHttp3SettingsFrame(settings), true);
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
        if (headers == null) {
            headers = frame.headers();
        }
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
        try {
            ByteBuf content = frame.content();
            int octets = content.readableBytes();
            if (over || body.size() + octets > HttpVersionChoice.MOST_BODY) {
                giveUp(ctx, Http3ErrorCode.H3_EXCESSIVE_LOAD);
                return;
            }
            byte[] more = new byte[octets];
            content.readBytes(more);
            body.writeBytes(more);
            taker.waits(octets);
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext ctx) {
        Http3Headers all = headers;
        if (over) {
            return;
        }
        if (all == null) {
            giveUp(ctx, Http3ErrorCode.H3_REQUEST_INCOMPLETE);
            return;
        }
        over = true;
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<CharSequence, CharSequence> each : all) {
            texts.put(each.getKey().toString(), each.getValue().toString());
        }
        taker.whole(HttpQuestion.of(
                3,
                text(all.method()),
                text(all.scheme()),
                text(all.authority()),
                text(all.path()),
                () -> texts,
                body.toByteArray(),
                ctx.channel()));
    }

    private static String text(@Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }

    private void giveUp(ChannelHandlerContext ctx, Http3ErrorCode code) {
        leave(ctx);
        var _ = ((QuicStreamChannel) ctx.channel()).shutdown(code.code());
    }

    private void leave(ChannelHandlerContext ctx) {
        over = true;
        taker.gone(ctx.channel());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http3HeadersValidationException || cause instanceof DecoderException) {
            giveUp(ctx, Http3ErrorCode.H3_MESSAGE_ERROR);
        } else {
            super.exceptionCaught(ctx, cause);
        }
    }

    @Override
    protected void handleQuicException(ChannelHandlerContext ctx, QuicException cause) {
        giveUp(ctx, Http3ErrorCode.H3_REQUEST_CANCELLED);
    }

    @Override
    protected void handleHttp3Exception(ChannelHandlerContext ctx, Http3Exception cause) {
        giveUp(ctx, cause.errorCode());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        leave(ctx);
        ctx.fireChannelInactive();
    }

    /** Sends a reply on its stream, and ends that. */
    public static ChannelFuture send(HttpReply reply) {
        QuicStreamChannel stream = (QuicStreamChannel) reply.to().stream();
        Http3Headers headers = new DefaultHttp3Headers().status(String.valueOf(reply.status()));
        reply.headers().forEach(headers::set);
        headers.setInt("content-length", reply.body().length);
        var _ = stream.write(new DefaultHttp3HeadersFrame(headers));
        ByteBuf body = stream.alloc().directBuffer(reply.body().length).writeBytes(reply.body());
        return stream.writeAndFlush(new DefaultHttp3DataFrame(body)).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
    }
}
