package dev.weir.net.quic;

import dev.weir.engine.listen.QuicCounters;
import dev.weir.engine.listen.QuicSpec;
import dev.weir.net.tls.QuicTls;
import dev.weir.sys.UdpSocket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QLogConfiguration;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Makes the channel through which a listener's QUIC comes and goes. What one client can make grow is bounded here: streams, octets that wait to
 * be read, ids of connections. Any thread.
 */
public final class QuicPort {
    /** Queries of one connection at a time where the configuration does not say: HTTP/2 servers allow 100, resolvers some hundreds. */
    public static final int STREAMS = 1_000;

    /** What a client may send on one stream before it is read: the longest message and its length. */
    private static final int STREAM_WINDOW = 2 + 0xffff;

    /** The same over all streams of a connection. */
    private static final int WINDOW = 4 * STREAM_WINDOW;

    static final int LONGEST_DATAGRAM = 2_048;
    private static final int PAYLOAD = 1_452; // Ethernet's 1,500 without the headers of IPv6 and UDP

    private QuicPort() {}

    /**
     * What a port serves.
     *
     * @param streams the unidirectional ones that a client may open, none for DNS without HTTP
     * @param mayAsk told of each address that wants to begin
     * @param begun given each connection before its handshake, to put its handlers there
     */
    public record Service(
            QuicSpec spec,
            QuicTls tls,
            QuicCounters counters,
            int streams,
            Predicate<InetSocketAddress> mayAsk,
            Consumer<QuicChannel> begun) {}

    /**
     * A channel for a socket that is bound, and receives packet information if it is bound to any address; the socket belongs to the channel from
     * then on.
     */
    public static Channel channel(UdpSocket socket, boolean anyAddress) throws IOException {
        return anyAddress ? new AnyAddressChannel(socket) : new NioDatagramChannel(socket.toChannel());
    }

    /** Puts the handlers into a channel that is not registered yet. */
    public static void serve(Channel channel, Service service) {
        channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LONGEST_DATAGRAM));
        channel.pipeline().addLast(new DatagramGate(service.counters, service.mayAsk));
        channel.pipeline().addLast(codec(service));
    }

    private static ChannelHandler codec(Service service) {
        QuicSpec spec = service.spec;
        QuicServerCodecBuilder builder = new QuicServerCodecBuilder()
                .sslEngineProvider(connection -> service.tls.newEngine(connection.alloc()))
                .tokenHandler(new RetryTokens(service.counters))
                .maxIdleTimeout(spec.idleSeconds(), TimeUnit.SECONDS)
                .congestionControlAlgorithm(
                        switch (spec.congestionControl()) {
                            case RENO -> QuicCongestionControlAlgorithm.RENO;
                            case CUBIC -> QuicCongestionControlAlgorithm.CUBIC;
                            case BBR -> QuicCongestionControlAlgorithm.BBR;
                        })
                .maxRecvUdpPayloadSize(PAYLOAD)
                .maxSendUdpPayloadSize(DatagramGate.LEAST)
                .initialMaxData(WINDOW)
                .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
                .initialMaxStreamsBidirectional(streams(spec))
                .initialMaxStreamsUnidirectional(service.streams)
                .initialMaxStreamDataUnidirectional(service.streams == 0 ? 0 : STREAM_WINDOW)
                .activeConnectionIdLimit(2)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    protected void initChannel(QuicChannel connection) {
                        service.begun.accept(connection);
                    }
                });
        if (!spec.logDirectory().isEmpty()) {
            builder.option(QuicChannelOption.QLOG, new QLogConfiguration(spec.logDirectory(), "weir", "DNS"));
        }
        return builder.build();
    }

    /** How many queries of one connection are worked on at a time. */
    public static int streams(QuicSpec spec) {
        return spec.maxInFlight() > 0 ? spec.maxInFlight() : STREAMS;
    }
}
