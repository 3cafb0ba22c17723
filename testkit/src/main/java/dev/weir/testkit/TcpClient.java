package dev.weir.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** A TCP connection that speaks DNS (RFC 7766), or breaks it as told. One thread. */
public final class TcpClient implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private TcpClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** A connection to {@code server} from 127.0.0.1. */
    public static TcpClient to(InetSocketAddress server) {
        return between(LoopbackPorts.loopback(), server);
    }

    /** A connection from a certain local address. */
    public static TcpClient between(InetAddress local, InetSocketAddress server) {
        try {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(local, 0));
            socket.connect(server, Math.toIntExact(UdpClient.PATIENCE.toMillis()));
            socket.setTcpNoDelay(true);
            return new TcpClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Speaks DNS on a connection that is there. */
    public static TcpClient over(Socket socket) {
        try {
            return new TcpClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address queries come from. */
    public InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** {@code packet} after its length in two bytes. */
    public static byte[] framed(byte[] packet) {
        byte[] framed = new byte[packet.length + 2];
        framed[0] = (byte) (packet.length >> 8);
        framed[1] = (byte) packet.length;
        System.arraycopy(packet, 0, framed, 2, packet.length);
        return framed;
    }

    /** Sends {@code packet} with its length. */
    public void send(byte[] packet) {
        sendRaw(framed(packet));
    }

    /** Sends bytes as they are. */
    public void sendRaw(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends {@code packet} with its length, every byte in a segment of its own. */
    public void sendByteByByte(byte[] packet) {
        for (byte b : framed(packet)) {
            sendRaw(new byte[] {b});
        }
    }

    /** Waits until the server has read all that was sent, so that what is sent next is another read of its own; or has closed. */
    public void awaitRead() {
        Await.until(
                "the server has read",
                Await.PATIENCE,
                () -> !LoopbackPorts.tcpUnread(socket.getPort(), socket.getLocalPort()));
    }

    /** Closes the sending direction only. */
    public void halfClose() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The next message.
     *
     * @throws AssertionError when the connection ends or nothing comes within {@link UdpClient#PATIENCE}
     */
    public byte[] receive() {
        return tryReceive(UdpClient.PATIENCE).orElseThrow(() -> new AssertionError("connection closed by the server"));
    }

    /**
     * The next message, or nothing when the peer has closed the connection.
     *
     * @throws AssertionError when neither happens within {@code limit}
     */
    public Optional<byte[]> tryReceive(Duration limit) {
        try {
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
            byte[] packet = new byte[in.readUnsignedShort()];
            in.readFully(packet);
            return Optional.of(packet);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("neither answer nor end of the connection in " + limit.toMillis() + " ms", e);
        } catch (EOFException | SocketException closed) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the peer closes the connection within {@code limit}, without another message before. */
    public boolean closedWithin(Duration limit) {
        try {
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
            return in.read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the peer closes the connection within {@code limit}, whatever it says before. */
    public boolean closedAfterAll(Duration limit) {
        try {
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
            in.skipNBytes(Long.MAX_VALUE);
            return false;
        } catch (EOFException | SocketException closed) {
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next message after sending {@code query}. */
    public DnsMessage ask(DnsQuery query) {
        return DnsMessage.parse(exchange(query.packet()));
    }

    /** The same with packets. */
    public byte[] exchange(byte[] packet) {
        send(packet);
        return receive();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
