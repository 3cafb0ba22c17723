package dev.weir.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * A console's connection from within the test: what {@code -e} does, without a process for each line. Knows nothing of how Weir does it.
 *
 * <p>Each side sends 24 octets of nonce; then come messages of a length in four octets and a NaCl secretbox, whose nonce is made of halves of both,
 * begins with a counter, and differs by direction. One thread.
 */
public final class ConsoleConnection implements AutoCloseable {
    private static final int NONCE = 24;
    private static final int TAG = 16;
    private static final int MAC_KEY = 32;
    private static final Pattern LUA_SOCKET = Pattern.compile("controlSocket\\(['\"]127\\.0\\.0\\.1:(\\d+)['\"]\\)");
    private static final Pattern YAML_SOCKET =
            Pattern.compile("(?m)^console:\n +listen_address: \"?127\\.0\\.0\\.1:(\\d+)\"?$");

    private final Socket socket;
    private final DataInputStream in;
    private final byte[] key;
    private final byte[] reading = new byte[NONCE];
    private final byte[] writing = new byte[NONCE];

    private ConsoleConnection(InetSocketAddress server, String base64Key) throws IOException {
        key = Base64.getDecoder().decode(base64Key);
        socket = new Socket();
        try {
            socket.connect(server, Math.toIntExact(Await.PATIENCE.toMillis()));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(Await.PATIENCE.toMillis()));
            in = new DataInputStream(socket.getInputStream());
            byte[] own = new byte[NONCE];
            new SecureRandom().nextBytes(own);
            socket.getOutputStream().write(own);
            byte[] peer = new byte[NONCE];
            in.readFully(peer);
            mix(own, peer, reading);
            mix(peer, own, writing);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void mix(byte[] first, byte[] second, byte[] nonce) {
        System.arraycopy(first, 0, nonce, 0, NONCE / 2);
        System.arraycopy(second, NONCE / 2, nonce, NONCE / 2, NONCE / 2);
    }

    /** Where a configuration has its console; empty unless it says so once, on 127.0.0.1. */
    public static Optional<InetSocketAddress> address(Path config) {
        try {
            String text = Files.readString(config);
            List<String> ports = Stream.of(LUA_SOCKET, YAML_SOCKET)
                    .flatMap(socket -> socket.matcher(text).results())
                    .map(found -> found.group(1))
                    .toList();
            return ports.size() == 1
                    ? Optional.of(LoopbackPorts.address(Integer.parseInt(ports.getFirst())))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What one line prints on a console; nothing if the server ends instead of answering.
     *
     * @throws AssertionError if there is no console, or its key is another
     */
    public static String ask(InetSocketAddress server, String base64Key, String line) {
        try (ConsoleConnection connection = new ConsoleConnection(server, base64Key)) {
            connection.send("");
            connection.receive();
            connection.send(line);
            try {
                return connection.receive();
            } catch (IOException ended) {
                return "";
            }
        } catch (IOException e) {
            throw new AssertionError("console " + server + ": " + line + ": " + e, e);
        }
    }

    private void send(String text) throws IOException {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        byte[] stream = stream(writing, message.length);
        byte[] sealed = new byte[message.length];
        for (int i = 0; i < message.length; i++) {
            sealed[i] = (byte) (message[i] ^ stream[MAC_KEY + i]);
        }
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(ByteBuffer.allocate(4).putInt(TAG + sealed.length).array());
        frame.writeBytes(tag(stream, sealed));
        frame.writeBytes(sealed);
        socket.getOutputStream().write(frame.toByteArray());
        next(writing);
    }

    private String receive() throws IOException {
        int length = in.readInt();
        if (length < TAG) {
            throw new EOFException("a message of " + length + " octets");
        }
        byte[] tag = in.readNBytes(TAG);
        byte[] sealed = in.readNBytes(length - TAG);
        byte[] stream = stream(reading, sealed.length);
        if (!Arrays.equals(tag, tag(stream, sealed))) {
            throw new AssertionError("the server's message is not sealed with this key and nonce");
        }
        for (int i = 0; i < sealed.length; i++) {
            sealed[i] ^= stream[MAC_KEY + i];
        }
        next(reading);
        return new String(sealed, StandardCharsets.UTF_8);
    }

    private byte[] stream(byte[] nonce, int length) {
        XSalsa20Engine engine = new XSalsa20Engine();
        engine.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        byte[] stream = new byte[MAC_KEY + length];
        engine.processBytes(stream, 0, stream.length, stream, 0);
        return stream;
    }

    private static byte[] tag(byte[] stream, byte[] sealed) {
        Poly1305 mac = new Poly1305();
        mac.init(new KeyParameter(stream, 0, MAC_KEY));
        mac.update(sealed, 0, sealed.length);
        byte[] tag = new byte[TAG];
        mac.doFinal(tag, 0);
        return tag;
    }

    /** Counts in the first four octets. */
    private static void next(byte[] nonce) {
        ByteBuffer counter = ByteBuffer.wrap(nonce);
        counter.putInt(0, counter.getInt(0) + 1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
