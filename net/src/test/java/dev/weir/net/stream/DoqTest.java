package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.QuicCounters;
import dev.weir.engine.listen.QuicSpec;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.LatencyKind;
import dev.weir.engine.task.FaultGuard;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestCertificates;
import dev.weir.wire.Rcode;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What do clients of DNS over QUIC get, good ones and others? */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DoqTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair FIRST = FILES.make("first", "dns.example", "*.wild.example");
    private static final TestCertificates.Pair SECOND = FILES.makeRsa("second", "other.example");
    private static final DnsQuery QUERY =
            DnsQuery.of("www.example.", DnsMessage.A).withId(0);

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
        start(QuicSpec.DEFAULT, EncryptedListener.spec(FIRST));
    }

    private void start(QuicSpec quic, TlsSpec tls) throws IOException {
        start("127.0.0.1:0", quic, tls);
    }

    private void start(String address, QuicSpec quic, TlsSpec tls) throws IOException {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse(backend.hostPort(), 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        model.addBackend(new Backend(spec.build()));
        SocketSpec at = SocketSpec.of(Endpoint.parse(address, 0));
        frontend = Objects.requireNonNull(transport.open(new ListenSpec.Quic(at, quic, tls, null)));
        model.start();
        transport.start();
    }

    private InetSocketAddress address() {
        return LoopbackPorts.address(frontend.address().port());
    }

    private QuicClient client() {
        return new QuicClient(address(), "doq", "dns.example");
    }

    private QuicCounters counters() {
        return Objects.requireNonNull(frontend.quic());
    }

    private void rule(Selector selector, int rcode) {
        model.rules().add(Rule.of(selector, new Answering.RCode(rcode, AnswerFlags.DEFAULT), UUID.randomUUID(), ""));
    }

    private void assertOthersAreServed(long survived) {
        try (QuicClient other = client()) {
            assertThat(other.ask(QUERY).answers()).hasSize(1);
        }
        assertThat(FaultGuard.total()).isEqualTo(survived);
    }

    /** The kernel would answer from 127.0.0.1, as that is what lo's route says, and no client of QUIC takes that. */
    @ParameterizedTest
    @CsvSource({"0.0.0.0:0, 127.0.0.2", "0.0.0.0:0, 127.0.0.1", "[::]:0, ::1"})
    void eachClientIsAnsweredFromWhereItAsked(String listening, String asked) throws IOException {
        start(listening, QuicSpec.DEFAULT, EncryptedListener.spec(FIRST));
        rule(new ClientSelector.Netmasks(NetmaskGroup.parse(List.of(asked)), false, false), Rcode.REFUSED);
        InetSocketAddress there =
                new InetSocketAddress(asked, frontend.address().port());
        try (QuicClient client = new QuicClient(there, "doq", "dns.example")) {
            assertThat(client.ask(QUERY).rcode()).as("asked at " + asked).isEqualTo(Rcode.REFUSED);
        }
    }

    @Test
    void backendsAnswer() throws IOException {
        start();
        try (QuicClient client = client()) {
            DnsMessage answer = client.ask(QUERY);
            assertThat(answer.id()).isZero();
            assertThat(answer.answers()).hasSize(1);
            assertThat(client.ask(QUERY).answers()).hasSize(1);
            assertThat(client.ask(DnsQuery.of("example.", 252).withId(0)).rcode())
                    .as("no zones over QUIC")
                    .isEqualTo(Rcode.NOTIMP);
        }
        assertThat(counters().valid.sum()).isEqualTo(3);
        assertThat(frontend.queries().sum()).isEqualTo(3);
        assertThat(model.engine().statistics().latencyAverage(0, LatencyKind.DOQ))
                .isPositive();
        assertThat(model.engine().statistics().latencyAverage(0, LatencyKind.TCP))
                .isZero();
        Await.until(
                "the connection is over",
                Await.PATIENCE,
                () -> frontend.stream().currentConnections.get() == 0);
    }

    /** Also those from the cache, and those of rules; not those to clients without EDNS. */
    @Test
    void answersArePadded() throws IOException {
        start(QuicSpec.DEFAULT, EncryptedListener.spec(FIRST).padding(true));
        try (QuicClient client = client()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.ask(QUERY.edns(1232)).option(DnsMessage.PADDING_OPTION))
                        .isPresent();
                assertThat(client.ask(QUERY).option(DnsMessage.PADDING_OPTION)).isEmpty();
            }
            QuicClient.Stream stream = client.stream();
            stream.sendLast(QuicClient.framed(QUERY.edns(1232).packet()));
            assertThat(stream.all().length - 2).isEqualTo(468);
        }
    }

    @Test
    void rulesKnowHowQueriesCame() throws IOException {
        rule(new ClientSelector.ServerName("other.example"), Rcode.NOTAUTH);
        rule(new ClientSelector.IncomingProtocol(Protocol.DOQ), Rcode.REFUSED);
        start(QuicSpec.DEFAULT, EncryptedListener.spec(FIRST, SECOND));
        try (QuicClient client = client()) {
            assertThat(client.ask(QUERY).rcode()).isEqualTo(Rcode.REFUSED);
            assertThat(client.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=dns.example");
        }
        try (QuicClient client = new QuicClient(address(), "doq", "other.example")) {
            assertThat(client.ask(QUERY).rcode()).isEqualTo(Rcode.NOTAUTH);
            assertThat(client.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=other.example");
        }
    }

    @Test
    void certificatesAreReadAgain() throws IOException {
        TestCertificates.Pair mine = FILES.make("mine", "before.example");
        start(QuicSpec.DEFAULT, EncryptedListener.spec(mine));
        try (QuicClient before = client()) {
            Files.copy(SECOND.certificate(), mine.certificate(), StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(
                            () -> Objects.requireNonNull(frontend.tlsControl()).reload())
                    .hasMessageContaining("does not belong");
            Files.copy(SECOND.key(), mine.key(), StandardCopyOption.REPLACE_EXISTING);
            Objects.requireNonNull(frontend.tlsControl()).reload();
            assertThat(before.ask(QUERY).answers()).hasSize(1);
            try (QuicClient after = client()) {
                assertThat(after.certificate().getSubjectX500Principal().getName())
                        .isEqualTo("CN=other.example");
            }
        }
    }

    @Test
    void secretsAndEventsAreWrittenWhereAskedFor() throws IOException {
        try (TempDirectory directory = TempDirectory.create("weir-quic")) {
            TlsSpec tls = EncryptedListener.spec(FIRST);
            String log = directory.path().resolve("keys").toString();
            start(
                    new QuicSpec(
                            0,
                            5,
                            QuicSpec.CongestionControl.BBR,
                            directory.path().toString()),
                    new TlsSpec(tls.certificates(), "", tls.ciphers(), tls.sessions(), List.of(), log, false, false));
            try (QuicClient client = client()) {
                assertThat(client.ask(QUERY).answers()).hasSize(1);
            }
            assertThat(Files.readString(directory.path().resolve("keys")))
                    .contains("CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0");
            try (var files = Files.list(directory.path())) {
                assertThat(files.count()).isEqualTo(2);
            }
        }
    }

    @Test
    void whoMayNotAskGetsNoDatagram() throws IOException {
        model.setAcl(NetmaskGroup.parse(List.of("192.0.2.0/24")));
        start();
        assertThat(nothingFor(initial(0xfaceb00c, 1_200))).isEmpty();
        Await.until(
                "it is counted",
                Await.PATIENCE,
                () -> model.engine().statistics().value(Counter.ACL_DROPS) == 1);
    }

    /** A datagram in the long form that begins a connection, with ids of 8 octets, and nothing behind them that could be read. */
    private static byte[] initial(int version, int length) {
        return ByteBuffer.allocate(length)
                .put((byte) 0xc0)
                .putInt(version)
                .put((byte) 8)
                .putLong(0x1122334455667788L)
                .put((byte) 8)
                .putLong(0x8877665544332211L)
                .put((byte) 0) // no token
                .putShort((short) (0x4000 | length - 26))
                .array();
    }

    private byte[] answerTo(byte[] datagram) throws IOException {
        return answerTo(datagram, (int) Await.PATIENCE.toMillis());
    }

    /** What comes in a moment that is long enough for an answer, which would be too much. */
    private byte[] nothingFor(byte[] datagram) throws IOException {
        return answerTo(datagram, 300);
    }

    private byte[] answerTo(byte[] datagram, int millis) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(millis);
            socket.send(new DatagramPacket(datagram, datagram.length, address()));
            DatagramPacket answer = new DatagramPacket(new byte[2_048], 2_048);
            socket.receive(answer);
            return java.util.Arrays.copyOf(answer.getData(), answer.getLength());
        } catch (SocketTimeoutException e) {
            return new byte[0];
        }
    }

    @Test
    void sessionsAreTakenUpAndCounted() throws IOException {
        model.settings().set(Setting.MAX_TLS_NEW_SESSION_RATE_PER_CLIENT, 1);
        start();
        try (QuicClient client = client()) {
            assertThat(client.ask(QUERY).answers()).hasSize(1);
            assertThat(QuicSession.isResumed(client.connection())).isFalse();
            try (QuicClient again = client.again()) {
                assertThat(again.ask(QUERY).answers()).hasSize(1);
                assertThat(QuicSession.isResumed(again.connection())).isTrue();
            }
            Await.until("full handshakes come too fast", Await.PATIENCE, () -> {
                try (QuicClient other = client()) {
                    other.stream();
                } catch (IllegalStateException refused) {
                    // banned meanwhile
                }
                return counters().refused.sum() > 0;
            });
        }
    }

    @Test
    void oneClientHasNoMoreConnectionsThanItMay() throws IOException {
        model.settings().set(Setting.MAX_TCP_CONNECTIONS_PER_CLIENT, 2);
        model.settings().set(Setting.TCP_CONNECTIONS_OVERLOAD_THRESHOLD, 0);
        start(new QuicSpec(0, 30, QuicSpec.CongestionControl.CUBIC, ""), EncryptedListener.spec(FIRST));
        try (QuicClient one = client();
                QuicClient two = client()) {
            assertThat(one.ask(QUERY).answers()).hasSize(1);
            thirdIsRefused();
            assertThat(two.ask(QUERY).answers()).hasSize(1);
        }
        assertThat(counters().refused.sum()).isPositive();
        Await.until(
                "they have left",
                Await.PATIENCE,
                () -> frontend.stream().currentConnections.get() == 0);
        assertOthersAreServed(FaultGuard.total());
    }

    /** It may learn of that before or after its half of the handshake. */
    private void thirdIsRefused() {
        try (QuicClient third = client()) {
            Await.until("it is refused", Await.PATIENCE, () -> !third.isOpen());
        } catch (IllegalStateException refused) {
            assertThat(refused).hasCauseInstanceOf(ExecutionException.class);
        }
    }

    /** Whoever forges an address has nothing sent there that is worth it, and nothing is remembered of it (RFC 9000 section 8.1). */
    @Test
    void addressesAreValidatedFirst() throws IOException {
        start();
        byte[] retry = answerTo(initial(1, 1_200));
        assertThat(retry[0] & 0xf0).as("a Retry").isEqualTo(0xf0);
        assertThat(retry.length).isLessThan(200);
        byte[] versions = answerTo(initial(0xfaceb00c, 1_200));
        assertThat(ByteBuffer.wrap(versions).getInt(1)).as("the versions").isZero();
        assertThat(versions.length).isLessThan(200);
        assertThat(nothingFor(initial(1, 100))).as("too short").isEmpty();
        assertThat(nothingFor(initial(0xfaceb00c, 100))).as("too short").isEmpty();
        assertThat(nothingFor(new byte[] {(byte) 0xc0, 0, 0})).isEmpty();
        assertThat(nothingFor(new byte[0])).isEmpty();
        assertThat(counters().shortInitials.sum()).isEqualTo(2);
        assertThat(counters().unsupportedVersions.sum()).isEqualTo(1);
        assertThat(frontend.stream().maxConcurrentConnections.get()).isZero();
    }

    /** Each is answered with a Retry, which keeps nothing here; clients that mean it are served meanwhile. */
    @Test
    void idsOfConnectionsThatNeverComeTakeNothing() throws IOException {
        long survived = FaultGuard.total();
        start();
        try (DatagramSocket socket = new DatagramSocket();
                QuicClient honest = client()) {
            DatagramPacket answer = new DatagramPacket(new byte[2_048], 2_048);
            socket.setSoTimeout((int) Await.PATIENCE.toMillis());
            for (int i = 0; i < 3_000; i++) {
                byte[] packet = initial(1, 1_200);
                ByteBuffer.wrap(packet).putLong(6, i);
                socket.send(new DatagramPacket(packet, packet.length, address()));
                socket.receive(answer);
                assertThat(answer.getData()[0] & 0xf0).isEqualTo(0xf0);
                if (i % 500 == 0) {
                    assertThat(honest.ask(QUERY).answers()).hasSize(1);
                }
            }
        }
        assertThat(frontend.stream().maxConcurrentConnections.get()).isEqualTo(1);
        assertOthersAreServed(survived);
    }

    @Test
    void violationsEndTheConnection() throws IOException {
        long survived = FaultGuard.total();
        start();
        byte[] framed = QuicClient.framed(QUERY.packet());
        byte[] twice =
                ByteBuffer.allocate(2 * framed.length).put(framed).put(framed).array();
        byte[] shorter = framed.clone();
        shorter[1]++;
        for (byte[] bad : List.of(
                QuicClient.framed(QUERY.withId(7).packet()),
                QuicClient.framed(new byte[11]),
                twice,
                shorter,
                new byte[] {0},
                new byte[0])) {
            try (QuicClient client = client()) {
                QuicClient.Stream stream = client.stream();
                stream.sendLast(bad);
                assertThat(client.closed().error()).as("%d octets", bad.length).isEqualTo(DoqConnection.PROTOCOL_ERROR);
                assertThat(client.closed().isApplicationClose()).isTrue();
            }
        }
        assertOthersAreServed(survived);
    }

    @Test
    void droppedQueriesEndTheirStreamOnly() throws IOException {
        model.rules()
                .add(Rule.of(
                        new ClientSelector.IncomingProtocol(Protocol.DOQ),
                        new Answering.RCode(Rcode.REFUSED, AnswerFlags.DEFAULT),
                        UUID.randomUUID(),
                        ""));
        start();
        frontend.setMuted(true);
        try (QuicClient client = client()) {
            QuicClient.Stream stream = client.stream();
            stream.sendLast(QuicClient.framed(QUERY.packet()));
            assertThat(stream.reset()).isEqualTo(DoqConnection.UNSPECIFIED_ERROR);
            frontend.setMuted(false);
            assertThat(client.ask(QUERY).rcode()).isEqualTo(Rcode.REFUSED);
        }
    }

    /** Streams that never end, each with an octet, and each with nearly all of a long message. */
    @Test
    void streamsThatNeverEndAreBounded() throws IOException {
        long survived = FaultGuard.total();
        start();
        try (QuicClient client = client()) {
            for (int i = 0; i < 150 && client.isOpen(); i++) {
                client.stream().send((byte) 0);
            }
            assertThat(client.closed().error()).isEqualTo(DoqConnection.EXCESSIVE_LOAD);
        }
        try (QuicClient client = client()) {
            byte[] long1 = new byte[60_000];
            long1[0] = (byte) 0xff;
            for (int i = 0; i < 6 && client.isOpen(); i++) {
                client.stream().send(long1);
            }
            assertThat(client.closed().error()).isEqualTo(DoqConnection.EXCESSIVE_LOAD);
        }
        assertOthersAreServed(survived);
    }

    /** One that keeps its connection alive without asking anything. */
    @Test
    void idleConnectionsEnd() throws IOException {
        start(new QuicSpec(0, 1, QuicSpec.CongestionControl.RENO, ""), EncryptedListener.spec(FIRST));
        try (QuicClient client = client()) {
            QuicClient.Stream stream = client.stream();
            stream.send((byte) 0xff, (byte) 0xff);
            Await.until("the end of patience", Await.PATIENCE, () -> {
                stream.send((byte) 0);
                return frontend.stream().clientTimeouts.sum() == 1;
            });
            assertThat(client.closed().error()).isEqualTo(DoqConnection.NO_ERROR);
        }
    }

    @Test
    void manyQueriesAtOnceAreAllAnswered() throws IOException {
        start();
        try (QuicClient client = client()) {
            List<QuicClient.Stream> streams = java.util.stream.IntStream.range(0, 500)
                    .mapToObj(i -> client.stream())
                    .toList();
            for (int i = 0; i < streams.size(); i++) {
                QuicClient.Stream stream = streams.get(i);
                stream.sendLast(QuicClient.framed(DnsQuery.of("n" + i + ".example.", DnsMessage.A)
                        .withId(0)
                        .packet()));
            }
            for (QuicClient.Stream stream : streams) {
                assertThat(DnsMessage.parse(QuicClient.unframed(stream.all())).answers())
                        .hasSize(1);
            }
        }
    }

    @Test
    void closingAListenerAnswersWhatIsAsked() throws IOException {
        start();
        try (QuicClient client = client()) {
            assertThat(client.ask(QUERY).answers()).hasSize(1);
            transport.close(frontend);
            assertThat(client.closed().error()).isEqualTo(DoqConnection.NO_ERROR);
        }
        assertThat(model.engine().frontends()).isEmpty();
        try (DatagramSocket again = new DatagramSocket(address())) {
            assertThat(again.isBound()).isTrue();
        }
    }
}
