package dev.weir.net.stream;

import dev.weir.engine.Protocol;
import dev.weir.engine.Query;
import dev.weir.engine.ReplyPort;
import dev.weir.engine.Tuning;
import dev.weir.engine.Verdict;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.pool.Backend;
import dev.weir.engine.stat.Counter;
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
final class ClientConnection extends Connection implements ReplyPort {
    private static final long OVERLOADED_READ_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long OVERLOADED_DURATION_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long the client may take to close after us; closing first would reset what is still on its way to it. */
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final StreamListener listener;
    private final ClientTable clients;
    private final ClientTable.Client account;
    private final Peer peer;
    private final Peer local;
    private final long openedNanos;

    // What the PROXY header said; the connection's own addresses without one.
    private Peer client;
    private Peer destination;
    private List<ProxyHeader.Tlv> tlvs = List.of();
    private boolean expectsProxyHeader;

    private int inFlight;
    private int queries;
    private int readsForMessage;
    private long progressNanos;

    private boolean pumping;
    private boolean inputClosed;

    /** No more queries are taken. */
    private boolean ending;

    /** All answers are written and our direction is closed. */
    private boolean lingering;

    private long lingerUntilNanos;
    private boolean closed;
    private boolean accounted;

    /** Backend connections that announced this client. */
    private final List<BackendConnection> own = new ArrayList<>(0);

    /** The connection of a zone transfer that waits until this client takes more. */
    private @Nullable BackendConnection waiting;

    ClientConnection(
            StreamLoop loop,
            StreamListener listener,
            ClientTable clients,
            ClientTable.Client account,
            Peer peer,
            Peer local,
            boolean expectsProxyHeader) {
        super(loop);
        this.listener = listener;
        this.clients = clients;
        this.account = account;
        this.peer = peer;
        this.local = local;
        this.client = peer;
        this.destination = local;
        this.expectsProxyHeader = expectsProxyHeader;
        this.openedNanos = System.nanoTime();
        this.progressNanos = openedNanos;
    }

    boolean isClosed() {
        return closed;
    }

