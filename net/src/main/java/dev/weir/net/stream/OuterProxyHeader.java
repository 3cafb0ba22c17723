package dev.weir.net.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Takes the PROXY header in front of a handshake, then leaves the connection's handlers. */
final class OuterProxyHeader extends ByteToMessageDecoder {
    private final HeaderReader reader;

    OuterProxyHeader(HeaderReader reader) {
        this.reader = reader;
    }

    /** Whoever knows what a header may be. */
    interface HeaderReader {
        /** Takes the header off the front of what has come; true once it has it. Closes the connection if it is none. */
        boolean takeHeader(ByteBuf input);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (ctx.channel().isActive() && reader.takeHeader(in)) {
            ctx.pipeline().remove(this);
        }
    }
}
