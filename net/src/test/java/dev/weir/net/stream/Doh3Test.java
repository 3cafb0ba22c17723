package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.HttpResponseRule;
import dev.weir.engine.listen.HttpSpec;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.QuicSpec;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.task.FaultGuard;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TestCertificates;
import dev.weir.wire.Rcode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What do clients of DNS over HTTP/3 get, good ones and others? */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class Doh3Test {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair PAIR = FILES.make("first", "dns.example");
    private static final DnsQuery QUERY =
            DnsQuery.of("www.example.", DnsMessage.A).withId(7);
    private static final String GET =
            "/dns-query?dns=" + Base64.getUrlEncoder().withoutPadding().encodeToString(QUERY.packet());
    private static final HttpSpec ANY_PATH =
            new HttpSpec(List.of("/"), false, Map.of("x-a", "b"), true, false, true, true, 30);

    private final Model model = new Model();
    private final StreamTransport transport = new StreamTransport(model);
    private final FakeBackend backend = FakeBackend.answering("192.0.2.1");
    private Frontend frontend;

    @AfterEach
    void stop() {
        transport.close();
        backend.close();
    }

    @AfterAll
    static void end() {
        FILES.close();
        BufferLeaks.assertNone();
    }

    private void start() throws IOException {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse(backend.hostPort(), 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        model.addBackend(new Backend(spec.build()));
        SocketSpec at = SocketSpec.of(Endpoint.parse("127.0.0.1:0", 0));
        frontend = Objects.requireNonNull(
                transport.open(new ListenSpec.Quic(at, QuicSpec.DEFAULT, EncryptedListener.spec(PAIR), ANY_PATH)));
        model.start();
        transport.start();
    }

    private QuicClient client() {
        return new QuicClient(LoopbackPorts.address(frontend.address().port()), "h3", "dns.example");
    }

    private static Http3Exchange.Reply get(QuicClient client, String target) {
        return Http3Exchange.get(client, target, Map.of());
    }

    private void assertOthersAreServed(long survived) {
        try (QuicClient client = client()) {
            assertThat(get(client, GET).status()).isEqualTo(200);
        }
        assertThat(FaultGuard.total()).isEqualTo(survived);
    }

    @Test
    void backendsAnswerRequests() throws IOException {
        start();
        try (QuicClient client = client()) {
            Http3Exchange.Reply reply = get(client, GET);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("content-type")).isEqualTo("application/dns-message");
            assertThat(reply.header("cache-control")).startsWith("max-age=");
            assertThat(reply.header("x-a")).isEqualTo("b");
            assertThat(DnsMessage.parse(reply.body()).id()).isEqualTo(7);
            Http3Exchange post = new Http3Exchange(client);
            post.begin("POST", "/dns-query", Map.of("content-type", "application/dns-message"));
            post.send(QUERY.packet());
            post.end();
            assertThat(DnsMessage.parse(post.reply().body()).answers()).hasSize(1);
            assertThat(get(client, "/dns-query?dns=%21").status()).isEqualTo(400);
            Http3Exchange put = new Http3Exchange(client);
            put.begin("PUT", "/dns-query", Map.of());
            put.end();
            assertThat(put.reply().status()).isEqualTo(400);
            frontend.setHttpResponses(List.of(new HttpResponseRule(
                    Expression.posix("^/gone$"), 307, "http://x/".getBytes(StandardCharsets.US_ASCII), Map.of())));
            assertThat(get(client, "/gone").header("location")).isEqualTo("http://x/");
        }
        Objects.requireNonNull(frontend.http());
        Objects.requireNonNull(frontend.quic());
        assertThat(frontend.http().responses(3, 0).sum()).isEqualTo(2);
        assertThat(frontend.quic().valid.sum()).isEqualTo(2);
        assertThat(frontend.quic().errors.sum()).isEqualTo(3);
    }

    @Test
    void rulesSeeTheRequest() throws IOException {
        model.rules()
                .add(Rule.of(
                        new ClientSelector.IncomingProtocol(Protocol.DOH3),
                        new Answering.RCode(Rcode.REFUSED, AnswerFlags.DEFAULT),
                        UUID.randomUUID(),
                        ""));
        start();
        try (QuicClient client = client()) {
            assertThat(DnsMessage.parse(get(client, GET).body()).rcode()).isEqualTo(Rcode.REFUSED);
            frontend.setMuted(true);
            assertThat(get(client, GET).status()).isEqualTo(403);
        }
    }

    @Test
    void withoutABackendItIsABadGateway() throws IOException {
        start();
        model.backends().getFirst().health().force(false);
        try (QuicClient client = client()) {
            assertThat(get(client, GET).status()).isEqualTo(502);
        }
    }

    @Test
    void bodiesAreNoLongerThanMessages() throws IOException {
        long survived = FaultGuard.total();
        start();
        try (QuicClient client = client()) {
            Http3Exchange post = new Http3Exchange(client);
            post.begin("POST", "/dns-query", Map.of());
            post.send(new byte[60_000]);
            post.send(new byte[10_000]);
            assertThat(post.reset()).isEqualTo(DohQuicConnection.EXCESSIVE_LOAD);
            assertThat(get(client, GET).status()).isEqualTo(200);
        }
        assertOthersAreServed(survived);
    }

    @Test
    void requestsThatNeverEndAreBounded() throws IOException {
        long survived = FaultGuard.total();
        start();
        try (QuicClient client = client()) {
            for (int i = 0; i < 150 && client.isOpen(); i++) {
                new Http3Exchange(client).begin("POST", "/", Map.of());
            }
            assertThat(client.closed().error()).isEqualTo(DohQuicConnection.EXCESSIVE_LOAD);
        }
        assertOthersAreServed(survived);
    }

    /** Headers without end, frames that are none, and streams that say nothing: by a client that speaks QUIC only. */
    @Test
    void whatIsNotHttpEndsTheStreamOrTheConnection() throws IOException {
        long survived = FaultGuard.total();
        start();
        byte[] headers = new byte[60_000];
        headers[0] = 1; // HEADERS of 50,000 octets
        headers[1] = (byte) 0x80;
        headers[3] = (byte) (50_000 >> 8);
        headers[4] = (byte) 50_000;
        for (byte[] bad :
                List.of(headers, new byte[] {4, 1, 0}, new byte[] {0, 1, 0}, new byte[] {1, 2, 0, 0}, new byte[0])) {
            try (QuicClient client =
                    new QuicClient(LoopbackPorts.address(frontend.address().port()), "h3", "dns.example")) {
                QuicClient.Stream stream = client.stream();
                stream.sendLast(bad);
                assertThat(stream.isOver()).as("%d octets", bad.length).isTrue();
            }
        }
        try (QuicClient client = client()) {
            client.stream().send(Arrays.copyOf(headers, 20_000));
            assertThat(client.closed().isApplicationClose())
                    .as("headers that are not waited for")
                    .isTrue();
        }
        assertOthersAreServed(survived);
    }
}
