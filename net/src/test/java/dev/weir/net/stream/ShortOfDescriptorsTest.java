package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.net.udp.UdpTransport;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What happens when connections want more descriptors than there are, and who holds them for nothing. */
class ShortOfDescriptorsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final byte[] QUERY =
            DnsQuery.of("www.example.", DnsMessage.A).packet();

    @AfterAll
    static void noBufferIsLost() {
        BufferLeaks.assertNone();
    }

    @Test
    void theClientIdleLongestGoesAndNewOnesAreServed() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams streams = Streams.create().budget(12, 8).backend(backend)) {
            streams.model.settings().set(Setting.TCP_RECV_TIMEOUT, 60);
            streams.start();
            List<TcpClient> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                TcpClient client = streams.connect();
                clients.add(client);
                client.exchange(QUERY);
            }
            Await.until(
                    "back within the budget",
                    SOON,
                    () -> streams.counters().currentConnections.get()
                                    + streams.backend().stream()
                                            .currentConnections
                                            .get()
                            <= 12);
            assertThat(clients.getFirst().closedWithin(SOON)).isTrue();
            clients.getLast().exchange(QUERY);
            int left = streams.counters().currentConnections.get();
            for (int i = 0; i < 40 - left; i++) {
                assertThat(clients.get(i).closedWithin(SOON)).as("client " + i).isTrue();
            }
            assertThat(streams.count(Counter.TCP_CLIENTS_EVICTED)).isEqualTo(40 - left);
            clients.forEach(TcpClient::close);
        }
    }

    @Test
    void queriesToASilentBackendTakeAShareOnly() throws Exception {
        try (FakeBackend silent = FakeBackend.start(q -> Reply.drop());
                Streams streams = Streams.create().budget(40, 8).backend(silent.port(), b -> b.tcpOnly = true);
                UdpTransport udp = new UdpTransport(streams.model)) {
            Frontend frontend = udp.open(ListenSpec.of(Endpoint.parse("127.0.0.1:0", 0)));
            udp.forwardStreamsTo(streams.transport);
            streams.model.start();
            udp.start();
            try (UdpClient client =
                    UdpClient.to(LoopbackPorts.address(frontend.address().port()))) {
                for (int i = 0; i < 500; i++) {
                    client.send(DnsQuery.of("q" + i + ".example.", DnsMessage.A).packet());
                }
                Await.until(
                        "all decided",
                        SOON,
                        () -> streams.count(Counter.DOWNSTREAM_SEND_ERRORS)
                                                + streams.backend().stream()
                                                        .currentConnections
                                                        .get()
                                        >= streams.count(Counter.QUERIES)
                                && streams.count(Counter.QUERIES) > 100);
            }
            // Half of 40 for the only backend.
            assertThat(streams.backend().stream().maxConcurrentConnections.get())
                    .isBetween(20, 21);
            assertThat(streams.backend().stream().tooManyConcurrentConnections.sum())
                    .isPositive();
        }
    }

    /** With room for five on each, ten queries need two connections, also when they come and go at different times. */
    @Test
    void pipelinesAreFilledBeforeNewConnectionsAreOpened() {
        FakeBackend.Script uneven = q -> Reply.later(
                Duration.ofMillis(5 + q.name().hashCode() % 4 * 5),
                FakeBackend.addressOrNothing(q.query(), "192.0.2.1"));
        try (FakeBackend backend = FakeBackend.start(uneven);
                Streams streams = Streams.create()
                        .maxInFlight(10)
                        .backend(backend.port(), b -> b.maxInFlight = 5)
                        .start();
                TcpClient client = streams.connect()) {
            for (int i = 0; i < 300; i++) {
                if (i >= 10) {
                    client.receive();
                }
                client.send(DnsQuery.of("q" + i + ".example.", DnsMessage.A).packet());
            }
            assertThat(backend.connectionCount()).isEqualTo(2);
        }
    }

    @Test
    void whatAClientThatHasGoneWaitedForIsGivenUp() throws Exception {
        try (FakeBackend silent = FakeBackend.start(q -> Reply.drop());
                Streams streams = Streams.create().backend(silent).start()) {
            for (int i = 1; i <= 20; i++) {
                int asked = i;
                Socket client = new Socket("127.0.0.1", streams.address().getPort());
                client.getOutputStream().write(TcpClient.framed(QUERY));
                Await.until("asked", SOON, () -> silent.queryCount() == asked);
                client.setSoLinger(true, 0);
                client.close();
            }
            Await.until(
                    "given up",
                    SOON,
                    () -> streams.backend().stream().currentConnections.get() == 0);
            // A connection is counted as closed before its queries are over.
            Await.until("none outstanding", SOON, () -> streams.backend().outstanding() == 0);
        }
    }

    @Test
    void othersOnTheSameConnectionGetTheirAnswers() throws Exception {
        FakeBackend.Script slow = q -> q.name().startsWith("never")
                ? Reply.drop()
                : Reply.later(Duration.ofMillis(500), FakeBackend.addressOrNothing(q.query(), "192.0.2.1"));
        try (FakeBackend backend = FakeBackend.start(slow);
                Streams streams = Streams.create()
                        .backend(backend.port(), b -> {
                            b.maxInFlight = 10;
                            b.maxConcurrentTcpConnections = 1;
                        })
                        .loops(1)
                        .start();
                TcpClient stays = streams.connect();
                Socket leaves = new Socket("127.0.0.1", streams.address().getPort())) {
            leaves.getOutputStream()
                    .write(TcpClient.framed(
                            DnsQuery.of("never.example.", DnsMessage.A).packet()));
            Await.until("asked", SOON, () -> backend.queryCount() == 1);
            stays.send(QUERY);
            Await.until("asked", SOON, () -> backend.queryCount() == 2);
            leaves.setSoLinger(true, 0);
            leaves.close();
            stays.receive();
            Await.until(
                    "then given up",
                    SOON,
                    () -> streams.backend().stream().currentConnections.get() == 0);
        }
    }

    /** As with a source address that this host does not have: EADDRNOTAVAIL. */
    @Test
    void ourOwnWantIsNoEvidenceAgainstABackend() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams streams = Streams.create().backend(backend.port(), b -> {
                    b.sourceAddress = IpAddress.parse("192.0.2.1");
                    b.healthMode = dev.weir.engine.backend.BackendSpec.HealthMode.LAZY;
                });
                Streams running = streams.start();
                TcpClient client = running.connect()) {
            client.send(QUERY);
            assertThat(client.tryReceive(SOON)).isEmpty();
            assertThat(streams.backend().sendErrors().sum()).isEqualTo(1);
            assertThat(streams.backend().stream().gaveUp.sum()).isZero();
            assertThat(streams.backend().health().takeDueCheck(0))
                    .as("under suspicion")
                    .isFalse();
            assertThat(streams.backend().outstanding()).isZero();
        }
    }
}
