package dev.weir.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.net.stream.StreamTransport;
import dev.weir.net.udp.UdpTransport;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One listener is closed, and others go on; what it took is given back. */
class ListenersComeAndGoTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);
    private static final DnsQuery SLOW = DnsQuery.of("slow.example.", DnsMessage.A);

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Model model = new Model();
    private final UdpTransport udp = new UdpTransport(model);
    private final StreamTransport streams = new StreamTransport(model);
    private FakeBackend server = FakeBackend.start(this::answer);

    /** Answers the slow question when its listener is being closed. */
    private Reply answer(FakeBackend.Received query) {
        if (query.name().startsWith("slow.")) {
            try {
                assertThat(closing.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return Reply.send(FakeBackend.addressOrNothing(query.query(), "192.0.2.1"));
    }

    private void backend(FakeBackend at) {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse(at.hostPort(), 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        model.addBackend(new Backend(spec.build()));
    }

    @BeforeEach
    void start() {
        backend(server);
        model.settings().set(Setting.TCP_RECV_TIMEOUT, 600);
        model.start();
        udp.start();
        streams.start();
    }

    @AfterEach
    void end() {
        closing.countDown();
        streams.close();
        udp.close();
        server.close();
    }

    private Frontend open(Transport transport) throws IOException {
        return Objects.requireNonNull(transport.open(ListenSpec.of(Endpoint.parse("127.0.0.1:0", 0))));
    }

    private static UdpClient datagrams(Frontend frontend) {
        return UdpClient.to(LoopbackPorts.address(frontend.address().port()));
    }

    private static TcpClient stream(Frontend frontend) {
        return TcpClient.to(LoopbackPorts.address(frontend.address().port()));
    }

    @Test
    void datagramsInFlightAreAnsweredAndTheAddressIsFree() throws Exception {
        Frontend leaving = open(udp);
        Frontend staying = open(udp);
        try (UdpClient client = datagrams(leaving);
                UdpClient other = datagrams(staying)) {
            client.send(SLOW.packet());
            Await.until("asked", SOON, () -> server.queryCount() == 1);
            Thread closer = Thread.ofPlatform().start(() -> udp.close(leaving));
            Await.until("gone", SOON, () -> !model.engine().frontends().contains(leaving));
            closing.countDown();
            assertThat(client.receive(SOON)).as("what was in flight").isPresent();
            closer.join();
            assertThat(other.ask(QUERY).answerTexts()).containsExactly("192.0.2.1");
            assertThat(model.engine().frontends()).containsExactly(staying);

            Frontend again = Objects.requireNonNull(udp.open(ListenSpec.of(leaving.address())));
            try (UdpClient next = datagrams(again)) {
                assertThat(next.ask(QUERY).answerTexts()).containsExactly("192.0.2.1");
            }
        }
    }

    @Test
    void nobodyWaitsForAnAnswerThatDoesNotCome() throws Exception {
        Frontend leaving = open(udp);
        try (UdpClient client = datagrams(leaving)) {
            client.send(SLOW.packet());
            Await.until("asked", SOON, () -> server.queryCount() == 1);
            udp.close(leaving);
            assertThat(model.engine().frontends()).isEmpty();
        }
    }

    @Test
    void streamsAreToldAndGetWhatTheyAskedFor() throws Exception {
        Frontend leaving = open(streams);
        Frontend staying = open(streams);
        try (TcpClient idle = stream(leaving);
                TcpClient busy = stream(leaving);
                TcpClient other = stream(staying)) {
            assertThat(idle.ask(QUERY).answerTexts()).containsExactly("192.0.2.1");
            assertThat(other.ask(QUERY).answerTexts()).containsExactly("192.0.2.1");
            busy.send(SLOW.packet());
            Await.until("asked", SOON, () -> server.queryCount() == 3);
            streams.close(leaving);
            assertThat(idle.closedWithin(SOON)).as("idle").isTrue();
            closing.countDown();
            assertThat(DnsMessage.parse(busy.receive()).answerTexts()).containsExactly("192.0.2.1");
            assertThat(busy.closedWithin(SOON)).as("answered").isTrue();
            assertThat(other.ask(QUERY).answerTexts()).as("another listener").containsExactly("192.0.2.1");
            assertThat(model.engine().frontends()).containsExactly(staying);

            Frontend again = Objects.requireNonNull(streams.open(ListenSpec.of(leaving.address())));
            try (TcpClient next = stream(again)) {
                assertThat(next.ask(QUERY).answerTexts()).containsExactly("192.0.2.1");
            }
        }
    }

    /** Counters of a hundred listeners that came and went take as much memory as one's, and forget nothing. */
    @Test
    void countersGoOnWithTheNextListener() throws Exception {
        int rounds = 30;
        for (int i = 0; i < rounds; i++) {
            Frontend frontend = open(udp);
            try (UdpClient client = datagrams(frontend)) {
                client.ask(QUERY);
            }
            udp.close(frontend);
        }
        assertThat(model.engine().statistics().value(Counter.QUERIES)).isEqualTo(rounds);
        assertThat(model.engine().statistics().shards()).isEqualTo(1);
    }

    /** The number of a backend that was removed is the next one's; what stood under it is not taken for the new one's. */
    @Test
    void aBackendWithTheNumberOfAnotherOneGetsItsOwnQueries() throws Exception {
        Frontend frontend = open(udp);
        try (UdpClient client = datagrams(frontend)) {
            for (int i = 0; i < 20; i++) {
                client.ask(QUERY);
                Backend old = model.backends().getFirst();
                try (FakeBackend next = FakeBackend.answering("192.0.2." + (2 + i))) {
                    model.removeBackend(old);
                    backend(next);
                    assertThat(model.backends().getFirst().index()).isEqualTo(old.index());
                    assertThat(client.ask(QUERY).answerTexts()).containsExactly("192.0.2." + (2 + i));
                    server.close();
                    server = FakeBackend.answering("192.0.2.1");
                    model.removeBackend(model.backends().getFirst());
                    backend(server);
                }
            }
        }
    }
}
