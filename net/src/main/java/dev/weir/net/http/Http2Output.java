package dev.weir.net.http;

import static dev.weir.net.http.Http2Frame.ACK;
import static dev.weir.net.http.Http2Frame.CONTINUATION;
import static dev.weir.net.http.Http2Frame.DATA;
import static dev.weir.net.http.Http2Frame.END_HEADERS;
import static dev.weir.net.http.Http2Frame.END_STREAM;
import static dev.weir.net.http.Http2Frame.GOAWAY;
import static dev.weir.net.http.Http2Frame.HEADER;
import static dev.weir.net.http.Http2Frame.HEADERS;
import static dev.weir.net.http.Http2Frame.PING;
import static dev.weir.net.http.Http2Frame.RST_STREAM;
import static dev.weir.net.http.Http2Frame.SETTINGS;
import static dev.weir.net.http.Http2Frame.WINDOW;
import static dev.weir.net.http.Http2Frame.WINDOW_UPDATE;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a connection sends: frames of our own, and replies as far as the client takes them (RFC 9113 section 5.2). A reply that fits leaves in one
 * piece, and with TLS in one record; one that does not waits. Belongs to its channel's thread.
 */
final class Http2Output {
    /** Whoever keeps the streams. */
    interface Streams {
        /** The reply is all out. */
        void done(Http2Stream stream);
    }

    private final ChannelHandlerContext ctx;
    private final Streams streams;
    private final ArrayDeque<Http2Stream> waiting = new ArrayDeque<>(0);
    private long window = WINDOW;
    private boolean leavesTable;
    private boolean unflushed;

    Http2Output(ChannelHandlerContext ctx, Streams streams) {
        this.ctx = ctx;
        this.streams = streams;
    }

    // ---- frames without a request

    /** @param pairs identifier, value, … */
    void settings(int... pairs) {
        ByteBuf out = frame(SETTINGS, 0, 0, pairs.length * 3);
        for (int i = 0; i < pairs.length; i += 2) {
            out.writeShort(pairs[i]).writeInt(pairs[i + 1]);
        }
        send(out);
    }

    void acknowledgeSettings() {
        send(frame(SETTINGS, ACK, 0, 0));
    }

    void acknowledgePing(long octets) {
        send(frame(PING, ACK, 0, 8).writeLong(octets));
    }

    void reset(int stream, Http2Error error) {
        send(frame(RST_STREAM, 0, stream, 4).writeInt((int) error.code()));
    }

    void leave(int last, Http2Error error) {
        send(frame(GOAWAY, 0, 0, 8).writeInt(last).writeInt((int) error.code()));
    }

    void takeMore(int octets) {
        send(frame(WINDOW_UPDATE, 0, 0, 4).writeInt(octets));
    }

    private ByteBuf frame(int type, int flags, int stream, int length) {
        ByteBuf out = ctx.alloc().directBuffer(HEADER + length);
        header(out, type, flags, stream, length);
        return out;
    }

    private static void header(ByteBuf out, int type, int flags, int stream, int length) {
        out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }

    private void send(ByteBuf out) {
        unflushed = true;
        var _ = ctx.write(out);
    }

    /** Whether something was written and not flushed. */
    boolean isUnflushed() {
        return unflushed;
    }

    void flush() {
        unflushed = false;
        ctx.flush();
    }

    // ---- the client's windows

    /** The client keeps no table of headers any more: the next ones say that we use none (RFC 7541 section 4.2). */
    void leaveTable() {
        leavesTable = true;
    }

    /** It takes so many octets more over all streams; false if it takes more than there is. */
    boolean widen(long octets) {
        window += octets;
        return window <= Integer.MAX_VALUE;
    }

    // ---- replies

    void send(Http2Stream stream, HttpReply reply, ChannelPromise promise) {
        stream.reply = reply;
        stream.promise = promise;
        int length = reply.body().length;
        boolean fits = waiting.isEmpty() && length <= Math.min(Math.min(window, stream.window), Http2Frame.MOST);
        if (!fits || !ctx.channel().isWritable()) {
            waiting.add(stream);
            proceed();
            return;
        }
        send(stream, reply, length, promise);
    }

    /** Sends what the client takes by now. */
    void proceed() {
        for (int i = waiting.size(); i > 0 && ctx.channel().isWritable(); i--) {
            Http2Stream stream = waiting.remove();
            HttpReply reply = stream.reply;
            if (reply == null) {
                continue; // has been given up
            }
            int rest = reply.body().length - Math.max(stream.sent, 0);
            int length = (int) Math.min(Math.min(rest, Http2Frame.MOST), Math.max(0, Math.min(window, stream.window)));
            if (length == rest) {
                send(stream, reply, length, stream.promise);
                continue;
            }
            if (length > 0) {
                send(stream, reply, length, null);
                i++;
            }
            waiting.add(stream);
        }
    }

    /** Sends so much of a body, behind the headers if they are not out; with a promise it is the last of it. */
    private void send(Http2Stream stream, HttpReply reply, int length, @Nullable ChannelPromise promise) {
        boolean begins = stream.sent < 0;
        ByteBuf out = ctx.alloc().directBuffer(2 * HEADER + (begins ? 128 : 0) + length);
        boolean bare = begins && reply.body().length == 0;
        if (begins) {
            fields(stream, reply, bare, out);
            stream.sent = 0;
        }
        if (!bare) {
            header(out, DATA, promise == null ? 0 : END_STREAM, stream.id, length);
            out.writeBytes(reply.body(), stream.sent, length);
            stream.sent += length;
            stream.window -= length;
            window -= length;
        }
        unflushed = true;
        if (promise == null) {
            var _ = ctx.write(out);
            return;
        }
        stream.reply = null;
        stream.promise = null;
        streams.done(stream);
        var _ = ctx.write(out, promise);
    }

    private void fields(Http2Stream stream, HttpReply reply, boolean bare, ByteBuf out) {
        int at = out.writerIndex();
        out.writeZero(HEADER);
        if (leavesTable) {
            leavesTable = false;
            out.writeByte(ReplyFields.NO_TABLE);
        }
        ReplyFields.compose(reply, out);
        int length = out.writerIndex() - at - HEADER;
        int end = bare ? END_STREAM : 0;
        if (length > Http2Frame.MOST) {
            split(out, at, length, end, stream.id);
            return;
        }
        header(out.writerIndex(at), HEADERS, end | END_HEADERS, stream.id, length);
        out.writerIndex(at + HEADER + length);
    }

    /** Headers of one's own may be long: what does not fit into a frame stands in those that follow. */
    private static void split(ByteBuf out, int at, int length, int end, int stream) {
        byte[] block = new byte[length];
        out.getBytes(at + HEADER, block);
        out.writerIndex(at);
        for (int from = 0; from < length; from += Http2Frame.MOST) {
            int piece = Math.min(Http2Frame.MOST, length - from);
            int last = from + piece == length ? END_HEADERS : 0;
            header(out, from == 0 ? HEADERS : CONTINUATION, (from == 0 ? end : 0) | last, stream, piece);
            out.writeBytes(block, from, piece);
        }
    }

    /** Nobody takes the reply of this stream any more. */
    void giveUp(Http2Stream stream) {
        ChannelPromise promise = stream.promise;
        stream.reply = null;
        stream.promise = null;
        if (promise != null) {
            waiting.remove(stream);
            promise.tryFailure(new ClosedChannelException());
        }
    }
}
