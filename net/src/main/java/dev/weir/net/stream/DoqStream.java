package dev.weir.net.stream;

import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.wire.Header;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One stream of DNS over QUIC: a query, and its answer. Both stand behind their length in two octets, and both directions end after them (RFC 9250
 * section 4.2). Belongs to its loop's thread, but for {@link #reply} and {@link #abandon}, which any thread may call.
 */
final class DoqStream extends ChannelInboundHandlerAdapter implements StreamClient {
    private static final int FIRST_ROOM = 128;
    private static final byte[] NOTHING = {};

    private final DoqConnection connection;
    private final ClientFlights flights = new ClientFlights();
    private @Nullable QuicStreamChannel stream;
    private byte[] received = NOTHING;
    private int have;
    private boolean decided;
    private boolean working;
    private boolean closed;

    DoqStream(DoqConnection connection) {
        this.connection = connection;
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
    public void handlerAdded(ChannelHandlerContext ctx) {
        stream = (QuicStreamChannel) ctx.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf more = (ByteBuf) message;
        try {
            if (closed || connection.isClosed()) {
                return;
            }
            connection.loop.begin();
            if (decided) {
                if (more.isReadable()) {
                    connection.violated();
                }
                return;
            }
            take(more);
        } catch (Throwable e) {
            StreamLoop.GUARD.caught(e);
            reset(DoqConnection.INTERNAL_ERROR);
        } finally {
            more.release();
        }
    }

    private void take(ByteBuf more) {
        int octets = more.readableBytes();
        if (received.length < have + octets) {
            int needed = have + octets;
            received = Arrays.copyOf(received, Math.max(Math.max(FIRST_ROOM, needed), Math.min(2 * needed, 1 << 16)));
        }
        more.readBytes(received, have, octets);
        have += octets;
        connection.waits(octets);
        if (closed) {
            return;
        }
        int announced = announced();
        if (announced >= 0 && have > Connection.PREFIX + announced) {
            connection.violated();
        } else if (announced >= 0 && have == Connection.PREFIX + announced) {
            byte[] whole = received;
            decide();
            handle(whole, announced);
        }
    }

    private int announced() {
        return have < Connection.PREFIX ? -1 : (received[0] & 0xff) << 8 | received[1] & 0xff;
    }

    private void decide() {
        if (!decided) {
            decided = true;
            received = NOTHING;
            connection.decided(have);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean ends =
                event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE;
        if (ends && !decided && !closed && !connection.isClosed()) {
            connection.loop.begin();
            connection.violated();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!QuicConnection.isOfPeer(cause)) {
            StreamLoop.GUARD.caught(cause);
        }
        // The client has cancelled it (RFC 9250 section 4.3.1).
        reset(DoqConnection.NO_ERROR);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        close();
    }

    // ---- the query

    private void handle(byte[] octets, int length) {
        boolean idIsZero =
                length >= Header.LENGTH && octets[Connection.PREFIX] == 0 && octets[Connection.PREFIX + 1] == 0;
        if (!idIsZero) {
            connection.loop.worker().stats().increment(Counter.NONCOMPLIANT_QUERIES);
            connection.violated();
            return;
        }
        if (connection.isEnding()) {
            reset(DoqConnection.EXCESSIVE_LOAD);
            return;
        }
        working = true;
        Query query =
                connection.begin(Arrays.copyOfRange(octets, Connection.PREFIX, Connection.PREFIX + length), length);
        query.origin().replyTo(this, 0);
        WalkVerdict verdict = connection.loop.path().handle(query);
        if (verdict != WalkVerdict.PARK) {
            finish(query, verdict == WalkVerdict.ANSWER, DoqConnection.UNSPECIFIED_ERROR);
        }
    }

    @Override
    public boolean pass(Query query, BackendConnection from) {
        // Zones are not transferred over QUIC.
        return false;
    }

    @Override
    public void reply(Query query) {
        ended(query, true);
    }

    @Override
    public void abandon(Query query) {
        ended(query, false);
    }

    private void ended(Query query, boolean answered) {
        StreamLoop loop = connection.loop;
        if (loop.eventLoop().inEventLoop()) {
            finish(query, answered, DoqConnection.INTERNAL_ERROR);
            return;
        }
        byte[] answer = query.packetCopy();
        loop.execute(() -> {
            query.setPacket(answer, answer.length);
            finish(query, answered, DoqConnection.INTERNAL_ERROR);
        });
    }

    /** @param instead told the client if there is no answer */
    private void finish(Query query, boolean answered, int instead) {
        try {
            boolean fits = query.length() <= Connection.MAX_MESSAGE;
            if (!closed && answered && fits) {
                send(query);
            } else {
                reset(instead);
            }
        } catch (Throwable e) {
            // Whoever brings an answer has other clients' to bring.
            StreamLoop.GUARD.caught(e);
            connection.giveUp();
        }
        connection.loop.giveBack(query);
        worked();
    }

    private void send(Query query) {
        QuicStreamChannel to = stream;
        if (to == null) {
            return;
        }
        int length = query.length();
        ByteBuf out = to.alloc().directBuffer(Connection.PREFIX + length);
        out.writeShort(length);
        out.writeBytes(query.packet(), 0, length);
        connection.listener.counters().valid.increment();
        ChannelFuture written = to.writeAndFlush(new DefaultQuicStreamFrame(out, true));
        connection.wrote(Connection.PREFIX + length, written);
    }

    private void worked() {
        if (working) {
            working = false;
            connection.done();
        }
    }

    /** Ends the stream without an answer. */
    private void reset(int code) {
        if (!closed) {
            connection.listener.counters().errors.increment();
            close();
            if (stream != null) {
                var _ = stream.shutdown(code);
            }
        }
    }

    /** Nobody waits any more. */
    void close() {
        if (!closed) {
            closed = true;
            decide();
            connection.ended(this);
            flights.close();
            flights.giveUp();
        }
    }
}
