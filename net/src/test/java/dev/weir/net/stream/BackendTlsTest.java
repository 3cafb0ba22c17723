package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.TlsVersion;
import dev.weir.net.StreamAsker;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TestCertificates;
import dev.weir.wire.Rcode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Are backends spoken to over TLS, and only those that are who they should be? */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BackendTlsTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair PAIR = FILES.make("backend", "backend.example");
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);

    private final Streams streams = Streams.create();

    @AfterEach
    void stop() {
        streams.close();
    }

    @AfterAll
    static void end() {
        FILES.close();
        BufferLeaks.assertNone();
    }

    private static BackendSpec.Tls tls(String name, String address, boolean validate, String store) {
        return new BackendSpec.Tls(
                "openssl", name, address.isEmpty() ? null : IpAddress.parse(address), validate, store, "", "", "");
    }

    private static BackendSpec.Tls trusting(String name, String address) {
        return tls(name, address, true, PAIR.certificate().toString());
    }

    private static EncryptedListener listener() throws IOException {
        return new EncryptedListener(EncryptedListener.spec(PAIR));
    }

    private int rcode(EncryptedListener behind, BackendSpec.Tls how) {
        streams.backend(behind.address().getPort(), spec -> {
                    spec.tls = how;
                    spec.retries = 1;
                })
                .start();
        try (TcpClient client = streams.connect()) {
            client.send(QUERY.packet());
            return client.tryReceive(Await.PATIENCE)
                    .map(answer -> DnsMessage.parse(answer).rcode())
                    .orElse(-1);
        }
    }

    @Test
    void aNameOrAnAddressMustBeRight() throws IOException {
        try (EncryptedListener behind = listener()) {
            assertThat(rcode(behind, trusting("backend.example", ""))).isEqualTo(Rcode.REFUSED);
            assertThat(behind.tls().queries(TlsVersion.TLS_1_3).sum()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", ""})
    void addressesAndNobody(String address) throws IOException {
        try (EncryptedListener behind = listener()) {
            assertThat(rcode(behind, trusting("", address))).isEqualTo(Rcode.REFUSED);
        }
    }

    @Test
    void theWrongNameGetsNoQuery() throws IOException {
        try (EncryptedListener behind = listener()) {
            assertThat(rcode(behind, trusting("other.example", ""))).isNotEqualTo(Rcode.REFUSED);
            assertThat(behind.frontend().queries().sum()).isZero();
        }
    }

    @Test
    void whoIsNotTrustedGetsNoQuery() throws IOException {
        try (EncryptedListener behind = listener()) {
            assertThat(rcode(behind, tls("backend.example", "", true, ""))).isNotEqualTo(Rcode.REFUSED);
            assertThat(behind.frontend().queries().sum()).isZero();
        }
    }

    @Test
    void withoutValidationAnybodyWillDo() throws IOException {
        try (EncryptedListener behind = listener()) {
            assertThat(rcode(behind, tls("any.example", "", false, ""))).isEqualTo(Rcode.REFUSED);
        }
    }

    /** Connections are kept, and new ones take up the session; so do checks, which have connections of their own. */
    @Test
    void sessionsAreTakenUp() throws IOException {
        streams.loops(1);
        try (EncryptedListener behind = listener()) {
            assertThat(rcode(behind, trusting("backend.example", ""))).isEqualTo(Rcode.REFUSED);
            try (TcpClient client = streams.connect()) {
                client.ask(QUERY.withId(2));
                client.ask(QUERY.withId(3));
            }
            assertThat(behind.tls().newSessions().sum())
                    .as("connections are kept")
                    .isEqualTo(1);
            for (int i = 0; i < 2; i++) {
                assertThat(DnsMessage.parse(ask()).rcode()).isEqualTo(Rcode.REFUSED);
            }
            assertThat(streams.backend().stream().tlsResumptions.sum()).isEqualTo(2);
            assertThat(behind.tls().resumptions().sum()).isEqualTo(2);
        }
    }

    private byte[] ask() {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        Backend backend = streams.backend();
        streams.transport.ask(
                backend, TcpClient.framed(QUERY.packet()), Await.PATIENCE.toNanos(), new StreamAsker.Reply() {
                    @Override
                    public void answered(byte[] message, IpAddress local) {
                        answer.complete(message);
                    }

                    @Override
                    public void failed(Throwable cause) {
                        answer.completeExceptionally(cause);
                    }
                });
        return answer.join();
    }

    /** A backend that takes the connection and says nothing, or something else, costs its queries and nothing more. */
    @Test
    void backendsThatSpeakNoTls() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 10, LoopbackPorts.loopback())) {
            Thread.ofPlatform().daemon().start(() -> {
                while (!socket.isClosed()) {
                    try (Socket client = socket.accept()) {
                        client.getOutputStream().write("220 mail.example\r\n".getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            streams.backend(socket.getLocalPort(), spec -> {
                        spec.tls = trusting("backend.example", "");
                        spec.retries = 2;
                    })
                    .start();
            try (TcpClient client = streams.connect()) {
                client.send(QUERY.packet());
                assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
            }
            assertThat(streams.backend().stream().gaveUp.sum()).isEqualTo(1);
            assertThat(streams.backend().stream().currentConnections.get()).isZero();
        }
    }

    @Test
    void halfOpenHandshakesEnd() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 10, LoopbackPorts.loopback())) {
            streams.backend(socket.getLocalPort(), spec -> {
                        spec.tls = trusting("backend.example", "");
                        spec.retries = 1;
                        spec.tcpConnectTimeout = 1;
                    })
                    .start();
            try (TcpClient client = streams.connect()) {
                client.send(QUERY.packet());
                assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
            }
            assertThat(streams.backend().stream().connectTimeouts.sum()).isEqualTo(1);
        }
    }
}
