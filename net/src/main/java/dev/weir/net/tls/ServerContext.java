package dev.weir.net.tls;

import dev.weir.engine.listen.TlsControl.TicketFigures;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;

/** What a listener's handshakes need: certificates for the same names, suites, keys of tickets. Any thread. */
sealed interface ServerContext permits BoringContext, JdkContext {
    /** Takes part in it until {@link #release}; false if nobody begins with it any more. */
    boolean retain();

    /** What speaks TLS on one connection, whose part in the context it gives back in the end. */
    ChannelHandler newHandler(ByteBufAllocator allocator);

    /** Has tickets made and taken with these keys. */
    void use(TicketKeys keys);

    /** What became of tickets so far. */
    TicketFigures figures();

    /** Gives a part in it back: a connection's, or that of the listener, with which no connection begins any more. */
    void release();
}
