package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.TlsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients over HTTPS, QUIC and HTTP/3 while the configuration is read again. */
@NewerThanDebian("has no reload")
@Timeout(300)
class ReloadEncryptedTest {
    private static final int RELOADS = 12;

    private final int https = LoopbackPorts.free();
    private final int quic = LoopbackPorts.free();
    private final int http3 = LoopbackPorts.free();
    private final int web = LoopbackPorts.free();
    private final TestCertificates files = new TestCertificates();
    private final TestCertificates.Pair one = files.make("one", "one.example");
    private final TestCertificates.Pair two = files.make("two", "two.example");
    private DnsProcess weir;
    private String preamble = "";

    /** @param options of all three listeners */
    private String body(int n, String options) {
        String pair = "'" + one.certificate() + "', '" + one.key() + "'";
        return """
                addDOHLocal('127.0.0.1:%d', %s, '/dns-query', {%s})
                addDOQLocal('127.0.0.1:%d', %s, {%s})
                addDOH3Local('127.0.0.1:%d', %s, {%s})
                webserver('127.0.0.1:%d')
                setWebserverConfig({apiKey='key', password='word'})
                addAction('other%d.example.', DropAction())
                addAction(AllRule(), SpoofAction('192.0.2.%d'))
                """.formatted(https, pair, options, quic, pair, options, http3, pair, options, web, n, n % 200 + 1);
    }

    @BeforeEach
    void start() throws Exception {
        weir = DnsProcess.start(body(0, ""));
        preamble = Files.readString(weir.config()).replace(body(0, ""), "");
        Await.until(
                "it listens",
                Await.PATIENCE,
                () -> LoopbackPorts.tcpListening(https)
                        && LoopbackPorts.tcpListening(web)
                        && LoopbackPorts.udpBound(quic)
                        && LoopbackPorts.udpBound(http3));
    }

    @AfterEach
    void stop() {
        weir.close();
        files.close();
    }

    private void reload(String body) throws IOException {
        Path next = weir.config().resolveSibling("next");
        Files.writeString(next, preamble + body);
        Files.move(next, weir.config(), StandardCopyOption.ATOMIC_MOVE);
        assertThat(weir.console("reloadConfig()")).startsWith("Reloaded");
    }

    private HttpClient client() {
        return HttpClient.newBuilder()
                .sslContext(new TlsClient().context())
                .version(HttpClient.Version.HTTP_2)
                .build();
    }

    private static byte[] query(String name) {
        return DnsQuery.of(name, DnsMessage.A).packet();
    }

