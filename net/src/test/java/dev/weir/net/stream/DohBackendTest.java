package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.HttpCounters;
import dev.weir.engine.listen.HttpSpec;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.HttpSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.task.FaultGuard;
import dev.weir.net.StreamAsker;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TestCertificates;
import dev.weir.wire.Rcode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Are backends asked over HTTP, many queries on one connection, and what becomes of those that get no answer? */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DohBackendTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair PAIR = FILES.make("backend", "backend.example");
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);
    private static final HttpSpec KEEPS_HEADERS =
            new HttpSpec(List.of("/dns-query"), true, Map.of(), true, false, true, true, 30);

    private final Streams streams = Streams.create();
    private final Model behind = new Model();
    private final StreamTransport server = new StreamTransport(behind);
    private Frontend frontend;
    private int recvTimeoutSeconds = 30;

    @AfterEach
    void stop() {
        streams.close();
        server.close();
    }

    @AfterAll
    static void end() {
        FILES.close();
        BufferLeaks.assertNone();
    }

    private void rule(Selector selector, int rcode) {
        behind.rules().add(Rule.of(selector, new Answering.RCode(rcode, AnswerFlags.DEFAULT), UUID.randomUUID(), ""));
    }

    private void serve(boolean secure) throws IOException {
        rule(new ClientSelector.IncomingProtocol(Protocol.DOH), Rcode.REFUSED);
        TlsSpec tls = secure ? EncryptedListener.spec(PAIR) : null;
        SocketSpec at = SocketSpec.of(Endpoint.parse("127.0.0.1:0", 0));
        frontend = Objects.requireNonNull(
                server.open(new ListenSpec.Https(at, StreamSpec.DEFAULT, tls, KEEPS_HEADERS, List.of())));
        behind.start();
        server.start();
    }

    private HttpCounters http() {
        return Objects.requireNonNull(frontend.http());
    }

    private Streams balancer(boolean secure, String path) {
        return balancer(frontend.address().port(), secure, path);
    }

    private Streams balancer(int port, boolean secure, String path) {
        return streams.backend(port, spec -> {
                    spec.http = new BackendSpec.Http(path, true);
                    spec.tls = secure
                            ? new BackendSpec.Tls(
                                    "openssl",
                                    "backend.example",
                                    null,
                                    true,
                                    PAIR.certificate().toString(),
                                    "",
                                    "",
                                    "")
                            : null;
                    spec.tcpRecvTimeout = recvTimeoutSeconds;
                    spec.retries = 2;
                })
                .maxInFlight(1_000)
                .loops(1)
                .start();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyQueriesShareAConnection(boolean secure) throws IOException {
        long survived = FaultGuard.total();
        serve(secure);
        try (TcpClient client = balancer(secure, "/dns-query").connect()) {
            assertThat(client.ask(QUERY.withId(4711)).rcode()).isEqualTo(Rcode.REFUSED);
            for (int i = 0; i < 80; i++) {
                client.send(DnsQuery.of("n" + i + ".example.", DnsMessage.A)
                        .withId(i)
                        .packet());
            }
            for (int i = 0; i < 80; i++) {
                byte[] answer = client.tryReceive(Await.PATIENCE).orElseThrow();
                DnsMessage message = DnsMessage.parse(answer);
                assertThat(message.rcode()).isEqualTo(Rcode.REFUSED);
                assertThat(message.questions().getFirst().name()).startsWith("n" + message.id() + ".");
            }
        }
        assertThat(http().queries(2).sum()).isEqualTo(81);
        assertThat(http().connects.sum()).isEqualTo(1);
        assertThat(FaultGuard.total()).isEqualTo(survived);
    }

    @Test
    void requestsSayWhoAsks() throws IOException {
        rule(new HttpSelector.Header("x-forwarded-for", Expression.posix("^127\\.0\\.0\\.1$")), Rcode.NXDOMAIN);
        serve(false);
        try (TcpClient client = balancer(false, "/dns-query").connect()) {
            assertThat(client.ask(QUERY).rcode()).isEqualTo(Rcode.NXDOMAIN);
        }
    }

    /** Another status than 200 is no answer, and ends its query only. */
    @Test
    void otherStatusesAreNoAnswer() throws IOException {
        serve(false);
        try (TcpClient client = balancer(false, "/elsewhere").connect()) {
            client.send(QUERY.packet());
            assertThat(client.tryReceive(Await.PATIENCE)).isEmpty();
        }
        assertThat(http().errors.sum()).isEqualTo(1);
        assertThat(streams.backend().stream().currentConnections.get()).isEqualTo(1);
    }

    /** A server that closes after each second request loses none. */
    @Test
    void queriesOfAConnectionThatEndsGoElsewhere() throws IOException {
        behind.settings().set(Setting.MAX_TCP_QUERIES_PER_CONNECTION, 2);
        serve(true);
        try (TcpClient client = balancer(true, "/dns-query").connect()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.ask(QUERY.withId(i)).rcode()).isEqualTo(Rcode.REFUSED);
            }
        }
        assertThat(http().connects.sum()).isGreaterThanOrEqualTo(5);
    }

    /** Takes connections and says nothing. */
    @Test
    void silentServersAreGivenUp() throws IOException {
        long survived = FaultGuard.total();
        recvTimeoutSeconds = 1;
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                TcpClient client =
                        balancer(silent.getLocalPort(), false, "/dns-query").connect()) {
            for (int i = 0; i < 300; i++) {
                client.send(QUERY.withId(i).packet());
            }
            assertThat(client.tryReceive(Await.PATIENCE)).isEmpty();
            Await.until("nothing waits", Await.PATIENCE, () -> streams.backend().outstanding() == 0);
        }
        assertThat(streams.backend().stream().readTimeouts.sum()).isPositive();
        assertThat(FaultGuard.total()).isEqualTo(survived);
    }

    private CompletableFuture<byte[]> check() {
        CompletableFuture<byte[]> told = new CompletableFuture<>();
        Backend backend = streams.backend();
        byte[] packet = QUERY.withId(99).packet();
        byte[] request = ByteBuffer.allocate(2 + packet.length)
                .putShort((short) packet.length)
                .put(packet)
                .array();
        streams.transport.ask(backend, request, Await.PATIENCE.toNanos(), new StreamAsker.Reply() {
            @Override
            public void answered(byte[] message, dev.weir.engine.acl.IpAddress local) {
                told.complete(message);
            }

            @Override
            public void failed(Throwable cause) {
                told.completeExceptionally(cause);
            }
        });
        return told;
    }

    @Test
    void checksAskTheSameWay() throws IOException {
        serve(true);
        balancer(true, "/dns-query");
        DnsMessage answer = DnsMessage.parse(check().join());
        assertThat(answer.id()).isEqualTo(99);
        assertThat(answer.rcode()).isEqualTo(Rcode.REFUSED);
        assertThat(http().queries(2).sum()).isEqualTo(1);
    }

    @Test
    void checksOfAPathThatIsNotThereFail() throws IOException {
        serve(false);
        balancer(false, "/elsewhere");
        assertThat(check()).failsWithin(Await.PATIENCE).withThrowableThat().withMessageContaining("404");
    }
}
