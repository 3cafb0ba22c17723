package dev.weir.net.quic;

import dev.weir.engine.acl.IpAddress;
import dev.weir.sys.DatagramPath;
import dev.weir.sys.Errno;
import dev.weir.sys.ReceiveBatch;
import dev.weir.sys.UdpSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.nio.AbstractNioMessageChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A datagram channel whose socket is bound to any address, and answers each client from the address that this one asked (ip(7), IP_PKTINFO; ipv6(7),
 * IPV6_RECVPKTINFO). The kernel alone would take the address of the way back, and a client of QUIC does not know a server that answers from
 * elsewhere (RFC 9000 section 9). Belongs to its loop's thread once it is registered.
 */
final class AnyAddressChannel extends AbstractNioMessageChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(true, 16);
    private static final int BATCH = 16;

    /** Clients whose address of ours is remembered, those heard of last. Whoever is forgotten is answered as the kernel thinks. */
    private static final int MOST_CLIENTS = 16_384;

    private static final float LOAD = 0.75f;

    private final UdpSocket socket;
    private final InetSocketAddress bound;
    private final ReceiveBatch batch = new ReceiveBatch(BATCH, QuicPort.LONGEST_DATAGRAM);
    private final byte[] octets = new byte[QuicPort.LONGEST_DATAGRAM];
    private final DatagramPath path = new DatagramPath();
    private final ChannelConfig config = new DefaultChannelConfig(this);

    private final Map<InetSocketAddress, InetAddress> asked = new LinkedHashMap<>(16, LOAD, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, InetAddress> eldest) {
            return size() > MOST_CLIENTS;
        }
    };

    /**
     * Takes a socket over that is bound and receives packet information.
     *
     * @throws IOException if the JDK has no channel to wait with; the socket is then still the caller's
     */
    AnyAddressChannel(UdpSocket socket) throws IOException {
        super(null, socket.selectable(), SelectionKey.OP_READ);
        this.socket = socket;
        this.bound = new InetSocketAddress(
                address(socket.family(), 0, 0, 0), socket.localEndpoint().port());
    }

    // ---- in

    /** Takes what one call brings; of what is left the selector tells again. */
    @Override
    protected int doReadMessages(List<Object> packets) throws IOException {
        int count = batch.receive(socket);
        for (int i = 0; i < count; i++) {
            int family = batch.sourceFamily(i);
            InetSocketAddress client = new InetSocketAddress(
                    address(family, batch.sourceHi(i), batch.sourceLo(i), batch.sourceScopeId(i)), batch.sourcePort(i));
            InetSocketAddress local = bound;
            if (batch.hasLocal(i)) {
                InetAddress here = address(family, batch.localHi(i), batch.localLo(i), 0);
                local = new InetSocketAddress(here, bound.getPort());
                asked.put(client, here);
            }
            int length = batch.copyPayload(i, octets, 0);
            ByteBuf packet = config.getAllocator().directBuffer(length).writeBytes(octets, 0, length);
            packets.add(new DatagramPacket(packet, local, client));
        }
        // What is wrong with one datagram, such as an ICMP message to an earlier one, is not with the next.
        return Math.max(0, count);
    }

    private static InetAddress address(int family, long hi, long lo, int scope) throws UnknownHostException {
        if (family == 4) {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(Integer.BYTES).putInt((int) lo).array());
        }
        byte[] octets =
                ByteBuffer.allocate(2 * Long.BYTES).putLong(hi).putLong(lo).array();
        return Inet6Address.getByAddress(null, octets, scope);
    }

    // ---- out

    @Override
    protected boolean doWriteMessage(Object message, ChannelOutboundBuffer all) throws IOException {
        DatagramPacket packet = (DatagramPacket) message;
        int length = packet.content().readableBytes();
        if (length == 0) {
            return true;
        }
        packet.content().getBytes(packet.content().readerIndex(), octets, 0, length);
        int result = socket.send(octets, 0, length, pathTo(packet.recipient()));
        if (result == -Errno.EAGAIN) {
            return false;
        }
        if (result < 0) {
            throw new IOException(Errno.describe(-result));
        }
        return true;
    }

    private DatagramPath pathTo(InetSocketAddress client) {
        IpAddress to = IpAddress.of(client.getAddress().getAddress());
        int scope = client.getAddress() instanceof Inet6Address six ? six.getScopeId() : 0;
        path.to(to.family(), to.hi(), to.lo(), client.getPort(), scope);
        InetAddress here = asked.get(client);
        if (here != null) {
            IpAddress from = IpAddress.of(here.getAddress());
            path.from(from.hi(), from.lo(), 0);
        }
        return path;
    }

    @Override
    protected boolean continueOnWriteError() {
        return true;
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof DatagramPacket packet && packet.content().readableBytes() <= octets.length) {
            return packet;
        }
        throw new UnsupportedOperationException(String.valueOf(message));
    }

    // ---- what it is

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isActive() {
        return isOpen();
    }

    @Override
    protected SocketAddress localAddress0() {
        return bound;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("it is bound");
    }

    @Override
    protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local) {
        throw new UnsupportedOperationException("it serves many");
    }

    @Override
    protected void doFinishConnect() {
        throw new UnsupportedOperationException("it serves many");
    }

    @Override
    protected void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    protected void doClose() throws Exception {
        try {
            super.doClose();
            javaChannel().close();
        } finally {
            socket.close();
            batch.close();
        }
    }
}
