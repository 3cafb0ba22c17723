package dev.weir.net.stream;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.wire.Header;
import dev.weir.wire.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
final class ClientConnection extends Connection implements ReplyPort, IdleClients.Client {
    /** How long the client may take to close after us; closing first would reset what is still on its way to it. */
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final StreamListener listener;
    private final ConnectionLimits limits;
    private final ClientIdentity identity;
    private final long openedNanos;

    private int inFlight;
    private int queries;
    private int readsForMessage;
    private long reads;
    /** Since when the next query, or the rest of it, is waited for. */
    private long waitingSinceNanos;

    private boolean pumping;
    private boolean inputClosed;

    /** No more queries are taken. */
    private boolean ending;

    /** All answers are written and our direction is closed. */
    private boolean lingering;

    private long lingerUntilNanos;
    private boolean closed;

    private final IdleClients.Place place = new IdleClients.Place(this);

    /** Queries of this client that wait for backends. */
    private final ArrayList<Flight> flights = new ArrayList<>(0);

    /** Backend connections that announced this client. */
    private final List<BackendConnection> own = new ArrayList<>(0);

    /** The connection of a zone transfer that waits until this client takes more. */
    private @Nullable BackendConnection waiting;

    ClientConnection(StreamLoop loop, StreamListener listener, ConnectionLimits limits, ClientIdentity identity) {
        super(loop);
        this.listener = listener;
        this.limits = limits;
        this.identity = identity;
        this.openedNanos = System.nanoTime();
        this.waitingSinceNanos = openedNanos;
    }

    boolean isClosed() {
        return closed;
    }

    // ---- events

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.begin();
        loop.clients().active(place, loop.nowNanos());
        armDeadline();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf more = (ByteBuf) message;
        if (closed || ending) {
            more.release();
            return;
        }
        loop.begin();
        if (!hasInput() || limits.piecesGainTime()) {
            waitingSinceNanos = loop.nowNanos();
        }
        append(more);
        reads++;
        readsForMessage++;
        pump();
        if (!closed && waitsForRest() && limits.tooManyReads(readsForMessage)) {
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
        resumeTransfer();
        pump();
        loop.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            loop.begin();
            inputClosed = true;
            if (lingering) {
                close();
            } else {
                pump();
            }
            loop.flush();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException && !closed) {
            (inFlight > 0
                            ? listener.frontend().stream().diedSendingResponse
                            : listener.frontend().stream().diedReadingQuery)
                    .increment();
        } else if (!(cause instanceof IOException)) {
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
        return !closed
                && !ending
                && hasInput()
                && inFlight < limits.inFlight()
                && channel().isWritable();
    }

    private boolean takeQuery() {
        int length = announcedLength();
        if (length >= 0 && length < Header.LENGTH) {
            loop.worker().stats().increment(Counter.NONCOMPLIANT_QUERIES);
            listener.frontend().noncompliantQueries().increment(loop.worker().stats());
            ending = true;
            return false;
        }
        if (length < 0 || !takeMessage(length, loop.queryBuffer())) {
            ending = inputClosed;
            return false;
        }
        waitingSinceNanos = loop.nowNanos();
        loop.clients().active(place, waitingSinceNanos);
        readsForMessage = 0;
        queries++;
        inFlight++;
        handle(length);
        ending |= limits.hasAskedEnough(queries);
        return true;
    }

    private void handle(int length) {
        Query query = loop.takeQuery();
        identity.addressesTo(query);
        query.begin(Protocol.DO_TCP, listener.frontend(), loop.queryBuffer(), length, loop.nowNanos());
        query.origin().replyTo(this, 0);
        identity.tlvsTo(query);
        WalkVerdict verdict = loop.path().handle(query);
        if (verdict == WalkVerdict.PARK) {
            return;
        }
        ending |= verdict != WalkVerdict.ANSWER || !send(query);
        inFlight--;
        loop.giveBack(query);
    }

    /** The header stands once, before the first query (PROXY protocol version 2); without a valid one nothing else is read. */
    private boolean takeProxyHeader() {
        ByteBuf input = received;
        if (input == null) {
            return false;
        }
        byte[] bytes = loop.queryBuffer();
        int most = Math.min(loop.worker().snapshot().settings().proxyMaximumPayloadSize(), bytes.length);
        int have = Math.min(input.readableBytes(), most);
        input.getBytes(input.readerIndex(), bytes, 0, have);
        int size = identity.readHeader(bytes, have, most);
        if (size == ProxyHeader.NEED_MORE && !inputClosed) {
            return false;
        }
        if (size <= 0) {
            loop.worker().stats().increment(Counter.PROXY_PROTOCOL_INVALID);
            close();
            return false;
        }
        input.skipBytes(size);
        if (!input.isReadable()) {
            dropInput();
        }
        return admitsAnnounced();
    }

