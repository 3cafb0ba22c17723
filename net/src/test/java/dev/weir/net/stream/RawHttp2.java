package dev.weir.net.stream;

import dev.weir.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of HTTP/2 that sends whatever it is told, frame by frame, and shows what comes back. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int WITH_PRIORITY = 32;
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final DataInputStream in;

    /** One frame of the server's. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        int number() {
            int value = 0;
            for (int i = payload.length - 4; i < payload.length; i++) {
                value = value << 8 | payload[i] & 0xff;
            }
            return value;
        }
    }

    private RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** One that has said nothing. */
    static RawHttp2 silent(InetSocketAddress server) throws IOException {
        Socket socket = new Socket(server.getAddress(), server.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Await.PATIENCE.toMillis());
        return new RawHttp2(socket);
    }

    /** One that has said hello, with settings: identifier, value, … */
    static RawHttp2 to(InetSocketAddress server, int... settings) throws IOException {
        RawHttp2 client = silent(server);
        client.send(PREFACE);
        client.frame(SETTINGS, 0, 0, settings(settings));
        return client;
    }

    static byte[] settings(int... pairs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < pairs.length; i += 2) {
            out.write(pairs[i] >> 8);
            out.write(pairs[i]);
            out.writeBytes(number(pairs[i + 1]));
        }
        return out.toByteArray();
    }

    static byte[] number(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    static byte[] encode(int type, int flags, int stream, byte... payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.writeBytes(number(stream));
        out.writeBytes(payload);
        return out.toByteArray();
    }

    void frame(int type, int flags, int stream, byte... payload) throws IOException {
        send(encode(type, flags, stream, payload));
    }

    void send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
    }

    /** The server's next frame of this type; others are passed over. */
    Frame await(int type) throws IOException {
        while (true) {
            Frame frame = next();
            if (frame.type == type) {
                return frame;
            }
        }
    }

    private Frame next() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Frame(type, flags, stream, payload);
    }

    /** Reads until the server closes. */
    void awaitEnd() throws IOException {
        try {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (java.net.SocketException e) {
            // reset: that is an end, too
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
