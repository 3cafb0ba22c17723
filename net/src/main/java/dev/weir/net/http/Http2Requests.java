package dev.weir.net.http;

import static dev.weir.net.http.Http2Frame.ACK;
import static dev.weir.net.http.Http2Frame.CONTINUATION;
import static dev.weir.net.http.Http2Frame.DATA;
import static dev.weir.net.http.Http2Frame.END_HEADERS;
import static dev.weir.net.http.Http2Frame.END_STREAM;
import static dev.weir.net.http.Http2Frame.GOAWAY;
import static dev.weir.net.http.Http2Frame.HEADERS;
import static dev.weir.net.http.Http2Frame.PADDED;
import static dev.weir.net.http.Http2Frame.PING;
import static dev.weir.net.http.Http2Frame.PRIORITY;
import static dev.weir.net.http.Http2Frame.PUSH_PROMISE;
import static dev.weir.net.http.Http2Frame.RST_STREAM;
import static dev.weir.net.http.Http2Frame.SETTINGS;
import static dev.weir.net.http.Http2Frame.WINDOW;
import static dev.weir.net.http.Http2Frame.WINDOW_UPDATE;
import static dev.weir.net.http.Http2Frame.WITH_PRIORITY;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.netty.util.collection.IntObjectHashMap;
import java.nio.channels.ClosedChannelException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 as far as requests of DNS need it (RFC 9113): frames in, whole requests inwards, replies outwards. There is no priority, no push, no
 * channel for each stream; headers are Netty's to decode. What a client can make grow or happen is bounded by {@link HttpVersionChoice}'s
 * numbers; reading stops while it does not take what was sent. Belongs to its channel's thread.
 */
final class Http2Requests extends Http2FrameDecoder implements Http2Output.Streams {
    /** Of one stream; a whole body fits, however it is padded, so that none needs more. */
    private static final int STREAM_WINDOW = 4 * WINDOW;

    private final Http2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(true, HttpVersionChoice.MOST_HEADERS);
    private final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>(2);
    private final Http2Settings settings = new Http2Settings();
    private final FloodLimit resets;
    private final FloodLimit ourResets;
    private @Nullable Http2Output output;
    private boolean settled;
    private int last;
    private int window = WINDOW;
    private int held;
    private int emptyFrames;

    private final HeaderBlocks blocks = new HeaderBlocks();

    Http2Requests() {
        long now = System.nanoTime();
        resets = new FloodLimit(HttpVersionChoice.RESETS, HttpVersionChoice.RESET_SECONDS, now);
        ourResets = new FloodLimit(HttpVersionChoice.RESETS, HttpVersionChoice.RESET_SECONDS, now);
    }

    private Http2Output output() {
        Http2Output known = output;
        if (known == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return known;
    }

    // ---- events

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        output = new Http2Output(ctx, this);
        output.settings(
                Http2Settings.MAX_CONCURRENT_STREAMS,
                HttpVersionChoice.STREAMS,
                Http2Settings.INITIAL_WINDOW_SIZE,
                STREAM_WINDOW,
                Http2Settings.MAX_HEADER_LIST_SIZE,
                HttpVersionChoice.MOST_HEADERS);
    }

