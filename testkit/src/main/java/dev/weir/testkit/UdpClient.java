package dev.weir.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A connected UDP socket that asks one thing at a time. One thread. */
public final class UdpClient implements AutoCloseable {
    /** How long {@link #ask} and {@link #exchange} wait. */
    public static final Duration PATIENCE = Await.PATIENCE;

    private static final int MAX_DATAGRAM = 65_535;

    private final DatagramSocket socket;
    private final byte[] buffer = new byte[MAX_DATAGRAM];

    private UdpClient(DatagramSocket socket) {
        this.socket = socket;
    }

    /** A client of {@code server} from any free port of 127.0.0.1. */
    public static UdpClient to(InetSocketAddress server) {
        return between(LoopbackPorts.loopback(), server);
    }

    /** A client from a certain local address, for example 127.0.0.2. */
    public static UdpClient between(InetAddress local, InetSocketAddress server) {
        try {
            DatagramSocket socket = new DatagramSocket(0, local);
            socket.connect(server);
            return new UdpClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address queries come from. */
    public InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Sends {@code packet} as one datagram. */
    public void send(byte[] packet) {
        try {
            socket.send(new DatagramPacket(packet, packet.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next datagram, or nothing within {@code limit}. */
    public Optional<byte[]> receive(Duration limit) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        try {
            socket.setSoTimeout(Math.toIntExact(Math.max(1, limit.toMillis())));
            socket.receive(packet);
        } catch (SocketTimeoutException nothing) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    /**
     * The response with the query's id.
     *
     * @throws AssertionError when none comes within {@link #PATIENCE}
     */
    public DnsMessage ask(DnsQuery query) {
        return DnsMessage.parse(exchange(query.packet()));
    }

    /** The same with packets. */
    public byte[] exchange(byte[] packet) {
        return tryExchange(packet, PATIENCE)
                .orElseThrow(() -> new AssertionError("no answer within " + PATIENCE.toMillis() + " ms"));
    }

    /** The same, or nothing within {@code limit}. */
    public Optional<byte[]> tryExchange(byte[] packet, Duration limit) {
        send(packet);
        long endNs = System.nanoTime() + limit.toNanos();
        for (long leftNs = limit.toNanos(); leftNs > 0; leftNs = endNs - System.nanoTime()) {
            Optional<byte[]> answer = receive(Duration.ofNanos(leftNs));
            if (answer.isEmpty() || DnsMessage.idOf(answer.get()) == DnsMessage.idOf(packet)) {
                return answer;
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        socket.close();
    }
}
