package dev.weir.net.tls;

import dev.weir.engine.listen.TlsVersion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.internal.tcnative.SSL;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A client's TLS, spoken by BoringSSL: records come in and plain octets go on, plain octets go out and leave in records, one for each write.
 * Tells of a handshake's end with {@link SslHandshakeCompletionEvent}, and with {@link SslCloseCompletionEvent} that the client has said goodbye,
 * as Netty's own handler does.
 *
 * <p>The library reads from, and writes to, the memory that its BIO is told of ({@code bioSetByteBuffer}): for the time of one call the octets
 * that came in, or room for records. What it has to say of its own accord while it reads (handshake, alerts, new keys) waits in a small buffer of
 * the BIO.
 *
 * <p>Belongs to its loop's thread.
 */
final class BoringHandler extends ChannelDuplexHandler {
    /** Octets that may wait in the BIO; a handshake that has more to say is asked again. */
    private static final int OWN_OCTETS = 2048;

    /** Plain octets in one record (RFC 8446 5.1). */
    private static final int MOST_PLAIN = 16 * 1024;

    /** Room for records of several answers; a lone one gets what it needs. */
    private static final int ROOM = 4096;

    /** New keys may be announced in front of an answer. */
    private static final int SPARE = 128;

    private static final int LEAST_READ = 64;

    private final BoringContext context;

    /** The library's, by their addresses; 0 before and after. */
    private long session;

    private long bio;

    /** Octets that a record takes beside the plain ones. */
    private int overhead;

    private boolean ready;

    /** Nothing more is read: it failed, or the client has said goodbye. */
    private boolean over;

    /** Nothing more is said. */
    private boolean silent;

    /** Why it failed; null as long as it did not. */
    private @Nullable String failure;

    /** Records on their way out, and who waits for them. */
    private @Nullable ByteBuf sealed;

    private @Nullable ChannelPromise waiting;

    /** @param context in which it has a part, to be given back */
    BoringHandler(BoringContext context) {
        this.context = context;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        session = context.newSession();
        bio = SSL.bioNewByteBuffer(session, OWN_OCTETS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf unsent = sealed;
        ChannelPromise unheard = waiting;
        sealed = null;
        waiting = null;
        over = true;
        silent = true;
        if (unsent != null) {
            unsent.release();
        }
        if (unheard != null) {
            unheard.tryFailure(new ClosedChannelException());
        }
        if (session != 0) {
            SSL.freeSSL(session);
            session = 0;
            bio = 0;
        }
        context.release();
    }

    /** What its handshake came to. */
    Handshake handshake() {
        return ready && session != 0
                ? new Handshake(TlsVersion.ofProtocol(SSL.getVersion(session)), SSL.isSessionReused(session))
                : new Handshake(TlsVersion.UNKNOWN, false);
    }

    // ---- in

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = direct(ctx, (ByteBuf) message);
        boolean beforehand = ready;
        ByteBuf plain = null;
        try {
            if (over || !in.isReadable()) {
                return;
            }
            SSL.bioSetByteBuffer(bio, BoringSsl.readable(in), in.readableBytes(), false);
            if (!ready) {
                shakeHands(ctx, in);
            }
            if (ready) {
                plain = ctx.alloc().directBuffer(Math.max(LEAST_READ, in.readableBytes()));
                read(ctx, in, plain);
            }
            SSL.bioClearByteBuffer(bio);
            sendOwn(ctx);
        } finally {
            in.release();
        }
        tell(ctx, beforehand, plain);
    }

    /** In this order: what is written meanwhile takes the BIO. */
    private void tell(ChannelHandlerContext ctx, boolean beforehand, @Nullable ByteBuf plain) {
        if (ready && !beforehand) {
            overhead = SSL.getMaxWrapOverhead(session);
            ctx.fireUserEventTriggered(SslHandshakeCompletionEvent.SUCCESS);
        }
        if (plain != null && plain.isReadable()) {
            ctx.fireChannelRead(plain);
        } else if (plain != null) {
            plain.release();
        }
        if (failure != null) {
            SSLException cause = new SSLException(failure);
            if (ready) {
                ctx.fireExceptionCaught(new DecoderException(cause));
            } else {
                ctx.fireUserEventTriggered(new SslHandshakeCompletionEvent(cause));
            }
        } else if (over) {
            ctx.fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        }
    }

    private static ByteBuf direct(ChannelHandlerContext ctx, ByteBuf in) {
        if (in.isDirect() && in.nioBufferCount() == 1) {
            return in;
        }
        try {
            return ctx.alloc().directBuffer(Math.max(1, in.readableBytes())).writeBytes(in);
        } finally {
            in.release();
        }
    }

    /** Goes on with the handshake as far as the octets reach. */
    private void shakeHands(ChannelHandlerContext ctx, ByteBuf in) {
        while (true) {
            int result = SSL.doHandshake(session);
            if (result > 0) {
                ready = true;
                return;
            }
            int error = SSL.getError(session, result);
            if (error == SSL.SSL_ERROR_WANT_READ) {
                return;
            }
            if (error != SSL.SSL_ERROR_WANT_WRITE) {
                fail();
                return;
            }
            makeRoom(ctx, in);
        }
    }

