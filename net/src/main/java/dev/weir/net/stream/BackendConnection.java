package dev.weir.net.stream;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.model.Setting;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.net.OwnWant;
import dev.weir.net.http.DohFailure;
import dev.weir.net.http.DohQuestion;
import dev.weir.net.http.ServerLeaves;
import dev.weir.net.stream.Flight.Loss;
import dev.weir.wire.Header;
import dev.weir.wire.Octets;
import dev.weir.wire.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a backend, and the queries it carries: one, or up to {@code maxInFlight} under ids of their own. Ends with the first message
 * that is no answer to one of them, since nothing after it can be trusted.
 */
final class BackendConnection extends Connection {
    /** Requests over HTTP at a time, which servers should allow (RFC 9113 section 6.5.2). */
    private static final int MOST_REQUESTS = 100;

    private static final LogLimit NO_ANSWERS = new LogLimit(10);

    private final BackendPool pool;
    private final Backend backend;

    /** Whose PROXY header it began with; null for a connection anyone may use. */
    private final @Nullable StreamClient owner;

    private final List<ProxyHeader.Tlv> tlvs;
    private byte @Nullable [] proxyHeader;
    private final long openedNanos;

    private final BackendFlights flights;

    /** In its pool's list of connections that were full and have room again. */
    boolean listedAsRoomy;

    private long carried;
    private long idleSinceNanos;
    private boolean connected;

    /** This host's address; null before the connection is established. */
    private @Nullable IpAddress local;

    /** Takes no further query, since this host has another address towards the backend now, or the backend leaves. */
    private boolean retired;

    private boolean ended;
    private boolean outputFailed;

    BackendConnection(StreamLoop loop, BackendPool pool, Flight first) {
        super(loop);
        this.pool = pool;
        this.backend = pool.backend();
        boolean announces = backend.spec().additions().proxyProtocol();
        this.owner = announces ? first.client : null;
        this.tlvs = announces ? List.copyOf(first.query.decided().proxyTlvs()) : List.of();
        this.proxyHeader = announces ? ProxyAnnouncement.compose(first.query) : null;
        this.openedNanos = loop.nowNanos();
        this.flights = new BackendFlights(loop.worker().random().nextInt());
    }

    void connect(BackendChannel way) {
        ChannelFuture connecting = way.open(this);
        var _ = connecting.addListener(done -> loop.execute(() -> connectEnded(connecting)));
    }

    private void connectEnded(ChannelFuture connecting) {
        if (ended) {
            return;
        }
        if (!connecting.isSuccess()) {
            connectFailed(connecting.cause());
            return;
        }
        connected = true;
        local = Peers.localAddress(channel());
        byte[] header = proxyHeader;
        proxyHeader = null;
        if (header != null) {
            write(channel().alloc().directBuffer(header.length).writeBytes(header));
        }
        for (Flight flight = flights.oldest(); flight != null; flight = flight.younger) {
            transmit(flight);
        }
        armDeadline();
    }

    private void connectFailed(Throwable cause) {
        if (OwnWant.is(cause)) {
            pool.complainOfWant(cause);
            end(Loss.UNSENT);
            return;
        }
        if (cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException) {
            backend.stream().connectTimeouts.increment();
        }
        end(Loss.RETRY);
    }

    // ---- queries

    boolean isFree() {
        return flights.count() == 0;
    }

    /** Queries that wait for their answers, those of clients that have gone included. */
    int inFlight() {
        return flights.count();
    }

    boolean pipelines() {
        return mostInFlight() > 1;
    }

    private int mostInFlight() {
        return backend.spec().http() != null
                ? MOST_REQUESTS
                : Math.min(backend.spec().tcp().maxInFlight(), BackendFlights.MOST);
    }

    @Nullable StreamClient owner() {
        return owner;
    }

    Backend backend() {
        return backend;
    }

    /** Whether the PROXY header it began with holds for this query too. */
    boolean announced(Query query) {
        return tlvs.equals(query.decided().proxyTlvs());
    }

    boolean isConnecting() {
        return !connected && !ended;
    }

    /** A zone transfer has its connection to itself, so that a client that reads slowly holds up nobody else. */
    boolean hasRoomFor(Flight flight) {
        if (ended
                || retired
                || flights.hasTransfer()
                || hasChannel() && connected && !channel().isActive()) {
            return false;
        }
        boolean alone = flight.transfer != null;
        return isFree() || !alone && flights.count() < mostInFlight();
    }

    void take(Flight flight) {
        flights.add(flight);
        flight.carrier = this;
        if (connected) {
            transmit(flight);
            armDeadline();
        }
    }