    /** The decoder's own asks for more octets whether they are wanted or not. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        discardSomeReadBytes();
        ctx.fireChannelReadComplete();
        flushIfDue();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        boolean takes = ctx.channel().isWritable();
        if (takes && !over) {
            output().proceed();
            flushIfDue();
        }
        ctx.channel().config().setAutoRead(takes);
        ctx.fireChannelWritabilityChanged();
    }

    private void flushIfDue() {
        if (output().isUnflushed()) {
            output().flush();
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        over = true;
        blocks.drop();
        for (Http2Stream stream : streams.values().toArray(new Http2Stream[0])) {
            output().giveUp(stream);
        }
        streams.clear();
    }

    // ---- frames

    @Override
    void take(ChannelHandlerContext ctx, int type, int flags, int stream, ByteBuf payload) {
        if (!settled && (type != SETTINGS || (flags & ACK) != 0) || blocks.isOpen() && type != CONTINUATION) {
            fail(ctx, Http2Error.PROTOCOL_ERROR);
            return;
        }
        if (type <= CONTINUATION && !Http2Frame.suits(type, stream)) {
            fail(ctx, Http2Error.PROTOCOL_ERROR);
            return;
        }
        switch (type) {
            case DATA -> data(ctx, flags, stream, payload);
            case HEADERS -> headers(ctx, flags, stream, payload);
            case CONTINUATION -> continuation(ctx, flags, stream, payload);
            case RST_STREAM -> reset(ctx, stream, payload);
            case SETTINGS -> settings(ctx, flags, payload);
            case PING -> ping(ctx, flags, payload);
            case WINDOW_UPDATE -> windowUpdate(ctx, stream, payload);
            case PRIORITY -> expect(ctx, payload, 5);
            case PUSH_PROMISE -> fail(ctx, Http2Error.PROTOCOL_ERROR);
            case GOAWAY -> {} // it closes when it has its answers
            default -> {} // of extensions that we have not agreed on (section 5.5)
        }
    }

    private boolean expect(ChannelHandlerContext ctx, ByteBuf payload, int length) {
        boolean right = payload.readableBytes() == length;
        if (!right) {
            fail(ctx, Http2Error.FRAME_SIZE_ERROR);
        }
        return right;
    }

    /** Leaves what is no padding; false if there is more padding than there is frame. */
    private boolean unpad(ChannelHandlerContext ctx, int flags, ByteBuf payload) {
        if ((flags & PADDED) != 0) {
            int padding = payload.isReadable() ? payload.readUnsignedByte() : Integer.MAX_VALUE;
            if (padding > payload.readableBytes()) {
                fail(ctx, Http2Error.PROTOCOL_ERROR);
                return false;
            }
            payload.writerIndex(payload.writerIndex() - padding);
        }
        return true;
    }

    private void settings(ChannelHandlerContext ctx, int flags, ByteBuf payload) {
        if ((flags & ACK) != 0) {
            expect(ctx, payload, 0);
            return;
        }
        settled = true;
        int before = settings.initialWindow();
        Http2Error error = settings.take(payload);
        if (error != null) {
            fail(ctx, error);
            return;
        }
        if (settings.takeTableLeft()) {
            output().leaveTable();
        }
        int more = settings.initialWindow() - before;
        if (more != 0) {
            for (Http2Stream each : streams.values()) {
                each.window += more;
                if (each.window > Integer.MAX_VALUE) {
                    fail(ctx, Http2Error.FLOW_CONTROL_ERROR);
                    return;
                }
            }
        }
        output().acknowledgeSettings();
        output().proceed();
    }

    private void ping(ChannelHandlerContext ctx, int flags, ByteBuf payload) {
        if (expect(ctx, payload, 8) && (flags & ACK) == 0) {
            output().acknowledgePing(payload.readLong());
        }
    }

    private void windowUpdate(ChannelHandlerContext ctx, int id, ByteBuf payload) {
        if (!expect(ctx, payload, 4)) {
            return;
        }
        int more = payload.readInt() & Integer.MAX_VALUE;
        if (id == 0) {
            if (more == 0 || !output().widen(more)) {
                fail(ctx, more == 0 ? Http2Error.PROTOCOL_ERROR : Http2Error.FLOW_CONTROL_ERROR);
                return;
            }
        } else {
            Http2Stream stream = known(ctx, id);
            if (stream == null) {
                return;
            }
            stream.window += more;
            if (more == 0 || stream.window > Integer.MAX_VALUE) {
                refuse(ctx, id, more == 0 ? Http2Error.PROTOCOL_ERROR : Http2Error.FLOW_CONTROL_ERROR);
                return;
            }
        }
        output().proceed();
    }

