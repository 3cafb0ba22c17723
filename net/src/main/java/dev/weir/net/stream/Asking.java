package dev.weir.net.stream;

import dev.weir.engine.acl.IpAddress;
import dev.weir.net.StreamAsker;
import dev.weir.net.http.DohFailure;
import dev.weir.net.http.DohQuestion;
import dev.weir.wire.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection to a backend for one question, which ends with its answer. Belongs to its loop's thread. */
final class Asking extends Connection {
    private static final int HEADER = ProxyHeader.FIXED_LENGTH;

    /** A PROXY header's first octet, which is more than a query's length has there. */
    private static final byte SIGNATURE = 0x0d;

    private final byte[] request;
    private final boolean http;
    private final long deadlineNanos;
    private final StreamAsker.Reply reply;
    private boolean ended;

    /** This host's address; null before the connection is established. */
    private @Nullable IpAddress local;

    Asking(StreamLoop loop, boolean http, byte[] request, long timeoutNanos, StreamAsker.Reply reply) {
        super(loop);
        this.request = request;
        this.http = http;
        this.deadlineNanos = loop.nowNanos() + timeoutNanos;
        this.reply = reply;
    }

    void start(BackendChannel way) {
        loop.wheel().set(deadline, deadlineNanos);
        ChannelFuture connecting = way.open(this);
        var _ = connecting.addListener(done -> loop.execute(() -> connectEnded(connecting)));
    }

    private void connectEnded(ChannelFuture connecting) {
        if (ended) {
            var _ = connecting.channel().close();
        } else if (!connecting.isSuccess()) {
            fail(connecting.cause());
        } else {
            local = Peers.localAddress(channel());
            send();
        }
    }

    private void send() {
        // A PROXY header and the message's length may stand in front.
        int before = http && request.length > HEADER && request[0] == SIGNATURE ? HEADER : 0;
        if (!http || before > 0) {
            int octets = http ? before : request.length;
            write(channel().alloc().directBuffer(octets).writeBytes(request, 0, octets));
        }
        if (http) {
            write(new DohQuestion(Arrays.copyOfRange(request, before + PREFIX, request.length), Map.of()));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof DohFailure failure) {
            fail(new IOException("HTTP status " + failure.status()));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        append((ByteBuf) message);
        if (ended) {
            dropInput();
            return;
        }
        loop.begin();
        int length = announcedLength();
        byte[] answer = new byte[Math.max(length, 0)];
        if (length >= 0 && takeMessage(length, answer)) {
            end();
            reply.answered(answer, local);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(new EOFException("the connection was closed before the answer"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            StreamLoop.GUARD.caught(cause);
        }
        fail(cause);
    }

    @Override
    void outputFailed() {
        fail(new IOException("the question could not be sent"));
    }

    @Override
    void deadlineReached(long nowNanos) {
        fail(new SocketTimeoutException());
    }

    private void fail(Throwable cause) {
        if (!ended) {
            end();
            reply.failed(cause);
        }
    }

    private void end() {
        ended = true;
        loop.wheel().remove(deadline);
        dropInput();
        giveUp();
    }
}
