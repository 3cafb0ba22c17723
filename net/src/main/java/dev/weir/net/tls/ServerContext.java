package dev.weir.net.tls;

import dev.weir.engine.listen.TlsControl.TicketFigures;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;

/** What a listener's handshakes need: certificates for the same names, suites, keys of tickets. Any thread. */
sealed interface ServerContext permits BoringContext, JdkContext {
    /** What speaks TLS on one connection. */
    ChannelHandler newHandler(ByteBufAllocator allocator);

    /** Has tickets made and taken with these keys. */
    void use(TicketKeys keys);

    /** What became of tickets so far. */
    TicketFigures figures();

    /** No connection begins with it any more. */
    void release();
}
