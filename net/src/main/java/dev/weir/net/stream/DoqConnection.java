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

    private final Set<DoqStream> open = new HashSet<>();
    private int working;

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
    boolean isWorking() {
        return working > 0;
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
            began();
        }
        ctx.fireChannelRead(message);
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

    @Override
    Query begin(byte[] message, int length) {
        working++;
        return super.begin(message, length);
    }

    @Override
    void done() {
        working--;
        super.done();
    }
}
