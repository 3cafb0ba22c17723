package dev.weir.net.stream;

import dev.weir.engine.query.Query;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A client's connection that speaks DNS over QUIC (RFC 9250): each of its streams is one query. Belongs to its loop's thread. */
final class DoqConnection extends QuicConnection {
    static final int NO_ERROR = 0;
    static final int INTERNAL_ERROR = 1;
    static final int PROTOCOL_ERROR = 2;
    static final int EXCESSIVE_LOAD = 4;
    static final int UNSPECIFIED_ERROR = 5;

    /** Streams whose query has not come as a whole. Honest clients put a query into one datagram. */
    private static final int MOST_INCOMPLETE = 100;

    /** Octets in these. */
    private static final int MOST_OCTETS = 4 * (PREFIX + MAX_MESSAGE);

    private final Set<DoqStream> open = new HashSet<>();
    private int incomplete;
    private int octets;

    DoqConnection(StreamLoop loop, QuicListener listener, ConnectionLimits limits, ClientIdentity identity) {
        super(loop, listener, limits, identity);
    }

    @Override
    int noError() {
        return NO_ERROR;
    }

    @Override
    int excessiveLoad() {
        return EXCESSIVE_LOAD;
    }

    @Override
    void forsake() {
        List.copyOf(open).forEach(DoqStream::close);
        open.clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof QuicStreamChannel stream) {
            stream.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            DoqStream query = new DoqStream(this);
            open.add(query);
            stream.pipeline().addLast(query);
            incomplete++;
            if (incomplete > MOST_INCOMPLETE) {
                close(EXCESSIVE_LOAD);
            }
        }
        ctx.fireChannelRead(message);
    }

    /** A stream has grown by so many octets that wait for the rest. */
    void waits(int more) {
        octets += more;
        if (octets > MOST_OCTETS) {
            close(EXCESSIVE_LOAD);
        }
    }

    /**
     * A stream has its query, or will have none.
     *
     * @param held octets that waited there
     */
    void decided(int held) {
        incomplete--;
        octets -= held;
    }

    /** A stream is over. */
    void ended(DoqStream stream) {
        open.remove(stream);
    }

    /** The client does not speak DNS over QUIC (RFC 9250 section 4.3.3). */
    void violated() {
        listener.counters().errors.increment();
        listener.frontend().noncompliantQueries().increment(loop.worker().stats());
        close(PROTOCOL_ERROR);
    }

    /** Takes the query home. */
    void giveBack(Query query) {
        loop.giveBack(query);
    }
}
