package dev.weir.net.stream;

import dev.weir.engine.listen.TlsCounters;
import dev.weir.engine.model.Setting;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.walk.SealedQueries;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.net.tls.ServerTls;
import dev.weir.wire.Header;
import dev.weir.wire.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: takes queries apart, hands them to the walk, and writes answers in the order in which they come (RFC 7766 section
 * 6.2.1.1). Reading stops while as many queries are worked on as may be, or while the client does not take its answers; what it has sent
 * meanwhile waits with the kernel.
 *
 * <p>Ends when the client has closed and got all its answers, when a limit is reached, or when a query is dropped. All methods run on the loop's
 * thread, but for {@link #reply} and {@link #abandon}, which any thread may call.
 */
final class ClientConnection extends Connection implements StreamClient, IdleClients.Client, Accepted {
    /** How long the client may take to close after us; closing first would reset what is still on its way to it. */
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final StreamListener listener;
    private final ConnectionLimits limits;
    private final ClientIdentity identity;
    private final ClientSession session;
    private final @Nullable ClientEncryption encryption;

    /** Opens queries that come encrypted each by itself; null where they don't. */
    private @Nullable SealedQueries sealed;

    private boolean pumping;
    private boolean closed;

    private final IdleClients.Place place = new IdleClients.Place(this);

    private final ClientFlights flights = new ClientFlights();

    ClientConnection(StreamLoop loop, StreamListener listener, ConnectionLimits limits, ClientIdentity identity) {
        super(loop);
        this.listener = listener;
        this.limits = limits;
        this.identity = identity;
        this.session = new ClientSession(limits, System.nanoTime());
        TlsCounters tls = listener.frontend().tls();
        this.encryption = tls == null ? null : new ClientEncryption(tls);
    }

    @Override
    public boolean expectsHeader() {
        return identity.headerExpected();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public ClientFlights flights() {
        return flights;
    }

    // ---- events

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.begin();
        sealed = loop.sealed(listener.frontend());
        loop.clients().active(place, loop.nowNanos());
        armDeadline();
        leaveClosedListener();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf more = (ByteBuf) message;
        if (closed || session.isEnding()) {
            more.release();
            return;
        }
        loop.begin();
        session.received(hasInput(), loop.nowNanos());
        append(more);
        pump();
        if (!closed && waitsForRest() && session.hasTooManyReads()) {
            limits.banForTooManyReads(identity.peer(), loop.nowNanos());
            close();
        }
    }

    private boolean waitsForRest() {
        return hasInput() && (identity.headerExpected() || !holdsMessage());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        loop.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!ctx.channel().isWritable()) {
            return;
        }
        loop.begin();
        flights.resume();
        pump();
        loop.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            loop.begin();
            session.inputClosed();
            if (session.isLingering()) {
                close();
            } else {
                pump();
            }
            loop.flush();
        } else if (encryption != null && !closed) {
            loop.begin();
            secured(encryption, event);
            loop.flush();
        }
    }

    private void secured(ClientEncryption known, Object event) {
        switch (known.take(event, channel().pipeline(), loop.worker().stats())) {
            case READY -> {
                session.passed(loop.nowNanos());
                if (limits.admitsSession(identity.peer(), known.resumed(), loop.nowNanos())) {
                    armDeadline();
                } else {
                    close();
                }
            }
            case OVER -> close();
            case NONE -> {}
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean ofPeer = cause instanceof IOException || cause instanceof DecoderException && encryption != null;
        if (ofPeer && !closed) {
            (session.isWorking()
                            ? listener.frontend().stream().diedSendingResponse
                            : listener.frontend().stream().diedReadingQuery)
                    .increment();
        } else if (!ofPeer) {
            StreamLoop.GUARD.caught(cause);
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
        if (!closed) {
            listener.frontend().stream().diedSendingResponse.increment();
            close();
        }
    }

    // ---- queries

    /** Takes as many queries as may be worked on now. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (mayTake() && (identity.headerExpected() ? takeProxyHeader() : takeQuery())) {
                // one after the other
            }
        } catch (Throwable e) {
            StreamLoop.GUARD.caught(e);
            close();
        } finally {
            pumping = false;
        }
        settle();
    }

    private boolean mayTake() {
        return !closed && session.mayTake() && hasInput() && channel().isWritable();
    }

    private boolean takeQuery() {
        int length = announcedLength();
        if (length >= 0 && length < Header.LENGTH) {
            loop.worker().stats().increment(Counter.NONCOMPLIANT_QUERIES);
            listener.frontend().noncompliantQueries().increment(loop.worker().stats());
            session.end();
            return false;
        }
        if (length < 0 || !takeMessage(length, loop.queryBuffer())) {
            if (session.isInputClosed()) {
                session.end();
            }
            return false;
        }
        session.took(loop.nowNanos());
        loop.clients().active(place, loop.nowNanos());
        handle(length);
        return true;
    }

    private void handle(int length) {
        Query query = loop.takeQuery();
        identity.addressesTo(query);
        query.begin(listener.frontend().protocol(), listener.frontend(), loop.queryBuffer(), length, loop.nowNanos());
        query.origin().replyTo(this, 0);
        identity.tlvsTo(query);
        if (encryption != null) {
            encryption.took(query, loop.worker().stats());
        }
        WalkVerdict verdict =
                sealed == null ? loop.path().handle(query) : loop.path().handle(query, sealed);
        if (verdict == WalkVerdict.PARK) {
            return;
        }
        if (verdict != WalkVerdict.ANSWER || !send(query)) {
            session.end();
        }
        session.done();
        loop.giveBack(query);
    }

    /** The header stands once, before the first query (PROXY protocol version 2); without a valid one nothing else is read. */
    private boolean takeProxyHeader() {
        ByteBuf input = received;
        if (input == null || !takeHeader(input)) {
            return false;
        }
        if (!input.isReadable()) {
            dropInput();
        }
        return true;
    }

    @Override
    public boolean takeHeader(ByteBuf input) {
        byte[] bytes = loop.queryBuffer();
        int most =
                Math.min(loop.worker().snapshot().settings().number(Setting.PROXY_MAXIMUM_PAYLOAD_SIZE), bytes.length);
        int have = Math.min(input.readableBytes(), most);
        input.getBytes(input.readerIndex(), bytes, 0, have);
        int size = identity.readHeader(bytes, have, most);
        if (size == ProxyHeader.NEED_MORE && !session.isInputClosed()) {
            return false;
        }
        if (size <= 0) {
            loop.worker().stats().increment(Counter.PROXY_PROTOCOL_INVALID);
            close();
            return false;
        }
        input.skipBytes(size);
        return admitsAnnounced();
    }

    private boolean admitsAnnounced() {
        boolean applies = loop.worker().snapshot().settings().on(Setting.PROXY_APPLY_ACL_TO_PROXIED_CLIENTS);
        if (applies && !loop.worker().snapshot().acl().match(identity.client())) {
            loop.worker().stats().increment(Counter.ACL_DROPS);
            close();
            return false;
        }
        return true;
    }

    // ---- answers

    @Override
    public void reply(Query query) {
        if (loop.eventLoop().inEventLoop()) {
            finish(query, true);
            return;
        }
        byte[] answer = query.packetCopy();
        loop.execute(() -> {
            query.setPacket(answer, answer.length);
            finish(query, true);
        });
    }

    @Override
    public void abandon(Query query) {
        if (loop.eventLoop().inEventLoop()) {
            finish(query, false);
        } else {
            loop.execute(() -> finish(query, false));
        }
    }

    private void finish(Query query, boolean answered) {
        session.done();
        session.passed(loop.nowNanos());
        try {
            if (!closed) {
                loop.clients().active(place, loop.nowNanos());
                // After a transfer's last message the reference closes, and so do many servers: clients expect it.
                if (!answered || !send(query) || Flight.asksForZone(query)) {
                    session.end();
                }
            }
            loop.giveBack(query);
            pump();
        } catch (Throwable e) {
            // Whoever brings an answer has other clients' to bring.
            StreamLoop.GUARD.caught(e);
            giveUp();
        }
    }

    /** Writes the answer; false if it is longer than its length can say, after additions of ours to one of the longest. */
    private boolean send(Query query) {
        query.seal();
        boolean fits = query.length() <= MAX_MESSAGE;
        if (fits) {
            write(query.packet(), query.length());
        }
        return fits;
    }

    @Override
    public boolean pass(Query query, BackendConnection from) {
        if (!send(query)) {
            close();
            return true;
        }
        session.passed(loop.nowNanos());
        armDeadline();
        if (channel().isWritable()) {
            return true;
        }
        flights.pause(from);
        return false;
    }

    // ---- limits and end

    @Override
    public boolean isIdle() {
        return !session.isWorking() || session.isInputClosed();
    }

    @Override
    public void evict() {
        close();
    }

    @Override
    public void leaveClosedListener() {
        if (!closed && listener.isClosed()) {
            session.end();
            settle();
        }
    }

    /** After each event: reads on, waits, or ends. */
    private void settle() {
        if (closed) {
            return;
        }
        if (session.isInputClosed() && !hasInput()) {
            session.end();
        }
        if (session.isDone()) {
            if (!session.isLingering()) {
                linger();
            }
        } else {
            boolean blocked = hasInput() && (session.isFull() || !channel().isWritable());
            channel().config().setAutoRead(!blocked && !session.isInputClosed());
        }
        armDeadline();
    }

    /** Closes our direction once all answers are out, then lets the client close its own. */
    private void linger() {
        if (hasInput() && session.isInputClosed()) {
            listener.frontend().stream().diedReadingQuery.increment();
        }
        session.linger(loop.nowNanos() + limits.sendNanos());
        dropInput();
        flush();
        channel().config().setAutoRead(!session.isInputClosed());
        var _ = channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            if (closed) {
                return;
            }
            if (session.isInputClosed() || !done.isSuccess()) {
                close();
                return;
            }
            long untilNanos = System.nanoTime() + LINGER_NANOS;
            session.linger(untilNanos);
            endOutput();
            loop.wheel().set(deadline, untilNanos);
        });
    }

    private void endOutput() {
        ServerTls.endOutput(channel().pipeline());
        var _ = ((DuplexChannel) channel()).shutdownOutput();
    }

    private void armDeadline() {
        if (!closed) {
            loop.wheel().set(deadline, nextDeadline());
        }
    }

    private long nextDeadline() {
        return session.deadlineNanos(loop.nowNanos(), waitingOutput() > 0, outputProgressNanos());
    }

    @Override
    void deadlineReached(long nowNanos) {
        if (closed) {
            return;
        }
        if (nextDeadline() - nowNanos > 0) {
            armDeadline();
            return;
        }
        if (!session.isLingering()) {
            listener.frontend().stream().clientTimeouts.increment();
        }
        close();
    }

    /** Closes at once; queries in flight end without an answer. */
    private void close() {
        if (!closed) {
            closed();
            var _ = channel().close();
        }
    }

    @Override
    public void closed() {
        if (closed) {
            return;
        }
        closed = true;
        flights.close();
        loop.wheel().remove(deadline);
        loop.clients().remove(place);
        loop.room().giveBack();
        dropInput();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - session.openedNanos());
        listener.frontend().stream().closed(session.queries(), millis, session.reads());
        limits.leave();
        flights.giveUp();
    }
}