    private HttpRequest request(byte[] query) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + https + "/dns-query"))
                .header("content-type", "application/dns-message")
                .timeout(Await.PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(query))
                .build();
    }

    private byte[] post(HttpClient client) {
        try {
            return client.send(request(query("www.example.")), HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void right(byte[] answer) {
        assertThat(DnsMessage.parse(answer).answerTexts())
                .singleElement()
                .asString()
                .startsWith("192.0.2.");
    }

    /** Connections over TLS that the listener for HTTPS has taken so far. */
    private long connections() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web + "/metrics"))
                    .header("X-API-Key", "key")
                    .build();
            Matcher found = Pattern.compile("(?m)^dnsdist_frontend_http_connects\\{.*} (\\d+)$")
                    .matcher(http.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
            assertThat(found.find()).isTrue();
            return Long.parseLong(found.group(1));
        }
    }

    /** Asks without a pause until it is told to end, and throws what went wrong. */
    private static final class Asking implements AutoCloseable {
        private final AtomicBoolean ending = new AtomicBoolean();
        private final AtomicInteger asked = new AtomicInteger();
        private final List<Throwable> wrong = new ArrayList<>();
        private final Thread thread;

        Asking(Callable<byte[]> question) {
            thread = Thread.ofPlatform().daemon().name("asking").start(() -> {
                try {
                    while (!ending.get()) {
                        right(question.call());
                        asked.incrementAndGet();
                    }
                } catch (Throwable e) {
                    wrong.add(e);
                }
            });
        }

        @Override
        public void close() throws InterruptedException {
            ending.set(true);
            thread.join();
            assertThat(wrong).isEmpty();
            assertThat(asked.get()).isGreaterThan(RELOADS);
        }
    }

    @Test
    void keptConnectionsLoseNothing() throws Exception {
        try (HttpClient client = client();
                QuicExchange doq = new QuicExchange(LoopbackPorts.address(quic), "doq");
                QuicExchange doh3 = new QuicExchange(LoopbackPorts.address(http3), "h3")) {
            right(post(client));
            long before = connections();
            try (Asking overHttps = new Asking(() -> post(client));
                    Asking overQuic = new Asking(() -> doq.ask(DnsMessage.withId(query("www.example."), 0)));
                    Asking overHttp3 = new Asking(() -> doh3.post("/dns-query", query("www.example.")))) {
                for (int n = 1; n <= RELOADS; n++) {
                    if (n == RELOADS / 2) {
                        Files.copy(two.certificate(), one.certificate(), StandardCopyOption.REPLACE_EXISTING);
                        Files.copy(two.key(), one.key(), StandardCopyOption.REPLACE_EXISTING);
                    }
                    reload(body(n, ""));
                    Await.until(
                            "answers by the new rules on all of them",
                            Await.PATIENCE,
                            enough(overHttps, overQuic, overHttp3));
                }
            }
            assertThat(connections()).as("all on one connection").isEqualTo(before);
            assertThat(doq.isOpen() && doh3.isOpen()).isTrue();
            // Whoever connects now sees the other certificate.
            assertThat(doq.shown()).contains("one.example");
            for (String protocol : List.of("doq", "h3")) {
                int port = protocol.equals("h3") ? http3 : quic;
                try (QuicExchange late = new QuicExchange(LoopbackPorts.address(port), protocol)) {
                    assertThat(late.shown()).contains("two.example");
                }
            }
            try (SSLSocket late = new TlsClient().connect(LoopbackPorts.address(https))) {
                assertThat(late.getSession().getPeerPrincipal().getName()).contains("two.example");
            }
        }
    }

    /** A few more answers on each. */
    private static BooleanSupplier enough(Asking... all) {
        List<Integer> before = Arrays.stream(all).map(each -> each.asked.get()).toList();
        return () -> {
            for (int i = 0; i < all.length; i++) {
                if (all[i].thread.isAlive() && all[i].asked.get() < before.get(i) + 3) {
                    return false;
                }
            }
            return true;
        };
    }

    /** With other options each is another listener: its connections end, what was asked is answered, and who connects anew is served. */
    @Test
    void changedListenersEndTheirConnections() throws Exception {
        Duration late = Duration.ofMillis(800);
        try (FakeBackend slow = FakeBackend.start(
                        query -> Reply.later(late, FakeBackend.addressOrNothing(query.query(), "192.0.2.254")));
                HttpClient client = client()) {
            String pool = "newServer({address='" + slow.hostPort() + "', pool='slow', healthCheckMode='up'})\n"
                    + "addAction('slow.example.', PoolAction('slow'))\n";
            reload(pool + body(1, "idleTimeout=100"));
            try (QuicExchange kept = new QuicExchange(LoopbackPorts.address(quic), "doq");
                    QuicExchange kept3 = new QuicExchange(LoopbackPorts.address(http3), "h3")) {
                right(kept.ask(DnsMessage.withId(query("www.example."), 0)));
                right(kept3.post("/dns-query", query("www.example.")));
                CompletableFuture<HttpResponse<byte[]>> waiting =
                        client.sendAsync(request(query("slow.example.")), HttpResponse.BodyHandlers.ofByteArray());
                Await.until("it was asked", Await.PATIENCE, () -> slow.queryCount() == 1);
                reload(pool + body(2, "idleTimeout=99"));
                assertThat(DnsMessage.parse(waiting.get().body()).answerTexts()).containsExactly("192.0.2.254");
                Await.until("both have ended", Await.PATIENCE, () -> !kept.isOpen() && !kept3.isOpen());
            }
            for (int n = 3; n < 6; n++) {
                reload(pool + body(n, "idleTimeout=" + (100 - n)));
                try (QuicExchange again = new QuicExchange(LoopbackPorts.address(quic), "doq");
                        QuicExchange again3 = new QuicExchange(LoopbackPorts.address(http3), "h3")) {
                    right(again.ask(DnsMessage.withId(query("www.example."), 0)));
                    right(again3.post("/dns-query", query("www.example.")));
                }
                right(post(client));
            }
        }
    }
}
