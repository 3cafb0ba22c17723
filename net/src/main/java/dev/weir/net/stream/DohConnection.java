package dev.weir.net.stream;

import dev.weir.engine.listen.HttpCounters;
import dev.weir.engine.listen.HttpSpec;
import dev.weir.engine.listen.TlsCounters;
import dev.weir.engine.model.Setting;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.net.http.HttpQuestion;
import dev.weir.net.http.HttpReply;
import dev.weir.net.http.StreamGone;
import dev.weir.wire.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that speaks DNS over HTTP: takes whole requests, hands their queries to the walk, and answers each by itself. Ends when
 * it has been idle for too long, when the client takes no answers, or when a limit is reached. Belongs to its loop's thread.
 */
final class DohConnection extends Connection implements Accepted, IdleClients.Client, DohRequests.Carrier {
    private final StreamListener listener;
    private final HttpSpec http;
    private final HttpCounters counters;
    private final ConnectionLimits limits;
    private final ClientIdentity identity;
    private final @Nullable ClientEncryption encryption;
    private final IdleClients.Place place = new IdleClients.Place(this);
    private final DohRequests requests;
    private final long openedNanos = System.nanoTime();
    private long waitingSinceNanos = openedNanos;
    private final FutureListener<? super Void> written = this::written;
    private boolean handshaking;
    private int queries;
    private int unsent;
    private long sentNanos;
    private boolean ending;
    private boolean closed;

    DohConnection(StreamLoop loop, StreamListener listener, ConnectionLimits limits, ClientIdentity identity) {
        super(loop);
        this.listener = listener;
        this.http = Objects.requireNonNull(listener.http());
        this.counters = Objects.requireNonNull(listener.frontend().http());
        this.limits = limits;
        this.identity = identity;
        TlsCounters tls = listener.tls() == null ? null : listener.frontend().tls();
        this.encryption = tls == null ? null : new ClientEncryption(tls);
        this.handshaking = encryption != null;
        this.requests = new DohRequests(loop, this, identity, listener.frontend(), http);
    }

    // ---- events

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.begin();
        counters.connects.increment(loop.worker().stats());
        loop.clients().active(place, loop.nowNanos());
        armDeadline();
        leaveClosedListener();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closed || ending || !(message instanceof HttpQuestion question)) {
            ReferenceCountUtil.release(message);
            return;
        }
        loop.begin();
        waitingSinceNanos = loop.nowNanos();
        loop.clients().active(place, loop.nowNanos());
        requests.take(question);
        armDeadline();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        loop.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof StreamGone gone) {
            requests.gone(gone.stream());
        } else if (encryption != null && !closed) {
            loop.begin();
            secured(encryption, event);
            loop.flush();
        }
    }

    private void secured(ClientEncryption known, Object event) {
        switch (known.take(event, channel().pipeline(), loop.worker().stats())) {
            case READY -> {
                handshaking = false;
                waitingSinceNanos = loop.nowNanos();
                armDeadline();
                if (!limits.admitsSession(identity.peer(), known.resumed(), loop.nowNanos())) {
                    close();
                }
            }
            case OVER -> close();
            case NONE -> {}
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Codecs throw what clients send; whatever else is wrong is ours.
        boolean ofPeer = cause instanceof IOException
                || cause instanceof io.netty.handler.codec.CodecException
                || cause instanceof io.netty.handler.codec.http2.Http2Exception;
        if (!ofPeer) {
            StreamLoop.GUARD.caught(cause);
        } else if (!closed) {
            listener.frontend().stream().diedReadingQuery.increment();
        }
        close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        loop.begin();
        closed();
        loop.flush();
    }

    @Override
    void outputFailed() {
        if (!closed && !channel().isActive()) {
            listener.frontend().stream().diedSendingResponse.increment();
            close();
        }
    }

    // ---- replies

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void took(Query query) {
        queries++;
        ending |= limits.hasAskedEnough(queries);
        if (encryption != null) {
            encryption.took(query, loop.worker().stats());
        }
    }

    @Override
    public void worked() {
        waitingSinceNanos = loop.nowNanos();
        armDeadline();
        settle();
    }

    @Override
    public void write(HttpReply reply) {
        if (unsent++ == 0) {
            sentNanos = loop.nowNanos();
        }
        var _ = channel().write(reply).addListener(written);
        flushSoon();
    }

    private void written(Future<? super Void> done) {
        if (--unsent > 0) {
            sentNanos = System.nanoTime();
        }
        if (!done.isSuccess()) {
            outputFailed();
        }
        settle();
    }

    // ---- limits and end

    @Override
    public boolean expectsHeader() {
        return identity.headerExpected();
    }

    @Override
    public boolean takeHeader(ByteBuf input) {
        byte[] bytes = loop.queryBuffer();
        loop.begin();
        int most =
                Math.min(loop.worker().snapshot().settings().number(Setting.PROXY_MAXIMUM_PAYLOAD_SIZE), bytes.length);
        int have = Math.min(input.readableBytes(), most);
        input.getBytes(input.readerIndex(), bytes, 0, have);
        int size = identity.readHeader(bytes, have, most);
        if (size == ProxyHeader.NEED_MORE) {
            return false;
        }
        boolean applies = loop.worker().snapshot().settings().on(Setting.PROXY_APPLY_ACL_TO_PROXIED_CLIENTS);
        if (size <= 0) {
            loop.worker().stats().increment(Counter.PROXY_PROTOCOL_INVALID);
            close();
            return false;
        }
        if (applies && !loop.worker().snapshot().acl().match(identity.client())) {
            loop.worker().stats().increment(Counter.ACL_DROPS);
            close();
            return false;
        }
        input.skipBytes(size);
        return true;
    }

    @Override
    public boolean isIdle() {
        return requests.isIdle();
    }

    @Override
    public void evict() {
        close();
    }

    @Override
    public void leaveClosedListener() {
        if (!closed && listener.isClosed()) {
            ending = true;
            settle();
        }
    }

    private void settle() {
        if (!closed && ending && requests.isIdle() && unsent == 0) {
            close();
        }
    }

    private void armDeadline() {
        if (!closed) {
            loop.wheel().set(deadline, nextDeadline());
        }
    }

    private long nextDeadline() {
        long at = handshaking
                ? openedNanos + limits.readNanos()
                : requests.isIdle() ? waitingSinceNanos + TimeUnit.SECONDS.toNanos(http.idleSeconds()) : farAway();
        if (unsent > 0) {
            at = Math.min(at, sentNanos + limits.sendNanos());
        }
        return limits.endedBy(at, openedNanos);
    }

    private long farAway() {
        return loop.nowNanos() + TimeUnit.SECONDS.toNanos(Math.max(1, http.idleSeconds()));
    }

    @Override
    void deadlineReached(long nowNanos) {
        settle();
        if (closed) {
            return;
        }
        if (nextDeadline() - nowNanos > 0) {
            armDeadline();
            return;
        }
        listener.frontend().stream().clientTimeouts.increment();
        close();
    }

    private void close() {
        if (!closed) {
            closed();
            if (hasChannel()) {
                var _ = channel().close();
            }
        }
    }

    @Override
    public void closed() {
        if (closed) {
            return;
        }
        closed = true;
        loop.wheel().remove(deadline);
        loop.clients().remove(place);
        loop.room().giveBack();
        dropInput();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedNanos);
        listener.frontend().stream().closed(queries, millis, queries);
        limits.leave();
        requests.forsake();
    }
}
