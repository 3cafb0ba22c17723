package dev.weir.net.quic;

import dev.weir.engine.listen.QuicCounters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.Quic;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.function.Predicate;

/**
 * Lets datagrams through that may be answered. Those that begin a connection come from whoever may ask, and have {@link #LEAST} octets: shorter
 * ones would be answered with more than they brought (RFC 9000 sections 6.1 and 14.1). Belongs to its loop's thread.
 *
 * <pre>
 *   octet  0       1 at the front: the long form; bits 2 and 3: 0 begins a connection
 *   octets 1 – 4   version
 * </pre>
 */
final class DatagramGate extends ChannelInboundHandlerAdapter {
    static final int LEAST = 1_200;

    private static final int LONG_FORM = 0x80;
    private static final int KIND = 0x30;
    private static final int VERSION = 1;
    private static final int VERSION_END = 5;

    private final QuicCounters counters;
    private final Predicate<InetSocketAddress> mayAsk;

    /** @param mayAsk told of each address that wants to begin */
    DatagramGate(QuicCounters counters, Predicate<InetSocketAddress> mayAsk) {
        this.counters = counters;
        this.mayAsk = mayAsk;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof DatagramPacket packet && !passes(packet)) {
            ReferenceCountUtil.release(message);
            return;
        }
        ctx.fireChannelRead(message);
    }

    private boolean passes(DatagramPacket packet) {
        ByteBuf octets = packet.content();
        int at = octets.readerIndex();
        int length = octets.readableBytes();
        if (length == 0 || (octets.getByte(at) & LONG_FORM) == 0) {
            return length > 0;
        }
        if (length < VERSION_END) {
            return false;
        }
        boolean known = Quic.isVersionSupported(octets.getInt(at + VERSION));
        boolean begins = !known || (octets.getByte(at) & KIND) == 0;
        if (begins && !mayAsk.test(packet.sender())) {
            return false;
        }
        if (begins && length < LEAST) {
            counters.shortInitials.increment();
            return false;
        }
        if (!known) {
            counters.unsupportedVersions.increment();
        }
        return true;
    }
}
