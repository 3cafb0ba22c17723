package dev.weir.net.stream;

import dev.weir.engine.query.Query;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * A client's connection over QUIC, whatever is spoken on its streams: handshake, times, limits, end. It ends when it has been idle for too long,
 * when the client takes no answers, or when a limit is reached. QUIC's own idle time holds beside that. Belongs to its loop's thread.
 */
abstract class QuicConnection extends Connection {
    /** Streams whose query has not come as a whole. Honest clients put a query into one datagram. */
    private static final int MOST_INCOMPLETE = 100;

    /** Octets in these. */
    private static final int MOST_WAITING = 4 * (PREFIX + MAX_MESSAGE);

    /** Octets of answers that one client may leave waiting. */
    private static final long MOST_UNSENT = 1 << 20;

    final QuicListener listener;
    final ConnectionLimits limits;
    final ClientIdentity identity;
    private final long openedNanos = System.nanoTime();
    private long waitingSinceNanos = openedNanos;
    private long sentNanos;
    private long unsentOctets;
    private int incomplete;
    private int waitingOctets;
    private int queries;
    private String serverName = "";
    private boolean handshaking = true;
    private boolean ending;
    private boolean closed;

    QuicConnection(StreamLoop loop, QuicListener listener, ConnectionLimits limits, ClientIdentity identity) {
        super(loop);
        this.listener = listener;
        this.limits = limits;
        this.identity = identity;
    }

    /** What the application says when it closes without a reason to complain. */
    abstract int noError();

    /** What it says when the client asks for too much. */
    abstract int excessiveLoad();

    /** Nobody waits any more: what is worked on ends. */
    abstract void forsake();

    // ---- events

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        super.handlerAdded(ctx);
        armDeadline();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SniCompletionEvent named) {
            serverName = named.hostname() == null ? "" : named.hostname();
        } else if (event instanceof SslHandshakeCompletionEvent ended && ended.isSuccess() && !closed) {
            loop.begin();
            handshaking = false;
            waitingSinceNanos = loop.nowNanos();
            armDeadline();
            boolean resumed = QuicSession.isResumed(quic());
            if (!limits.admitsSession(identity.peer(), resumed, loop.nowNanos())) {
                listener.counters().refused.increment();
                close(excessiveLoad());
            }
            leaveClosedListener();
            loop.flush();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        loop.flush();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!isOfPeer(cause)) {
            StreamLoop.GUARD.caught(cause);
        } else if (!closed) {
            listener.frontend().stream().diedReadingQuery.increment();
        }
        close(noError());
    }

    /** Whether a failure is the client's, or its path's. */
    static boolean isOfPeer(Throwable cause) {
        return cause instanceof IOException || cause instanceof QuicException;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        loop.begin();
        closed();
        loop.flush();
        ctx.fireChannelInactive();
    }

    @Override
    void outputFailed() {
        // Streams know it themselves.
    }

    // ---- queries

    QuicChannel quic() {
        return (QuicChannel) channel();
    }

    /** Whether queries are worked on. */
    abstract boolean isWorking();

    public boolean isClosed() {
        return closed;
    }

    /** Whether no more queries are taken. */
    boolean isEnding() {
        return ending || closed;
    }

    /** A stream has begun. */
    final void began() {
        incomplete++;
        if (incomplete > MOST_INCOMPLETE) {
            close(excessiveLoad());
        }
    }

    /** A stream has grown by so many octets that wait for the rest. */
    final void waits(int more) {
        waitingOctets += more;
        if (waitingOctets > MOST_WAITING) {
            close(excessiveLoad());
        }
    }

    /**
     * A stream has its query, or will have none.
     *
     * @param held octets that waited there
     */
    final void decided(int held) {
        incomplete--;
        waitingOctets -= held;
    }

    /** A query has begun. */
    final void count(Query query) {
        waitingSinceNanos = loop.nowNanos();
        queries++;
        ending |= limits.hasAskedEnough(queries);
        query.origin().setServerName(serverName);
    }

    /** Begins a query of a whole message. */
    Query begin(byte[] message, int length) {
        Query query = loop.takeQuery();
        byte[] buffer = loop.queryBuffer();
        System.arraycopy(message, 0, buffer, 0, length);
        identity.addressesTo(query);
        query.begin(listener.frontend().protocol(), listener.frontend(), buffer, length, loop.nowNanos());
        count(query);
        return query;
    }

    /** A query is not worked on any more. */
    void done() {
        waitingSinceNanos = loop.nowNanos();
        armDeadline();
        settle();
    }

    /** An answer was written to its stream, and has so many octets. */
    void wrote(int octets, ChannelFuture written) {
        if (unsentOctets == 0) {
            sentNanos = loop.nowNanos();
        }
        unsentOctets += octets;
        var _ = written.addListener(done -> {
            unsentOctets -= octets;
            sentNanos = System.nanoTime();
            if (!done.isSuccess() && !closed) {
                listener.frontend().stream().diedSendingResponse.increment();
            }
            settle();
        });
        if (unsentOctets > MOST_UNSENT) {
            close(excessiveLoad());
        }
    }

    // ---- limits and end

    /** If its listener is closed, it ends as soon as it has got what it asked for. */
    void leaveClosedListener() {
        if (!closed && listener.isClosed()) {
            ending = true;
            settle();
        }
    }

    private void settle() {
        if (!closed && ending && !isWorking() && unsentOctets == 0) {
            close(noError());
        }
    }

    final void armDeadline() {
        if (!closed) {
            loop.wheel().set(deadline, nextDeadline());
        }
    }

    private long nextDeadline() {
        long idleNanos = TimeUnit.SECONDS.toNanos(listener.spec().quic().idleSeconds());
        long at = handshaking
                ? openedNanos + limits.readNanos()
                : (!isWorking() ? waitingSinceNanos : loop.nowNanos()) + idleNanos;
        if (unsentOctets > 0) {
            at = Math.min(at, sentNanos + limits.sendNanos());
        }
        return limits.endedBy(at, openedNanos);
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
        close(noError());
    }

    /**
     * Closes at once; queries that are worked on end without an answer.
     *
     * @param code the application's word for why
     */
    void close(int code) {
        if (!closed) {
            closed();
            var _ = quic().close(true, code, Unpooled.EMPTY_BUFFER);
        }
    }

    private void closed() {
        if (closed) {
            return;
        }
        closed = true;
        loop.wheel().remove(deadline);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedNanos);
        listener.frontend().stream().closed(queries, millis, queries);
        limits.leave();
        listener.left(this);
        forsake();
    }
}