    private boolean admitsAnnounced() {
        boolean applies = loop.worker().snapshot().settings().proxyApplyAclToProxiedClients();
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
        inFlight--;
        waitingSinceNanos = loop.nowNanos();
        try {
            if (!closed) {
                loop.clients().active(place, waitingSinceNanos);
                // After a transfer's last message the reference closes, and so do many servers: clients expect it.
                ending |= !answered || !send(query) || Flight.asksForZone(query);
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
        boolean fits = query.length() <= MAX_MESSAGE;
        if (fits) {
            write(query.packet(), query.length());
        }
        return fits;
    }

    /** Writes one message of several that answer a query; false if the next ones should wait for {@link BackendConnection#resumeReading}. */
    boolean pass(Query query, BackendConnection from) {
        if (!send(query)) {
            close();
            return true;
        }
        waitingSinceNanos = loop.nowNanos();
        armDeadline();
        if (channel().isWritable()) {
            return true;
        }
        waiting = from;
        return false;
    }

    private void resumeTransfer() {
        BackendConnection paused = waiting;
        waiting = null;
        if (paused != null) {
            paused.resumeReading();
        }
    }

    // ---- queries at backends

    void took(Flight flight) {
        flight.placeAtClient = flights.size();
        flights.add(flight);
    }

    void ended(Flight flight) {
        Flight last = flights.removeLast();
        if (last != flight) {
            flights.set(flight.placeAtClient, last);
            last.placeAtClient = flight.placeAtClient;
        }
    }

    // ---- backend connections of this client's own

    @Nullable BackendConnection findOwn(Backend backend, Flight flight) {
        for (BackendConnection each : own) {
            if (each.backend() == backend && each.announced(flight.query) && each.hasRoomFor(flight)) {
                return each;
            }
        }
        return null;
    }

    void addOwn(BackendConnection connection) {
        own.add(connection);
    }

    void removeOwn(BackendConnection connection) {
        own.remove(connection);
    }

    boolean keepsOwn(BackendConnection connection) {
        return !closed && own.size() <= BackendPool.OWN_PER_CLIENT && own.contains(connection);
    }

    // ---- limits and end

    @Override
    public boolean isIdle() {
        return inFlight == 0 || inputClosed;
    }

    @Override
    public void evict() {
        close();
    }

    /** After each event: reads on, waits, or ends. */
    private void settle() {
        if (closed) {
            return;
        }
        ending |= inputClosed && !hasInput();
        if (ending && inFlight == 0) {
            if (!lingering) {
                linger();
            }
        } else {
            boolean blocked =
                    hasInput() && (inFlight >= limits.inFlight() || !channel().isWritable());
            channel().config().setAutoRead(!blocked && !inputClosed);
        }
        armDeadline();
    }

    /** Closes our direction once all answers are out, then lets the client close its own. */
    private void linger() {
        if (hasInput() && inputClosed) {
            listener.frontend().stream().diedReadingQuery.increment();
        }
        lingering = true;
        lingerUntilNanos = loop.nowNanos() + limits.sendNanos();
        dropInput();
        flush();
        channel().config().setAutoRead(!inputClosed);
        var _ = channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            if (closed) {
                return;
            }
            if (inputClosed || !done.isSuccess()) {
                close();
                return;
            }
            lingerUntilNanos = System.nanoTime() + LINGER_NANOS;
            var _ = ((DuplexChannel) channel()).shutdownOutput();
            loop.wheel().set(deadline, lingerUntilNanos);
        });
    }

    private void armDeadline() {
        if (!closed) {
            loop.wheel().set(deadline, nextDeadline());
        }
    }

    /** The earliest of the limits that hold now, or a look at things later on. */
    private long nextDeadline() {
        long at = (inFlight > 0 ? loop.nowNanos() : waitingSinceNanos) + limits.readNanos();
        if (lingering) {
            at = lingerUntilNanos;
        } else if (waitingOutput() > 0) {
            at = outputProgressNanos() + limits.sendNanos();
        }
        long duration = limits.durationNanos();
        return duration > 0 ? Math.min(at, openedNanos + duration) : at;
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
        if (!lingering) {
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

    /** The connection is over: gives back what it held. */
    void closed() {
        if (closed) {
            return;
        }
        closed = true;
        loop.wheel().remove(deadline);
        loop.clients().remove(place);
        loop.room().giveBack();
        dropInput();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedNanos);
        listener.frontend().stream().closed(queries, millis, reads);
        limits.leave();
        resumeTransfer();
        for (Flight each : List.copyOf(flights)) {
            each.giveUp();
        }
        for (BackendConnection each : List.copyOf(own)) {
            each.closeIfIdle();
        }
    }
}