    private void fail() {
        failure = BoringSsl.failure();
        over = true;
        silent = true;
    }

    /** Opens all records that are whole. */
    private void read(ChannelHandlerContext ctx, ByteBuf in, ByteBuf plain) {
        while (true) {
            plain.ensureWritable(LEAST_READ);
            int room = plain.writableBytes();
            int result = SSL.readFromSSL(session, BoringSsl.writable(plain), room);
            if (result > 0) {
                plain.writerIndex(plain.writerIndex() + result);
                if (result < room && SSL.bioLengthByteBuffer(bio) == 0) {
                    return;
                }
                continue;
            }
            int error = SSL.getError(session, result);
            if (error == SSL.SSL_ERROR_WANT_READ) {
                return;
            }
            if (error == SSL.SSL_ERROR_ZERO_RETURN) {
                over = true;
                return;
            }
            if (error != SSL.SSL_ERROR_WANT_WRITE) {
                fail();
                return;
            }
            makeRoom(ctx, in);
        }
    }

    /** Sends what the library has to say while it has octets to read: it goes on with the rest of them. */
    private void makeRoom(ChannelHandlerContext ctx, ByteBuf in) {
        in.readerIndex(in.writerIndex() - SSL.bioLengthByteBuffer(bio));
        sendOwn(ctx);
        SSL.bioSetByteBuffer(bio, BoringSsl.readable(in), in.readableBytes(), false);
    }

    // ---- out

    /** Sends what the library has to say of its own accord. */
    private void sendOwn(ChannelHandlerContext ctx) {
        int length = SSL.bioLengthNonApplication(bio);
        if (length == 0) {
            return;
        }
        ByteBuf out = ctx.alloc().directBuffer(length);
        SSL.bioSetByteBuffer(bio, BoringSsl.writable(out), length, true);
        out.writerIndex(SSL.bioFlushByteBuffer(bio));
        SSL.bioClearByteBuffer(bio);
        sendSealed(ctx);
        var _ = ctx.writeAndFlush(out);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf plain) || !plain.isReadable()) {
            sendSealed(ctx);
            var _ = ctx.write(message, promise);
            return;
        }
        ByteBuf out = direct(ctx, plain);
        try {
            if (!ready || silent) {
                promise.tryFailure(new ClosedChannelException());
            } else {
                seal(ctx, out, promise.unvoid());
            }
        } finally {
            out.release();
        }
    }

    private void seal(ChannelHandlerContext ctx, ByteBuf plain, ChannelPromise promise) {
        int length = plain.readableBytes();
        int most = length + (1 + length / MOST_PLAIN) * overhead + SPARE;
        ByteBuf records = sealed;
        int least = most;
        if (records != null && records.writableBytes() < most) {
            sendSealed(ctx);
            records = null;
            least = Math.max(most, ROOM);
        }
        if (records == null) {
            records = ctx.alloc().directBuffer(least);
            sealed = records;
        }
        tellToo(promise);
        while (!sealInto(records, plain)) {
            if (silent) {
                // Half an answer is none: the promise fails with the channel.
                ctx.fireExceptionCaught(new DecoderException(new SSLException(failure)));
                return;
            }
            records.ensureWritable(most);
        }
    }

    /** Whether the octets are sealed; if not, there was too little room, or it failed. */
    private boolean sealInto(ByteBuf records, ByteBuf plain) {
        int room = records.writableBytes();
        SSL.bioSetByteBuffer(bio, BoringSsl.writable(records), room, true);
        int result = SSL.writeToSSL(session, BoringSsl.readable(plain), plain.readableBytes());
        int error = result > 0 ? SSL.SSL_ERROR_NONE : SSL.getError(session, result);
        records.writerIndex(records.writerIndex() + room - SSL.bioLengthByteBuffer(bio));
        SSL.bioClearByteBuffer(bio);
        if (error != SSL.SSL_ERROR_NONE && error != SSL.SSL_ERROR_WANT_WRITE) {
            fail();
        }
        return error == SSL.SSL_ERROR_NONE;
    }

    private void tellToo(ChannelPromise promise) {
        ChannelPromise before = waiting;
        waiting = promise;
        if (before != null) {
            var _ = promise.addListener((FutureListener<Void>) done -> complete(before, done));
        }
    }

    private static void complete(ChannelPromise promise, Future<Void> done) {
        if (done.isSuccess()) {
            promise.trySuccess();
        } else {
            promise.tryFailure(done.cause());
        }
    }

    private void sendSealed(ChannelHandlerContext ctx) {
        ByteBuf records = sealed;
        ChannelPromise promise = waiting;
        if (records != null && promise != null) {
            sealed = null;
            waiting = null;
            var _ = ctx.write(records, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        sendSealed(ctx);
        ctx.flush();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        closeOutput(ctx);
        var _ = ctx.close(promise);
    }

    /** Says that nothing more will come (close_notify, RFC 8446 6.1), behind all that was written. */
    void closeOutput(ChannelHandlerContext ctx) {
        sendSealed(ctx);
        if (ready && !silent) {
            silent = true;
            SSL.shutdownSSL(session);
            sendOwn(ctx);
        }
        ctx.flush();
    }
}