    // ---- events

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.begin();
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
        progressNanos = loop.nowNanos();
        append(more);
        int most = loop.tuning().maxTcpReadIosPerQuery;
        if (++readsForMessage > most && most > 0) {
            clients.ban(peer, loop.tuning().banSecondsForExceedingMaxReadIosPerQuery, loop.nowNanos());
            close();
            return;
        }
        pump();
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
        } else if (cause instanceof RuntimeException e) {
            StreamLoop.broken(e);
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
            while (mayTake() && (expectsProxyHeader ? takeProxyHeader() : takeQuery())) {
                // one after the other
            }
        } catch (RuntimeException e) {
            StreamLoop.broken(e);
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
                && inFlight < mostInFlight()
                && channel().isWritable();
    }

    private int mostInFlight() {
        return Math.max(1, listener.spec().maxInFlight());
    }

    private boolean takeQuery() {
        int length = announcedLength();
        if (length >= 0 && length < Header.LENGTH) {
            loop.worker().stats().increment(Counter.NONCOMPLIANT_QUERIES);
            listener.frontend().noncompliantQueries().increment();
            ending = true;
            return false;
        }
        if (length < 0 || !takeMessage(length, loop.queryBuffer())) {
            ending = inputClosed;
            return false;
        }
        readsForMessage = 0;
        queries++;
        inFlight++;
        handle(length);
        int most = restricted() ? 1 : loop.tuning().maxTcpQueriesPerConnection;
        ending |= most > 0 && queries >= most;
        return true;
    }

    private void handle(int length) {
        Query query = loop.takeQuery();
        query.peer().set(peer);
        query.local().set(local);
        query.client().set(client);
        query.destination().set(destination);
        query.begin(Protocol.DO_TCP, listener.frontend(), loop.queryBuffer(), length, loop.nowNanos());
        query.replyTo(this, 0);
        if (!tlvs.isEmpty()) {
            query.setProxyTlvs(tlvs);
        }
        Verdict verdict = loop.path().handle(query);
        if (verdict == Verdict.PARK) {
            return;
        }
        if (verdict == Verdict.ANSWER) {
            write(query.packet(), query.length());
        } else {
            ending = true;
        }
        inFlight--;
        loop.giveBack(query);
    }

    /** The header stands once, before the first query (PROXY protocol version 2); without a valid one nothing else is read. */
    private boolean takeProxyHeader() {
        ByteBuf input = received;
        if (input == null) {
            return false;
        }
        int most = loop.worker().snapshot().settings().proxyMaximumPayloadSize();
        int have = Math.min(input.readableBytes(), most);
        byte[] bytes = loop.queryBuffer();
        input.getBytes(input.readerIndex(), bytes, 0, have);
        ProxyHeader header = new ProxyHeader();
        int size = header.parse(bytes, 0, have);
        boolean tooLong = have >= ProxyHeader.FIXED_LENGTH && ProxyHeader.announcedLength(bytes, 0) > most;
        if (size == ProxyHeader.NEED_MORE && !tooLong && !inputClosed) {
            return false;
        }
        if (size <= 0 || tooLong) {
            loop.worker().stats().increment(Counter.PROXY_PROTOCOL_INVALID);
            close();
            return false;
        }
        learn(header, bytes);
        input.skipBytes(size);
        if (!input.isReadable()) {
            dropInput();
        }
        expectsProxyHeader = false;
        return admitsAnnounced();
    }

    private void learn(ProxyHeader header, byte[] bytes) {
        tlvs = header.tlvs(bytes);
        if (header.local()) {
            return;
        }
        int family = header.family() == ProxyHeader.IPV4 ? 4 : 6;
        client = new Peer();
        client.set(family, header.sourceHi(), header.sourceLo(), header.sourcePort(), 0);
        destination = new Peer();
        destination.set(family, header.destinationHi(), header.destinationLo(), header.destinationPort(), 0);
    }

    private boolean admitsAnnounced() {
        boolean applies = loop.worker().snapshot().settings().proxyApplyAclToProxiedClients();
        if (applies && !loop.worker().snapshot().acl().match(client)) {
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
        if (answered && !closed) {
            write(query.packet(), query.length());
            progressNanos = loop.nowNanos();
        }
        ending |= !answered;
        loop.giveBack(query);
        pump();
    }

    /** Writes one message of several that answer a query; false if the next ones should wait for {@link BackendConnection#resumeReading}. */
    boolean pass(Query query, BackendConnection from) {
        write(query.packet(), query.length());
        progressNanos = loop.nowNanos();
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

    private boolean restricted() {
        return clients.overloaded(account) || listener.overloaded(loop.tuning().tcpConnectionsOverloadThreshold);
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
                    hasInput() && (inFlight >= mostInFlight() || !channel().isWritable());
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
        lingerUntilNanos = loop.nowNanos() + sendNanos();
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

    private long sendNanos() {
        return TimeUnit.SECONDS.toNanos(Math.max(1, loop.tuning().tcpSendTimeoutSeconds));
    }

    private void armDeadline() {
        if (!closed) {
            loop.wheel().set(deadline, nextDeadline());
        }
    }

    /** The earliest of the limits that hold now, or a look at things later on. */
    private long nextDeadline() {
        Tuning tuning = loop.tuning();
        boolean restricted = restricted();
        long readNanos = restricted
                ? OVERLOADED_READ_NANOS
                : TimeUnit.SECONDS.toNanos(Math.max(1, tuning.tcpRecvTimeoutSeconds));
        long at = (inFlight > 0 ? loop.nowNanos() : progressNanos) + readNanos;
        if (lingering) {
            at = lingerUntilNanos;
        } else if (waitingOutput() > 0) {
            at = outputProgressNanos() + sendNanos();
        }
        long duration = restricted
                ? OVERLOADED_DURATION_NANOS
                : TimeUnit.SECONDS.toNanos(tuning.maxTcpConnectionDurationSeconds);
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
        if (!closed && hasChannel()) {
            var _ = channel().close();
        }
        closed();
    }

    /** The connection is over: gives back what it held. */
    void closed() {
        if (accounted) {
            return;
        }
        accounted = true;
        closed = true;
        loop.wheel().remove(deadline);
        dropInput();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedNanos);
        listener.frontend().stream().closed(queries, millis);
        clients.leave(account);
        resumeTransfer();
        for (BackendConnection each : List.copyOf(own)) {
            each.closeIfIdle();
        }
    }
}
