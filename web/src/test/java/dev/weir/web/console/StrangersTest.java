package dev.weir.web.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSink;
import dev.weir.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What peers can do that do not know the key. */
@Timeout(60)
class StrangersTest {
    private static final ConsoleKey KEY = ConsoleKey.random();
    private static final Duration SECONDS = Duration.ofSeconds(20);

    private final AtomicReference<ConsoleSettings> settings =
            new AtomicReference<>(ConsoleSettings.DEFAULT.withKey(KEY));
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final List<Socket> strangers = new ArrayList<>();
    private ConsoleServer server;
    private LogSink before;

    @BeforeEach
    void start() throws IOException {
        before = Log.sink((level, line) -> lines.add(new String(line, UTF_8)));
        server = open("127.0.0.1", "throw");
    }

    private ConsoleServer open(String address, String failing) throws IOException {
        return ConsoleServer.open(new InetSocketAddress(InetAddress.ofLiteral(address), 0), settings::get, line -> {
            if (line.equals(failing)) {
                throw new StackOverflowError("planted");
            }
            return line;
        });
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket each : strangers) {
            each.close();
        }
        server.close();
        Log.sink(before);
    }

    private Socket stranger() throws IOException {
        Socket socket = new Socket();
        socket.connect(server.address());
        strangers.add(socket);
        return socket;
    }

    private void operatorGetsIn() throws IOException {
        try (ConsoleClient client = ConsoleClient.connect(server.address(), KEY, 10_000)) {
            assertThat(client.execute("x")).isEqualTo("x");
        }
    }

    private static boolean isClosed(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        try {
            while (socket.getInputStream().read() >= 0) {
                // The nonce, and empty frames.
            }
            return true;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Ten million octets were announced and read, times 18: the end of a heap of 256 MB. */
    @Test
    void aLongFirstFrameIsNotRead() throws IOException {
        Socket socket = stranger();
        byte[] start = new byte[24 + 4];
        start[24 + 2] = 2; // 512 octets
        socket.getOutputStream().write(start);
        assertThat(isClosed(socket)).isTrue();
        operatorGetsIn();
    }

    @Test
    void emptyFramesComeToAnEnd() throws IOException {
        Socket socket = stranger();
        byte[] frames = new byte[24 + 4 * 200];
        try {
            socket.getOutputStream().write(frames);
        } catch (SocketException e) {
            // It was closed while we wrote.
        }
        assertThat(isClosed(socket)).isTrue();
    }

    /** One octet a time, each long before any time-out of a single read. */
    @Test
    void dribblingGainsNoTime() throws Exception {
        int proofMillis = 1_000;
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (ConsoleServer impatient = ConsoleServer.open(anywhere, settings::get, line -> line, proofMillis);
                Socket socket = new Socket()) {
            socket.connect(impatient.address());
            long start = System.nanoTime();
            Thread dribble = Thread.ofVirtual().start(() -> {
                try {
                    // Far fewer octets than are read of a stranger, for far longer than he is waited for.
                    for (int i = 0; i < 400; i++) {
                        socket.getOutputStream().write(0);
                        Thread.sleep(50);
                    }
                } catch (IOException | InterruptedException e) {
                    // Closed, as it should be.
                }
            });
            assertThat(isClosed(socket)).isTrue();
            assertThat(System.nanoTime() - start)
                    .isBetween(
                            TimeUnit.MILLISECONDS.toNanos(proofMillis - 100),
                            TimeUnit.MILLISECONDS.toNanos(proofMillis + 10_000));
            dribble.interrupt();
        }
    }

    @Test
    void manyStrangersKeepNobodyOut() throws IOException {
        for (int i = 0; i < 200; i++) {
            stranger();
        }
        operatorGetsIn();
        assertThat(server.connections()).isLessThan(20);
    }

    /** The limit on all connections is full of strangers: they make room. */
    @Test
    void strangersGiveWayWhereTheLimitIsReached() throws IOException {
        settings.set(settings.get().withMaxConnections(2));
        stranger();
        stranger();
        try (ConsoleClient first = ConsoleClient.connect(server.address(), KEY, 10_000);
                ConsoleClient second = ConsoleClient.connect(server.address(), KEY, 10_000)) {
            assertThatThrownBy(() -> ConsoleClient.connect(server.address(), KEY, 10_000))
                    .isInstanceOf(ConsoleException.class);
            assertThat(first.execute("x")).isEqualTo("x");
            assertThat(second.execute("x")).isEqualTo("x");
        }
    }

    @Test
    void strangersFillNoLog() throws IOException {
        lines.clear();
        for (int i = 0; i < 50; i++) {
            Socket socket = stranger();
            socket.getOutputStream().write(new byte[24 + 4 * 200]);
            assertThat(isClosed(socket)).isTrue();
        }
        assertThat(lines.size()).isLessThan(10);
    }

    @Test
    void anErrorInACommandEndsNothing() throws IOException {
        try (ConsoleClient client = ConsoleClient.connect(server.address(), KEY, 10_000)) {
            assertThat(client.execute("throw")).startsWith("Error: ").contains("StackOverflowError");
            assertThat(client.execute("x")).isEqualTo("x");
        }
    }

    /** Settings that can't be read end one connection; the thread that accepts goes on. */
    @Test
    void anErrorWhileAcceptingEndsOneConnection() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        try (ConsoleServer failing = ConsoleServer.open(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                () -> {
                    switch (calls.incrementAndGet()) {
                        case 1 -> throw new OutOfMemoryError("unable to create native thread");
                        case 2 -> throw new StackOverflowError("planted");
                        default -> {
                            return settings.get();
                        }
                    }
                },
                line -> line)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> ConsoleClient.connect(failing.address(), KEY, 10_000))
                        .isInstanceOf(ConsoleException.class);
            }
            try (ConsoleClient client = ConsoleClient.connect(failing.address(), KEY, 10_000)) {
                assertThat(client.execute("x")).isEqualTo("x");
            }
            assertThat(failing.connections()).isLessThanOrEqualTo(1);
        }
    }

    /** Whoever knows the key may send long commands, up to what a command can be. */
    @Test
    void afterTheProofCommandsMayBeLong() throws IOException {
        try (ConsoleClient client = ConsoleClient.connect(server.address(), KEY, 10_000_000)) {
            assertThat(client.execute("y".repeat(500_000))).hasSize(500_000);
            char[] tooLong = new char[ProofInput.COMMAND_BYTES + 1];
            Arrays.fill(tooLong, 'z');
            assertThatThrownBy(() -> client.execute(new String(tooLong))).isInstanceOf(IOException.class);
        }
        Await.until("given back", SECONDS, () -> server.connections() == 0);
    }

    /** The IPv4 wildcard took connections over IPv6 as well. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1"})
    void anIpv4AddressTakesNothingOverIpv6(String address) throws IOException {
        try (ConsoleServer narrow = open(address, "");
                Socket socket = new Socket()) {
            int port = narrow.address().getPort();
            assertThatThrownBy(() -> socket.connect(new InetSocketAddress(InetAddress.ofLiteral("::1"), port), 2_000))
                    .isInstanceOf(IOException.class);
            InetSocketAddress own = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
            try (ConsoleClient client = ConsoleClient.connect(own, KEY, 10_000)) {
                assertThat(client.execute("x")).isEqualTo("x");
            }
        }
    }
}
