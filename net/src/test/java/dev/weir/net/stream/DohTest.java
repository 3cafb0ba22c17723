package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.HttpResponseRule;
import dev.weir.engine.listen.HttpSpec;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.task.FaultGuard;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What do clients of DNS over HTTP get, good ones and others? Without TLS, which changes nothing of it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DohTest {
    private static final DnsQuery QUERY =
            DnsQuery.of("www.example.", DnsMessage.A).withId(7);
    private static final String GET =
            "/dns-query?dns=" + Base64.getUrlEncoder().withoutPadding().encodeToString(QUERY.packet());
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Model model = new Model();
    private final StreamTransport transport = new StreamTransport(model);
    private final FakeBackend backend = FakeBackend.answering("192.0.2.1");
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Frontend frontend;

    @AfterEach
    void stop() {
        client.close();
        transport.close();
        backend.close();
    }

    @AfterAll
    static void noBufferIsLost() {
        BufferLeaks.assertNone();
    }

    private void start(HttpSpec http) throws IOException {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse(backend.hostPort(), 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        model.addBackend(new Backend(spec.build()));
        SocketSpec at = SocketSpec.of(Endpoint.parse("127.0.0.1:0", 0));
        frontend = Objects.requireNonNull(
                transport.open(new ListenSpec.Https(at, StreamSpec.DEFAULT, null, http, List.of())));
        model.start();
        transport.start();
    }

    private InetSocketAddress address() {
        return LoopbackPorts.address(frontend.address().port());
    }

    private HttpResponse<byte[]> get(String target, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + frontend.address().port() + target));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] frame(int type, int flags, int stream, byte... content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(content.length >> 16);
        out.write(content.length >> 8);
        out.write(content.length);
        out.write(type);
        out.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(stream >> shift);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** GET over http, authority "a"; indexed and literal fields of HPACK. */
    private static byte[] request(String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, 0x01, 1, 'a', 0x04, (byte) path.length()});
        out.writeBytes(path.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private TcpClient second(byte... settings) {
        TcpClient raw = TcpClient.to(address());
        raw.sendRaw(PREFACE);
        raw.sendRaw(frame(SETTINGS, 0, 0, settings));
        return raw;
    }

    private void assertOthersAreServed(long survived) throws IOException, InterruptedException {
        assertThat(get(GET).statusCode()).isEqualTo(200);
        assertThat(FaultGuard.total()).isEqualTo(survived);
    }

    @Test
    void backendsAnswerRequests() throws IOException, InterruptedException {
        start(HttpSpec.DEFAULT);
        HttpResponse<byte[]> response = get(GET);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(DnsMessage.parse(response.body()).id()).isEqualTo(7);
        assertThat(response.headers().firstValue("cache-control").orElse("")).startsWith("max-age=");
        assertThat(get("/dns-query?dns=" + "A".repeat(3)).statusCode()).isEqualTo(400);
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/dns-query/").statusCode()).isEqualTo(404);
        DnsQuery zone = DnsQuery.of("example.", 252);
        HttpResponse<byte[]> transfer =
                get("/dns-query?dns=" + Base64.getUrlEncoder().encodeToString(zone.packet()));
        assertThat(DnsMessage.parse(transfer.body()).rcode())
                .as("no zones over HTTP")
                .isEqualTo(4);
        frontend.setHttpResponses(List.of(new HttpResponseRule(
                Expression.posix("^/dns-query$"), 307, "http://x/".getBytes(StandardCharsets.US_ASCII), Map.of())));
        assertThat(get(GET).headers().firstValue("location")).contains("http://x/");
        Objects.requireNonNull(frontend.http());
        assertThat(frontend.http().responses(1, 0).sum()).isEqualTo(2);
        assertThat(frontend.http().badRequests.sum()).isEqualTo(1);
        assertThat(frontend.http().redirects.sum()).isEqualTo(1);
        frontend.setHttpResponses(List.of(new HttpResponseRule(
                Expression.posix("^/dns-query$"),
                302,
                "http://x/é\r\nx-forged: 1".getBytes(StandardCharsets.UTF_8),
                Map.of())));
        HttpResponse<byte[]> moved = get(GET);
        assertThat(moved.headers().firstValue("location")).contains("http://x/%C3%A9%0D%0Ax-forged:%201");
        assertThat(moved.headers().firstValue("x-forged")).isEmpty();
    }

    @Test
    void whoMayNotAskIsToldOrCutOff() throws IOException, InterruptedException {
        model.setAcl(NetmaskGroup.parse(List.of("192.0.2.0/24")));
        start(new HttpSpec(List.of("/dns"), false, Map.of("x-a", "b"), false, true, false, true, 30));
        String target = GET.replace("/dns-query", "/dns/more");
        assertThat(get(target).statusCode()).isEqualTo(403);
        HttpResponse<byte[]> forwarded = get(target, "X-Forwarded-For", "127.0.0.1, 192.0.2.3");
        assertThat(forwarded.statusCode()).isEqualTo(200);
        assertThat(forwarded.headers().firstValue("x-a")).contains("b");
        assertThat(forwarded.headers().firstValue("cache-control")).isEmpty();
    }

    @Test
    void withoutABackendItIsABadGateway() throws IOException, InterruptedException {
        start(HttpSpec.DEFAULT);
        model.backends().getFirst().health().force(false);
        assertThat(get(GET).statusCode()).isEqualTo(502);
    }

    /** CVE-2023-44487: streams that are opened and reset at once. */
    @Test
    void rapidResetsEndTheConnection() throws IOException, InterruptedException {
        long survived = FaultGuard.total();
        start(HttpSpec.DEFAULT);
        try (TcpClient raw = second()) {
            try {
                for (int i = 0; i < 2_000; i++) {
                    raw.sendRaw(frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, request(GET)));
                    raw.sendRaw(frame(RESET, 0, 2 * i + 1, new byte[] {0, 0, 0, 8}));
                }
            } catch (java.io.UncheckedIOException cut) {
                // what it is for
            }
            assertThat(raw.closedAfterAll(Await.PATIENCE)).isTrue();
        }
        assertOthersAreServed(survived);
    }

    /** Headers that never end, and headers that are too many. */
    @Test
    void continuationsAndHeaderBombsEndTheConnection() throws IOException, InterruptedException {
        long survived = FaultGuard.total();
        start(HttpSpec.DEFAULT);
        for (int size : new int[] {1, 16_000}) {
            try (TcpClient raw = second()) {
                try {
                    raw.sendRaw(frame(HEADERS, END_STREAM, 1, request("/")));
                    for (int i = 0; i < 2_000; i++) {
                        byte[] field = new byte[size];
                        java.util.Arrays.fill(field, (byte) 0x82);
                        raw.sendRaw(frame(CONTINUATION, 0, 1, field));
                    }
                } catch (java.io.UncheckedIOException cut) {
                    // what it is for
                }
                assertThat(raw.closedAfterAll(Await.PATIENCE)).isTrue();
            }
        }
        assertOthersAreServed(survived);
    }

    /** A window of 0 takes no answer. */
    @Test
    void whoTakesNoAnswersIsCutOff() throws IOException, InterruptedException {
        long survived = FaultGuard.total();
        start(HttpSpec.DEFAULT);
        model.settings().set(Setting.TCP_SEND_TIMEOUT, 1);
        try (TcpClient raw = second(new byte[] {0, 4, 0, 0, 0, 0})) {
            for (int i = 0; i < 50; i++) {
                raw.sendRaw(frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, request(GET)));
            }
            assertThat(raw.closedAfterAll(Await.PATIENCE)).isTrue();
        }
        assertThat(frontend.stream().clientTimeouts.sum()).isEqualTo(1);
        assertOthersAreServed(survived);
    }

    @Test
    void requestsThatNeverEndEndWhenTheConnectionIsIdle() throws IOException, InterruptedException {
        long survived = FaultGuard.total();
        start(new HttpSpec(List.of("/dns-query"), true, Map.of(), true, false, false, true, 1));
        try (TcpClient second = second();
                TcpClient first = TcpClient.to(address())) {
            second.sendRaw(frame(HEADERS, END_HEADERS, 1, request("/dns-query")));
            first.sendRaw("GET /dns-".getBytes(StandardCharsets.US_ASCII));
            assertThat(second.closedAfterAll(Await.PATIENCE)).isTrue();
            assertThat(first.closedAfterAll(Await.PATIENCE)).isTrue();
        }
        assertOthersAreServed(survived);
    }

    @Test
    void bodiesAreNoLongerThanMessages() throws IOException, InterruptedException {
        long survived = FaultGuard.total();
        start(HttpSpec.DEFAULT);
        HttpRequest huge = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + frontend.address().port() + "/dns-query"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[100_000]))
                .build();
        assertThat(client.send(huge, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(413);
        try (TcpClient raw = second()) {
            raw.sendRaw(frame(HEADERS, END_HEADERS, 1, request("/dns-query")));
            for (int i = 0; i < 5; i++) {
                raw.sendRaw(frame(DATA, 0, 1, new byte[16_384]));
            }
            raw.sendRaw(frame(HEADERS, END_HEADERS | END_STREAM, 3, request(GET)));
        }
        assertOthersAreServed(survived);
    }
}