    private void transmit(Flight flight) {
        Octets.putU16(flight.message, 0, flight.id);
        carried++;
        postpone(flight);
        BackendSpec.Http http = backend.spec().http();
        if (http == null) {
            write(flight.message, flight.message.length);
        } else {
            write(new DohQuestion(flight.message, http.forwarded() ? ForwardedHeaders.of(flight.query) : Map.of()));
        }
    }

    private void postpone(Flight flight) {
        flight.deadlineNanos = loop.nowNanos()
                + TimeUnit.SECONDS.toNanos(Math.max(1, backend.spec().tcp().recvTimeoutSeconds()));
    }

    /** A client has gone: without another one there is nothing left to wait for. */
    void forsake() {
        flights.forsake();
        if (!ended && flights.onlyForsaken()) {
            end(Loss.FINAL);
        }
    }

    // ---- answers

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        append((ByteBuf) message);
        if (ended) {
            dropInput();
            return;
        }
        loop.begin();
        while (!ended && takeAnswer()) {
            // each answer by itself
        }
    }

    private boolean takeAnswer() {
        int length = announcedLength();
        if (length >= 0 && length < Header.LENGTH) {
            countNoncompliant();
            distrust(null);
            return false;
        }
        byte[] answer = loop.answerBuffer();
        if (length < 0 || !takeMessage(length, answer)) {
            return false;
        }
        Flight flight = flights.find(Header.id(answer));
        if (flight == null || !matches(flight, answer, length)) {
            if (flight == null) {
                countNoncompliant();
            }
            distrust(flight);
            return false;
        }
        if (flight.transfer != null && !flight.transfer.isLast(answer, length)) {
            return pass(flight, answer, length);
        }
        flights.remove(flight);
        pool.ended(flight);
        // Before the answer goes out: that can start the client's next query, which must not choose a connection about
        // to end.
        goOn();
        try {
            loop.responses().answered(flight.query, answer, length, true);
        } catch (Throwable e) {
            // From a rule: reply ports keep their own failures to themselves.
            StreamLoop.GUARD.caught(e);
            flight.query.origin().replyPort().abandon(flight.query);
        }
        return true;
    }

    private boolean matches(Flight flight, byte[] answer, int length) {
        // Messages of a transfer after its first may leave the question out (RFC 5936 section 2.2.1).
        boolean bare = flight.transfer != null && flight.transfer.started() && Header.qdcount(answer) == 0;
        return bare && Header.has(answer, Header.QR) || loop.responses().matches(flight.query, answer, length);
    }

    /** Ends the connection for a message that is no answer. The query it was meant for is over, the others are tried elsewhere. */
    private void distrust(@Nullable Flight meant) {
        Flight guilty = meant == null && flights.count() == 1 ? flights.oldest() : meant;
        if (guilty != null) {
            flights.remove(guilty);
        }
        end(Loss.RETRY);
        if (guilty != null) {
            pool.lost(guilty, Loss.FINAL);
        }
    }

    private void countNoncompliant() {
        loop.worker().stats().increment(Counter.NONCOMPLIANT_RESPONSES);
        backend.noncompliantResponses().increment(loop.worker().stats());
    }

    /** A message of a zone transfer that is not its last; false if nobody wants the rest. */
    private boolean pass(Flight flight, byte[] answer, int length) {
        StreamClient client = flight.client;
        boolean wanted =
                client != null && !client.isClosed() && loop.responses().partial(flight.query, answer, length);
        if (client == null || !wanted) {
            flights.remove(flight);
            backend.queryEnded(loop.worker().stats());
            flight.query.origin().replyPort().abandon(flight.query);
            end(Loss.FINAL);
            return false;
        }
        postpone(flight);
        armDeadline();
        if (!client.pass(flight.query, this)) {
            channel().config().setAutoRead(false);
        }
        flight.query.keepQuestion();
        return true;
    }

    /** The client of a zone transfer has room again, or has gone. */
    void resumeReading() {
        if (ended) {
            return;
        }
        for (Flight flight = flights.oldest(); flight != null; flight = flight.younger) {
            postpone(flight);
        }
        channel().config().setAutoRead(true);
    }

    // ---- idleness and end

    /** One query less: room for another, if the connection is still good for something. */
    private void goOn() {
        if (isFree() ? !settle() : flights.onlyForsaken()) {
            end(Loss.FINAL);
        } else {
            pool.hasRoom(this);
        }
    }

    /** Carries nothing: waits for the next query if the pool wants it to. */
    private boolean settle() {
        idleSinceNanos = loop.nowNanos();
        if (retired || hasInput() || !pool.keepIdle(this)) {
            return false;
        }
        armDeadline();
        return true;
    }

    void closeIfIdle() {
        if (isFree()) {
            end(Loss.FINAL);
        }
    }

    @Nullable IpAddress local() {
        return local;
    }

    /** Whether it was established before that time. */
    boolean isOlderThan(long nanos) {
        return openedNanos - nanos < 0;
    }

    /** The host's address has changed, or the backend leaves: ends when it carries nothing any more. */
    void retire() {
        retired = true;
        closeIfIdle();
    }

    private void armDeadline() {
        Flight oldest = flights.oldest();
        long at = oldest == null ? idleSinceNanos + TimeUnit.SECONDS.toNanos(idleSeconds()) : oldest.deadlineNanos;
        if (waitingOutput() > 0) {
            at = Math.min(at, sendDeadline());
        }
        loop.wheel().set(deadline, at);
    }

    private long idleSeconds() {
        return backend.spec().http() == null
                ? loop.settings().number(Setting.TCP_DOWNSTREAM_MAX_IDLE_TIME)
                : loop.settings().number(Setting.DOH_DOWNSTREAM_MAX_IDLE_TIME);
    }

    private long sendDeadline() {
        return outputProgressNanos()
                + TimeUnit.SECONDS.toNanos(Math.max(1, backend.spec().tcp().sendTimeoutSeconds()));
    }

    @Override
    void deadlineReached(long nowNanos) {
        if (ended) {
            return;
        }
        Flight late = flights.oldest();
        if (late == null) {
            if (nowNanos - idleSinceNanos >= TimeUnit.SECONDS.toNanos(idleSeconds())) {
                end(Loss.FINAL);
                return;
            }
        } else if (waitingOutput() > 0 && nowNanos - sendDeadline() >= 0) {
            backend.stream().writeTimeouts.increment();
            end(Loss.FINAL);
            return;
        } else if (!channel().config().isAutoRead()) {
            // Paused for a client that takes its time, which has a limit of its own.
            postpone(late);
        } else if (nowNanos - late.deadlineNanos >= 0) {
            timeOut(late);
            return;
        }
        armDeadline();
    }

    /** The late query is over; the younger ones are tried elsewhere. */
    private void timeOut(Flight late) {
        backend.stream().readTimeouts.increment();
        BackendPool.frontendCounters(late).downstreamTimeouts.increment();
        flights.remove(late);
        end(Loss.RETRY);
        pool.lost(late, Loss.FINAL);
    }

    @Override
    void outputFailed() {
        outputFailed = true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        loop.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (ended) {
            return;
        }
        loop.begin();
        if (!isFree()) {
            (outputFailed ? backend.stream().diedSendingQuery : backend.stream().diedReadingResponse).increment();
        }
        end(Loss.RETRY);
        loop.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            StreamLoop.GUARD.caught(cause);
        }
        var _ = ctx.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            var _ = ctx.close();
        } else if (event instanceof DohFailure failure && !ended) {
            loop.begin();
            failed(failure);
            loop.flush();
        } else if (event == ServerLeaves.NOW && !ended) {
            loop.begin();
            retire();
            loop.flush();
        }
    }

    /** A request has no answer, and the others go on. */
    private void failed(DohFailure failure) {
        Flight flight = flights.find(failure.id());
        if (flight == null) {
            return;
        }
        long times = failure.untouched() ? 0 : NO_ANSWERS.admit(loop.nowNanos());
        if (times > 0) {
            Log.warning(
                    "A backend over HTTP has no answer",
                    "net",
                    "backend.name",
                    backend.name(),
                    "backend.address",
                    backend.address(),
                    "status",
                    failure.status(),
                    "count",
                    times);
        }
        flights.remove(flight);
        goOn();
        pool.lost(flight, failure.untouched() ? Loss.RETRY : Loss.FINAL);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        dropInput();
    }

    /** Ends the connection. What it carried goes to another one if that may help, else unanswered. */
    void end(Loss loss) {
        if (ended) {
            return;
        }
        ended = true;
        pool.remove(this);
        loop.room().giveBack();
        if (owner != null) {
            owner.flights().removeOwn(this);
        }
        loop.wheel().remove(deadline);
        dropInput();
        backend.stream().closed(carried, TimeUnit.NANOSECONDS.toMillis(loop.nowNanos() - openedNanos));
        if (hasChannel()) {
            var _ = channel().close();
        }
        Flight flight = flights.removeAll();
        while (flight != null) {
            Flight next = flight.younger;
            flight.carrier = null;
            try {
                pool.lost(flight, loss);
            } catch (Throwable e) {
                StreamLoop.GUARD.caught(e);
            }
            flight = next;
        }
    }
}
