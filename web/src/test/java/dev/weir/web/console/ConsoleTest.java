package dev.weir.web.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSink;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Server and client over loopback. The evaluator answers with what it was asked, so that both directions show. */
@Timeout(300)
class ConsoleTest {
    private static final int MAX_BYTES = 1_000;
    private static final ConsoleKey KEY = ConsoleKey.random();

    private final AtomicReference<ConsoleSettings> settings =
            new AtomicReference<>(ConsoleSettings.DEFAULT.withKey(KEY).withMaxMessageBytes(MAX_BYTES));
    private ConsoleServer server;
    private LogSink logBefore;

    @BeforeEach
    void start() throws IOException {
        logBefore = Log.sink((level, line) -> {});
        server = ConsoleServer.open(loopback(0), settings::get, line -> switch (line) {
            case "throw" -> throw new IllegalStateException("thrown");
            case "long" -> "x".repeat(MAX_BYTES);
            default -> "<" + line + ">\n";
        });
    }

    @AfterEach
    void stop() {
        server.close();
        Log.sink(logBefore);
    }

    @Test
    void answersLineAfterLine() throws IOException {
        try (ConsoleClient client = connect()) {
            for (int i = 0; i < 300; i++) { // the counter in the nonce passes its first byte
                assertThat(client.execute("line ü " + i)).isEqualTo("<line ü " + i + ">\n");
            }
        }
    }

    @Test
    void severalConnectionsDoNotMix() throws IOException {
        try (ConsoleClient first = connect();
                ConsoleClient second = connect()) {
            assertThat(first.execute("a")).isEqualTo("<a>\n");
            assertThat(second.execute("b")).isEqualTo("<b>\n");
            assertThat(first.execute("c")).isEqualTo("<c>\n");
        }
    }

    @Test
    void wrongKeyIsRefused() throws IOException {
        assertThatThrownBy(() -> ConsoleClient.connect(server.address(), ConsoleKey.random(), MAX_BYTES))
                .isInstanceOf(ConsoleException.class)
                .hasMessageContaining("setKey");
        try (ConsoleClient client = connect()) {
            assertThat(client.execute("still there")).isEqualTo("<still there>\n");
        }
    }

    @Test
    void withoutKeyNobodyGetsIn() {
        settings.set(ConsoleSettings.DEFAULT);
        assertThatThrownBy(this::connect).isInstanceOf(ConsoleException.class);
    }

    @Test
    void addressOutsideTheAclIsClosedWithoutAWord() throws IOException {
        settings.set(settings.get().withAcl(address -> false));
        try (Socket socket = new Socket()) {
            socket.connect(server.address());
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void connectionAboveTheLimitIsClosed() throws IOException {
        settings.set(settings.get().withMaxConnections(1));
        try (ConsoleClient first = connect()) {
            assertThatThrownBy(this::connect).isInstanceOf(ConsoleException.class);
            assertThat(first.execute("mine")).isEqualTo("<mine>\n");
        }
    }

    @Test
    void tooBigAQuestionEndsTheConnection() throws IOException {
        try (ConsoleClient client = connect()) {
            String fits = "x".repeat(MAX_BYTES - SecretBox.TAG_BYTES);
            assertThat(client.execute(fits)).startsWith("Error: the answer has ");
            assertThatThrownBy(() -> client.execute(fits + "x")).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void lengthWithTheHighBitSetEndsTheConnection() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server.address());
            SecureChannel.open(socket, KEY, MAX_BYTES);
            socket.getOutputStream().write(new byte[] {-1, -1, -1, -1});
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void tooBigAnAnswerIsReplacedByAnError() throws IOException {
        try (ConsoleClient client = connect()) {
            assertThat(client.execute("long")).startsWith("Error: ").contains("setConsoleOutputMaxMsgSize");
            assertThat(client.execute("on")).isEqualTo("<on>\n");
        }
    }

    @Test
    void throwingEvaluatorIsAnError() throws IOException {
        try (ConsoleClient client = connect()) {
            assertThat(client.execute("throw")).startsWith("Error: ").contains("thrown");
            assertThat(client.execute("on")).isEqualTo("<on>\n");
        }
    }

    /** Debian's dnsdist 1.7.3 answers a frame of length 0 with another and leaves the nonces as they are. */
    @Test
    void emptyFrameIsAnsweredInKind() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server.address());
            SecureChannel channel = SecureChannel.open(socket, KEY, MAX_BYTES);
            socket.getOutputStream().write(new byte[4]);
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(new byte[4]);
            channel.send("a".getBytes(UTF_8));
            assertThat(channel.receive()).isEqualTo("<a>\n".getBytes(UTF_8));
        }
    }

    @Test
    void replayedMessageEndsTheConnection() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server.address());
            byte[] own = new byte[24];
            socket.getOutputStream().write(own);
            byte[] nonce = socket.getInputStream().readNBytes(24);
            System.arraycopy(own, 12, nonce, 12, 12);
            byte[] sealed = new SecretBox(KEY.bytes()).seal(new byte[] {'a'}, nonce);
            byte[] frame = new byte[4 + sealed.length];
            frame[3] = (byte) sealed.length;
            System.arraycopy(sealed, 0, frame, 4, sealed.length);
            socket.getOutputStream().write(frame);
            assertThat(socket.getInputStream().readNBytes(4 + 16 + 4)).hasSize(24);
            socket.getOutputStream().write(frame);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void closeCutsConnectionsAndFreesThePort() throws IOException {
        InetSocketAddress address = server.address();
        try (ConsoleClient client = connect()) {
            server.close();
            assertThatThrownBy(() -> client.execute("a")).isInstanceOf(EOFException.class);
        }
        assertThatThrownBy(() -> ConsoleClient.connect(address, KEY, MAX_BYTES)).isInstanceOf(ConnectException.class);
    }

    @Test
    void connectionsAreLoggedUnlessSwitchedOff() throws Exception {
        List<String> lines = new ArrayList<>();
        CountDownLatch closed = new CountDownLatch(1);
        Log.sink((level, line) -> {
            lines.add(new String(line, UTF_8));
            if (lines.getLast().contains("Closed control connection")) {
                closed.countDown();
            }
        });
        settings.set(settings.get().withLogConnections(false));
        connect().close();
        settings.set(settings.get().withLogConnections(true));
        connect().close();
        closed.await();
        assertThat(lines)
                .filteredOn(line -> line.contains("Got control connection"))
                .hasSize(1);
        assertThat(lines.getLast()).contains("client.address=\"127.0.0.1:");
    }

    @Test
    void sessionFromAPipeRunsEachLineUntilQuit() throws IOException {
        assertThat(session("1+1\n\n  \n?\nhelp\nnoNewline\nquit\nnever\n"))
                .isEqualTo("<1+1>\n<help()>\n<help()>\nnone\n");
    }

    @Test
    void sessionFromAPipeEndsAtEndOfInput() throws IOException {
        assertThat(session("a\nb")).isEqualTo("<a>\n<b>\n");
    }

    private static String session(String input) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ConsoleSession session = new ConsoleSession(
                line -> line.equals("noNewline") ? "none" : "<" + line + ">\n", new PrintStream(printed, false, UTF_8));
        session.readFrom(new ByteArrayInputStream(input.getBytes(UTF_8)));
        return printed.toString(UTF_8);
    }

    private ConsoleClient connect() throws IOException {
        return ConsoleClient.connect(server.address(), KEY, MAX_BYTES * 2);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }
}
