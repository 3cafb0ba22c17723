package dev.weir.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.web.WebHandler;
import dev.weir.config.web.WebResponse;
import dev.weir.config.web.WebSpec;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSink;
import dev.weir.engine.task.FaultGuard;
import dev.weir.testkit.Await;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The web server over the wire, and what strangers can do to it. */
@Timeout(120)
class WebServerTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final WebSpec.Access ALL = new WebSpec.Access(true, true, true, false);

    private final AtomicReference<WebSpec> settings = new AtomicReference<>(spec("pw", "key", ALL, 100));
    private final Map<String, WebHandler> custom = new ConcurrentHashMap<>();
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private WebServer server;
    private InetSocketAddress address;
    private LogSink before;

    private static WebSpec spec(String password, String key, WebSpec.Access access, int connections) {
        return new WebSpec(
                password,
                key,
                NetmaskGroup.parse(List.of("127.0.0.0/8")),
                Map.of("X-Frame-Options", "", "X-Mine", "yes"),
                access,
                false,
                connections,
                false,
                "");
    }

    @BeforeEach
    void start() throws IOException {
        before = Log.sink((level, line) -> lines.add(new String(line, StandardCharsets.UTF_8)));
        Routes routes = new Routes(settings::get, () -> custom)
                .with("GET", "/metrics", request -> WebResponse.text(200, "text/plain", "m"))
                .with("GET", "/api/v1/servers/localhost", request -> WebResponse.json(200, "{}"))
                .with("GET", "/api/v1/servers/localhost/statistics", request -> WebResponse.json(200, "[]"))
                .with("PUT", "/api/v1/servers/localhost/put", request -> WebResponse.json(200, request.body()))
                .with("GET", "/", request -> WebResponse.text(200, "text/html", "<p>"))
                .with("/events", new EventStream(() -> "x".repeat(500_000), 50))
                .with("GET", "/broken", request -> {
                    throw new IllegalStateException("planted");
                });
        server = new WebServer(
                () -> new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()), settings::get, routes);
        address = server.listen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    }

    @AfterEach
    void stop() {
        server.close();
        Log.sink(before);
    }

    private Socket connect() throws IOException {
        return connect("127.0.0.1");
    }

    private Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(address);
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    /** All that comes back until the connection is closed. */
    private static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException reset) {
            return "";
        }
    }

    private String send(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return rest(socket);
        }
    }

    private String ask(String method, String path, String... headers) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: a\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return send(request + "\r\n");
    }

    private static String status(String response) {
        return response.isEmpty() ? "closed" : response.substring(9, 12);
    }

    private static String basic(String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString(("any:" + password).getBytes(StandardCharsets.UTF_8));
    }

    private Socket listen() throws IOException {
        Socket socket = connect();
        String request = "GET /events HTTP/1.1\r\nHost: a\r\n" + basic("pw") + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static String read(Socket socket, int octets) throws IOException {
        return new String(socket.getInputStream().readNBytes(octets), StandardCharsets.ISO_8859_1);
    }

    /** Events go on while others do not read theirs; those are cut off, and nobody keeps more than his share of places. */
    @Test
    void eventsGoToWhoReadsThem() throws IOException {
        assertThat(status(ask("GET", "/events"))).isEqualTo("401");
        List<Socket> all = new ArrayList<>();
        try (Socket reader = listen()) {
            assertThat(read(reader, 2000))
                    .startsWith("HTTP/1.1 200")
                    .contains("text/event-stream")
                    .contains("data: xxx");
            for (int i = 1; i < EventStream.MOST_LISTENERS; i++) {
                Socket silent = listen();
                all.add(silent);
                assertThat(read(silent, 12)).isEqualTo("HTTP/1.1 200");
            }
            try (Socket late = listen()) {
                assertThat(status(rest(late))).isEqualTo("503");
            }
            // Event after event, until those who do not read have missed too many.
            Await.until("silent listeners are gone", SOON, () -> {
                try {
                    assertThat(read(reader, 500_000)).hasSize(500_000);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                return server.connections() == 1;
            });
        } finally {
            for (Socket each : all) {
                each.close();
            }
        }
    }

    private String statusFor(String from, String password) throws IOException {
        try (Socket socket = connect(from)) {
            String request = "GET / HTTP/1.1\r\nHost: a\r\n" + basic(password) + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return status(rest(socket));
        }
    }

    /** Whoever guesses a hashed password has few trials; others still have theirs, and the right one opens to all. */
    @Test
    void guessesAtAHashedPasswordAreFew() throws IOException {
        settings.set(spec(Credential.hash("right", 12), "key", ALL, 100));
        for (int i = 0; i < Guesses.EACH_AT_ONCE; i++) {
            assertThat(statusFor("127.0.0.1", "guess" + i)).isEqualTo("401");
        }
        List<String> statuses = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            statuses.add(statusFor("127.0.0.1", "further" + i));
        }
        assertThat(statuses).contains("429");
        // What has been tried costs nothing more.
        assertThat(statusFor("127.0.0.1", "guess3")).isEqualTo("401");
        assertThat(statusFor("127.0.0.2", "other")).isEqualTo("401");
        assertThat(statusFor("127.0.0.2", "right")).isEqualTo("200");
        assertThat(statusFor("127.0.0.1", "right")).isEqualTo("200");
        for (int i = 0; i < 50; i++) {
            assertThat(statusFor("127.0.0.1", "cheap" + i)).isEqualTo("401");
        }
        // Other settings with the same password: what is known stays known.
        settings.set(spec(settings.get().password(), "other key", ALL, 50));
        for (int i = 0; i < 50; i++) {
            assertThat(statusFor("127.0.0.1", "cheap still" + i)).isEqualTo("401");
        }
    }

    /** As Debian's dnsdist 1.7.3 answers. */
    @ParameterizedTest
    @CsvSource({
        "none, 401, 401, 401, 401",
        "pw, 200, 200, 200, 401",
        "wrong, 401, 401, 401, 401",
        "key, 401, 200, 200, 200",
        "wrong key, 401, 401, 401, 401"
    })
    void eachPathHasItsCredentials(String given, String dashboard, String metrics, String whole, String statistics)
            throws IOException {
        String header =
                switch (given) {
                    case "pw", "wrong" -> basic(given);
                    case "key" -> "x-api-key: key";
                    case "wrong key" -> "X-API-Key: pw";
                    default -> "A: b";
                };
        assertThat(status(ask("GET", "/", header))).isEqualTo(dashboard);
        assertThat(status(ask("GET", "/metrics", header))).isEqualTo(metrics);
        assertThat(status(ask("GET", "/api/v1/servers/localhost", header))).isEqualTo(whole);
        assertThat(status(ask("GET", "/api/v1/servers/localhost/statistics", header)))
                .isEqualTo(statistics);
    }

    @Test
    void credentialsThatAreNotSetOrNotAskedFor() throws IOException {
        settings.set(spec(null, null, ALL, 100));
        assertThat(status(ask("GET", "/metrics"))).isEqualTo("401");
        assertThat(status(ask("GET", "/metrics", basic("any")))).isEqualTo("200");
        assertThat(status(ask("GET", "/metrics", basic("")))).isEqualTo("401");
        assertThat(status(ask("GET", "/api/v1/servers/localhost/statistics", "X-API-Key:")))
                .isEqualTo("401");
        settings.set(spec("pw", "key", new WebSpec.Access(false, false, false, false), 100));
        assertThat(status(ask("GET", "/metrics"))).isEqualTo("200");
        assertThat(status(ask("GET", "/"))).isEqualTo("200");
        assertThat(status(ask("GET", "/api/v1/servers/localhost/statistics"))).isEqualTo("200");
    }

    @Test
    void headersAndStatuses() throws IOException {
        String page = ask("GET", "/", basic("pw"));
        assertThat(page)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .containsIgnoringCase("Connection: close\r\n")
                .contains("X-Content-Type-Options: nosniff\r\n", "X-Mine: yes\r\n", "Content-Type: text/html\r\n")
                .doesNotContain("X-Frame-Options")
                .endsWith("\r\n\r\n<p>");
        assertThat(ask("GET", "/")).contains("WWW-Authenticate: basic realm=").endsWith("<h1>Unauthorized</h1>");
        assertThat(status(ask("GET", "/nothing", basic("pw")))).isEqualTo("404");
        assertThat(status(ask("POST", "/", basic("pw")))).isEqualTo("405");
        assertThat(status(ask("HEAD", "/", basic("pw")))).isEqualTo("405");
        assertThat(status(ask("GET", "/broken", basic("pw")))).isEqualTo("500");
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("planted", "/broken"));
        assertThat(send("GET / HTTP/1.0\r\n" + basic("pw") + "\r\n\r\n")).startsWith("HTTP/1.0 200 OK\r\n");
        assertThat(send("PUT /api/v1/servers/localhost/put HTTP/1.1\r\nX-API-Key: key\r\nContent-Length: 3\r\n\r\nabc"))
                .endsWith("abc");
        assertThat(lines).noneMatch(line -> line.contains("key") || line.contains("pw"));
    }

    @Test
    void otherOrigins() throws IOException {
        assertThat(ask("OPTIONS", "/metrics", "Origin: http://a"))
                .startsWith("HTTP/1.1 200")
                .contains("Access-Control-Allow-Methods: GET\r\n")
                .doesNotContain("Access-Control-Allow-Origin");
        settings.set(spec("pw", "key", new WebSpec.Access(true, true, true, true), 100)
                .withApiWritable(true, ""));
        assertThat(ask("OPTIONS", "/metrics", "Origin: http://a"))
                .contains(
                        "Access-Control-Allow-Methods: GET, PUT\r\n",
                        "Access-Control-Allow-Origin: http://a\r\n",
                        "Access-Control-Allow-Credentials: true\r\n",
                        "Vary: Origin\r\n");
        assertThat(ask("GET", "/", "Origin: http://a", basic("pw")))
                .contains("Access-Control-Allow-Origin: http://a\r\n")
                .doesNotContain("Credentials");
    }

    @Test
    void customPaths() throws IOException {
        custom.put(
                "/mine",
                request -> new WebResponse(
                        202,
                        Map.of("X-Got", request.parameter("a", "-") + request.version()),
                        request.path().getBytes(StandardCharsets.UTF_8)));
        custom.put("/throws", request -> {
            throw new IllegalStateException("planted");
        });
        assertThat(ask("GET", "/mine?a=b%20c&a=d", basic("pw")))
                .startsWith("HTTP/1.1 202")
                .contains("X-Got: b c11\r\n")
                .endsWith("/mine");
        assertThat(status(ask("GET", "/mine"))).isEqualTo("401");
        assertThat(status(ask("POST", "/mine", basic("pw")))).isEqualTo("405");
        assertThat(ask("GET", "/throws", basic("pw")))
                .as("closed without a word")
                .isEmpty();
        assertThat(status(ask("GET", "/mine", basic("pw")))).isEqualTo("202");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0\1\2\3\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
                "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "GET /%zz HTTP/1.1\r\n\r\n",
                "GET /?%ff%00=%e4 HTTP/1.1\r\n\r\n"
            })
    void garbageIsAnsweredOrClosedAndOthersGoOn(String request) throws IOException {
        assertThat(status(send(request))).isIn("400", "401", "closed");
        assertThat(status(ask("GET", "/metrics", "X-API-Key: key"))).isEqualTo("200");
    }

    /** They were taken for errors of ours, counted and logged as such. */
    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/?a=%", "/metrics?%f"})
    void brokenEscapesAreAMistakeOfTheClients(String target) throws IOException {
        long before = FaultGuard.total();
        assertThat(status(ask("GET", target, "X-API-Key: key"))).isEqualTo("400");
        assertThat(FaultGuard.total()).isEqualTo(before);
    }

    /**
     * Each gets its answer and the end of it at once, also while the rest of what was announced is still to come: it stayed open for 10 s. Who
     * sends all before he reads (chunks) gets the answer, too, and no reset in its place.
     */
    @ParameterizedTest
    @CsvSource({
        "line, 414",
        "header, 431",
        "body, 413",
        "expectation, 413",
        "chunks, 413",
        "number, 400",
        "question, 400"
    })
    void whatIsTooLongIsRefusedAndEnds(String what, String status) throws IOException {
        String request =
                switch (what) {
                    case "line" -> "GET /" + "a".repeat(10_000);
                    case "header" -> "GET / HTTP/1.1\r\nA: " + "b".repeat(20_000);
                    case "body" -> "PUT /api HTTP/1.1\r\nContent-Length: 100000000\r\n\r\nbegun";
                    case "expectation" ->
                        "PUT /api HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 100000000\r\n\r\n";
                    case "chunks" ->
                        "PUT /api HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n" + "c".repeat(0x1f_ffff);
                    case "number" -> "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n";
                    default -> "PUT /api HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: x\r\n\r\n";
                };
        long faults = FaultGuard.total();
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = rest(socket);
            assertThat(answer).startsWith("HTTP/1.1 " + status).containsIgnoringCase("Connection: close\r\n");
            assertThat(status(ask("GET", "/metrics", "X-API-Key: key"))).isEqualTo("200");
        }
        assertThat(FaultGuard.total()).as("no fault of ours").isEqualTo(faults);
        Await.until("gone", SOON, () -> server.connections() == 0);
    }

    /** Who never closes does not keep the connection. */
    @Test
    void refusedClientsAreClosedInTheEnd() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(status(rest(socket))).isEqualTo("400");
            Await.until("gone", SOON, () -> server.connections() == 0);
        }
    }

    /** Whoever keeps connections open without a request keeps nobody out. */
    @Test
    void slowStrangersGiveWay() throws IOException {
        settings.set(spec("pw", "key", ALL, 10));
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Socket stranger = connect();
                strangers.add(stranger);
                stranger.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(status(ask("GET", "/metrics", "X-API-Key: key"))).isEqualTo("200");
            assertThat(rest(strangers.getFirst())).as("the oldest has gone").isEmpty();
            assertThat(server.connections()).isLessThanOrEqualTo(10);
        } finally {
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
        Await.until("all gone", SOON, () -> server.connections() == 0);
    }

    /** Those who have asked are not closed for those who come. */
    @Test
    void moreThanAreAllowedAreClosedWhileAllAreServed() throws Exception {
        settings.set(spec("pw", "key", ALL, 2));
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        custom.put("/slow", request -> {
            busy.countDown();
            go.await();
            return WebResponse.of(204);
        });
        byte[] request = ("GET /slow HTTP/1.1\r\n" + basic("pw") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Socket first = connect();
                Socket second = connect()) {
            first.getOutputStream().write(request);
            busy.await();
            second.getOutputStream().write(request);
            Await.until("its request is there", SOON, () -> server.connections() == 2 && server.speechless() == 0);
            // From then on a third one has no place.
            Await.until("refused", SOON, () -> {
                try (Socket third = connect()) {
                    return third.getInputStream().read() < 0;
                } catch (IOException reset) {
                    return true;
                }
            });
            go.countDown();
            assertThat(status(rest(first))).isEqualTo("204");
            assertThat(status(rest(second))).isEqualTo("204");
        }
    }

    @Test
    void strangersOutsideTheAclAreClosedWithoutAWord() throws IOException {
        settings.set(
                new WebSpec(null, null, NetmaskGroup.parse(List.of("192.0.2.1")), Map.of(), ALL, false, 10, false, ""));
        assertThat(ask("GET", "/metrics", "X-API-Key: key")).isEmpty();
    }

    @Test
    void anErrorEndsOneExchangeOnly() throws IOException {
        custom.put("/error", request -> {
            throw new StackOverflowError("planted");
        });
        assertThat(ask("GET", "/error", basic("pw"))).isEmpty();
        assertThat(status(ask("GET", "/metrics", "X-API-Key: key"))).isEqualTo("200");
    }
}