    /** The stream; null if it is over, or has never been, which ends the connection. */
    private @Nullable Http2Stream known(ChannelHandlerContext ctx, int id) {
        if (id > last) {
            fail(ctx, Http2Error.PROTOCOL_ERROR);
        }
        return streams.get(id);
    }

    private void reset(ChannelHandlerContext ctx, int id, ByteBuf payload) {
        if (!expect(ctx, payload, 4)) {
            return;
        }
        if (id > last) {
            fail(ctx, Http2Error.PROTOCOL_ERROR);
        } else if (!resets.admits(System.nanoTime())) {
            fail(ctx, Http2Error.ENHANCE_YOUR_CALM);
        } else {
            forget(ctx, id);
        }
    }

    // ---- headers

    private void headers(ChannelHandlerContext ctx, int flags, int id, ByteBuf payload) {
        if (!unpad(ctx, flags, payload)) {
            return;
        }
        if ((flags & WITH_PRIORITY) != 0) {
            if (payload.readableBytes() < 5) {
                fail(ctx, Http2Error.FRAME_SIZE_ERROR);
                return;
            }
            payload.skipBytes(5);
        }
        if ((flags & END_HEADERS) != 0) {
            headers(ctx, id, (flags & END_STREAM) != 0, payload);
            return;
        }
        blocks.begin(id, (flags & END_STREAM) != 0, payload, ctx.alloc());
    }

    private void continuation(ChannelHandlerContext ctx, int flags, int id, ByteBuf payload) {
        Http2Error error = blocks.goOn(id, payload);
        if (error != null) {
            fail(ctx, error);
        } else if ((flags & END_HEADERS) != 0) {
            ByteBuf whole = blocks.end();
            try {
                headers(ctx, id, blocks.endsStream(), whole);
            } finally {
                whole.release();
            }
        }
    }

    private void headers(ChannelHandlerContext ctx, int id, boolean endsStream, ByteBuf from) {
        // Whatever becomes of the stream: the table of headers is the connection's.
        Http2Headers decoded = decoded(ctx, id, from);
        if (over) {
            return;
        }
        Http2Stream known = streams.get(id);
        if (known != null) {
            trailers(ctx, known, endsStream && decoded != null);
        } else if (id > last) {
            if ((id & 1) == 0) {
                fail(ctx, Http2Error.PROTOCOL_ERROR);
                return;
            }
            last = id;
            if (decoded == null) {
                refuse(ctx, id, Http2Error.PROTOCOL_ERROR);
            } else if (streams.size() >= HttpVersionChoice.STREAMS) {
                refuse(ctx, id, Http2Error.REFUSED_STREAM);
            } else {
                open(ctx, new Http2Stream(id, decoded, settings.initialWindow()), endsStream);
            }
        }
    }

    /** Null if the stream ends with them; headers that are too many end the connection. */
    private @Nullable Http2Headers decoded(ChannelHandlerContext ctx, int id, ByteBuf from) {
        try {
            return decoder.decodeHeaders(id, from);
        } catch (Http2Exception e) {
            if (e instanceof Http2Exception.HeaderListSizeException) {
                fail(ctx, Http2Error.ENHANCE_YOUR_CALM);
            } else if (!Http2Exception.isStreamError(e)) {
                fail(ctx, e.error());
            }
            return null;
        }
    }

    private void open(ChannelHandlerContext ctx, Http2Stream stream, boolean isWhole) {
        streams.put(stream.id, stream);
        if (isWhole) {
            whole(ctx, stream);
        }
    }

    private void trailers(ChannelHandlerContext ctx, Http2Stream stream, boolean right) {
        if (stream.whole || !right) {
            refuse(ctx, stream.id, stream.whole ? Http2Error.STREAM_CLOSED : Http2Error.PROTOCOL_ERROR);
        } else {
            whole(ctx, stream);
        }
    }

    // ---- bodies

    private void data(ChannelHandlerContext ctx, int flags, int id, ByteBuf payload) {
        int taken = payload.readableBytes();
        window -= taken;
        if (window < 0) {
            fail(ctx, Http2Error.FLOW_CONTROL_ERROR);
            return;
        }
        if (window <= WINDOW / 2) {
            output().takeMore(WINDOW - window);
            window = WINDOW;
        }
        boolean ends = (flags & END_STREAM) != 0;
        Http2Stream stream = known(ctx, id);
        if (over || !unpad(ctx, flags, payload)) {
            return;
        }
        int octets = payload.readableBytes();
        emptyFrames = octets == 0 && !ends ? emptyFrames + 1 : 0;
        if (emptyFrames > HttpVersionChoice.EMPTY_FRAMES) {
            fail(ctx, Http2Error.ENHANCE_YOUR_CALM);
        } else if (stream != null) {
            data(ctx, stream, taken, ends, payload);
        }
    }

    private void data(ChannelHandlerContext ctx, Http2Stream stream, int taken, boolean ends, ByteBuf payload) {
        int octets = payload.readableBytes();
        stream.received += taken;
        if (stream.whole) {
            refuse(ctx, stream.id, Http2Error.STREAM_CLOSED);
        } else if (stream.received > STREAM_WINDOW) {
            refuse(ctx, stream.id, Http2Error.FLOW_CONTROL_ERROR);
        } else if (stream.bodyLength() + octets > HttpVersionChoice.MOST_BODY) {
            refuse(ctx, stream.id, Http2Error.ENHANCE_YOUR_CALM);
        } else if (!ends && held + octets > HttpVersionChoice.MOST_HELD) {
            fail(ctx, Http2Error.ENHANCE_YOUR_CALM);
        } else {
            int at = stream.bodyLength();
            payload.readBytes(stream.grow(octets), at, octets);
            held += octets;
            if (ends) {
                whole(ctx, stream);
            }
        }
    }

    // ---- requests and replies

    private void whole(ChannelHandlerContext ctx, Http2Stream stream) {
        stream.whole = true;
        held -= stream.bodyLength();
        Http2Headers headers = stream.headers;
        ctx.fireChannelRead(HttpQuestion.of(
                2,
                text(headers.method()),
                text(headers.scheme()),
                text(headers.authority()),
                text(headers.path()),
                () -> texts(headers),
                stream.body(),
                stream));
    }

    private static Map<String, String> texts(Http2Headers headers) {
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<CharSequence, CharSequence> each : headers) {
            texts.put(each.getKey().toString(), each.getValue().toString());
        }
        return texts;
    }

    private static String text(@Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof HttpReply reply)) {
            var _ = ctx.write(message, promise);
            return;
        }
        Http2Stream stream = (Http2Stream) reply.to().stream();
        if (over || streams.get(stream.id) != stream) {
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        output().send(stream, reply, promise);
    }

    @Override
    public void done(Http2Stream stream) {
        streams.remove(stream.id);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        output().flush();
    }

    // ---- ends

    /** A stream is over before its reply was all out. */
    private void forget(ChannelHandlerContext ctx, int id) {
        Http2Stream stream = streams.remove(id);
        if (stream != null) {
            output().giveUp(stream);
            if (stream.whole) {
                ctx.fireUserEventTriggered(new StreamGone(stream));
            } else {
                held -= stream.bodyLength();
            }
        }
    }

    /** Ends a stream; too many of them end the connection, since a client can make us do it (CVE-2025-8671). */
    private void refuse(ChannelHandlerContext ctx, int id, Http2Error error) {
        forget(ctx, id);
        output().reset(id, error);
        if (!ourResets.admits(System.nanoTime())) {
            fail(ctx, Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    @Override
    void fail(ChannelHandlerContext ctx, Http2Error error) {
        if (!over) {
            leave(error);
            output().flush();
            ctx.fireExceptionCaught(new Http2Fault(error));
        }
    }

    private void leave(Http2Error error) {
        over = true;
        blocks.drop();
        output().leave(last, error);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!over && ctx.channel().isActive()) {
            leave(Http2Error.NO_ERROR);
            output().flush();
        }
        var _ = ctx.close(promise);
    }
}
