package dev.weir.net.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.ReceivedProxyHeader;
import dev.weir.testkit.UdpClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queries over a real loopback to backends that answer, lie, or keep silent. */
class ForwardingTest {
    private static final Duration SECONDS = Await.PATIENCE;
    private static final Duration SOON = Duration.ofMillis(300);

    @Test
    void answersComeBackUnderTheClientsId() {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            Backend backend = balancer.backend(server);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                DnsQuery query = DnsQuery.of("www.example.", DnsMessage.A).withId(0xBEEF);
                DnsMessage answer = client.ask(query);
                assertThat(answer.id()).isEqualTo(0xBEEF);
                assertThat(answer.answerTexts()).hasSize(1).first().asString().contains("192.0.2.1");
                assertThat(backend.outstanding()).isZero();
                assertThat(backend.queries().sum()).isEqualTo(1);
                assertThat(backend.responses().sum()).isEqualTo(1);
            }
        }
    }

    @Test
    void severalSocketsCarryTheQueriesInTurn() {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            balancer.backend(server, b -> b.sockets = 3);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                for (int i = 0; i < 9; i++) {
                    client.ask(DnsQuery.of("n" + i + ".example.", DnsMessage.A));
                }
            }
            List<Long> queriesPerSocket = server.received().stream()
                    .collect(java.util.stream.Collectors.groupingBy(
                            FakeBackend.Received::from, java.util.stream.Collectors.counting()))
                    .values()
                    .stream()
                    .toList();
            assertThat(queriesPerSocket).containsExactly(3L, 3L, 3L);
        }
    }

    @Test
    void randomIdsAndSocketsAnswerAsWell() {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            balancer.model.settings().set(Setting.RANDOMIZED_IDS_OVER_UDP, true);
            balancer.model.settings().set(Setting.RANDOMIZED_OUTGOING_SOCKETS, true);
            balancer.backend(server, b -> b.sockets = 4);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                for (int i = 0; i < 50; i++) {
                    client.ask(DnsQuery.of("n" + i + ".example.", DnsMessage.A));
                }
            }
            List<FakeBackend.Received> received = server.received();
            boolean countUp = true;
            for (int i = 1; i < received.size(); i++) {
                countUp &= received.get(i).query().id()
                        == received.get(i - 1).query().id() + 1;
            }
            assertThat(countUp).isFalse();
            assertThat(received.stream()
                            .map(FakeBackend.Received::from)
                            .distinct()
                            .count())
                    .isGreaterThan(1);
        }
    }

    @Test
    void sourceAddressIsTheConfiguredOne() {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            balancer.backend(server, b -> b.sourceAddress = dev.weir.engine.acl.IpAddress.parse("127.0.0.77"));
            balancer.start();
            try (UdpClient client = balancer.client()) {
                client.ask(DnsQuery.of("www.example.", DnsMessage.A));
            }
            assertThat(server.last().from().getAddress().getHostAddress()).isEqualTo("127.0.0.77");
        }
    }

    @Test
    void aWrongIdIsNoAnswer() {
        onlyTheTrueAnswerPasses(
                q -> {
                    DnsMessage wrong = FakeBackend.addressOrNothing(q, "192.0.2.66");
                    return Reply.send(wrong.withId(wrong.id() + 1 & 0xffff));
                },
                0);
    }

    @Test
    void aWrongNameIsNoAnswerAndCounted() {
        onlyTheTrueAnswerPasses(
                q -> Reply.send(
                        FakeBackend.addressOrNothing(q, "192.0.2.66").withQuestion("evil.example.", DnsMessage.A)),
                1);
    }

    @Test
    void anotherPortsAnswerIsNone() {
        onlyTheTrueAnswerPasses(q -> Reply.fromOtherPort(FakeBackend.addressOrNothing(q, "192.0.2.66")), 0);
    }

    private static void onlyTheTrueAnswerPasses(java.util.function.Function<DnsMessage, Reply> lie, long noncompliant) {
        try (FakeBackend server = FakeBackend.start(q -> new Reply.Many(List.of(
                        lie.apply(q.query()),
                        Reply.later(Duration.ofMillis(50), FakeBackend.addressOrNothing(q.query(), "192.0.2.1")))));
                Balancer balancer = new Balancer()) {
            Backend backend = balancer.backend(server);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                DnsMessage answer = client.ask(DnsQuery.of("www.example.", DnsMessage.A));
                assertThat(answer.answerTexts()).hasSize(1).first().asString().contains("192.0.2.1");
                assertThat(client.receive(SOON)).isEmpty();
            }
            assertThat(backend.noncompliantResponses().sum()).isEqualTo(noncompliant);
        }
    }

    @Test
    void aLateAnswerReachesNobody() {
        try (FakeBackend server = FakeBackend.start(q -> q.name().startsWith("late")
                        ? Reply.later(Duration.ofMillis(1_700), FakeBackend.addressOrNothing(q.query(), "192.0.2.66"))
                        : Reply.drop());
                Balancer balancer = new Balancer()) {
            balancer.model.settings().set(Setting.MAX_UDP_OUTSTANDING, 1);
            Backend backend = balancer.backend(server, b -> b.udpTimeout = 1);
            balancer.start();
            try (UdpClient first = balancer.client();
                    UdpClient second = balancer.client()) {
                first.send(DnsQuery.of("late.example.", DnsMessage.A).packet());
                Await.until("timed out", SECONDS, () -> balancer.count(Counter.DOWNSTREAM_TIMEOUTS) == 1);
                second.send(DnsQuery.of("next.example.", DnsMessage.A).packet());
                assertThat(second.receive(Duration.ofMillis(900))).isEmpty();
                assertThat(first.receive(Duration.ofMillis(10))).isEmpty();
                Await.until("timed out", SECONDS, () -> balancer.count(Counter.DOWNSTREAM_TIMEOUTS) == 2);
                assertThat(backend.outstanding()).isZero();
                assertThat(backend.responses().sum()).isZero();
            }
        }
    }

    @Test
    void aSlotInUseGoesToTheNewerQuery() {
        try (FakeBackend server = FakeBackend.start(q -> q.name().startsWith("old")
                        ? Reply.drop()
                        : Reply.send(FakeBackend.addressOrNothing(q.query(), "192.0.2.1")));
                Balancer balancer = new Balancer()) {
            balancer.model.settings().set(Setting.MAX_UDP_OUTSTANDING, 2);
            Backend backend = balancer.backend(server, b -> b.udpTimeout = 100);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                client.send(DnsQuery.of("old.example.", DnsMessage.A).packet());
                Await.until("in flight", SECONDS, () -> backend.outstanding() == 1);
                client.ask(DnsQuery.of("a.example.", DnsMessage.A));
                assertThat(backend.drops().sum()).isZero();
                client.ask(DnsQuery.of("b.example.", DnsMessage.A));
                assertThat(backend.drops().sum()).isEqualTo(1);
                assertThat(balancer.count(Counter.DOWNSTREAM_TIMEOUTS)).isEqualTo(1);
                assertThat(backend.outstanding()).isZero();
            }
        }
    }

    @Test
    void nobodyListeningIsATimeout() {
        try (Balancer balancer = new Balancer()) {
            Backend backend = balancer.backend(
                    Endpoint.parse("127.0.0.1:" + dev.weir.testkit.LoopbackPorts.free(), 53), b -> b.udpTimeout = 1);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                client.send(DnsQuery.of("a.example.", DnsMessage.A).packet());
                client.send(DnsQuery.of("b.example.", DnsMessage.A).packet());
                Await.until("timed out", SECONDS, () -> balancer.count(Counter.DOWNSTREAM_TIMEOUTS) == 2);
                assertThat(backend.outstanding()).isZero();
            }
        }
    }

    @Test
    void queriesToARemovedBackendAreForgotten() {
        try (FakeBackend silent = FakeBackend.start(q -> Reply.drop());
                Balancer balancer = new Balancer()) {
            Backend backend = balancer.backend(silent, b -> b.udpTimeout = 100);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                client.send(DnsQuery.of("a.example.", DnsMessage.A).packet());
                Await.until("in flight", SECONDS, () -> backend.outstanding() == 1);
                balancer.model.removeBackend(backend);
                Await.until("forgotten", SECONDS, () -> backend.outstanding() == 0);
            }
        }
    }

    @Test
    void reopenedSocketsAskFromAnotherPort() {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            Backend backend = balancer.backend(server);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                client.ask(DnsQuery.of("a.example.", DnsMessage.A));
                balancer.udp.reopen(backend);
                client.ask(DnsQuery.of("b.example.", DnsMessage.A));
            }
            List<FakeBackend.Received> received = server.received();
            assertThat(received.get(1).from()).isNotEqualTo(received.get(0).from());
        }
    }

    @Test
    void aProxyHeaderTellsTheBackendWhoAsks() {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            balancer.backend(server, b -> b.useProxyProtocol = true);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                DnsQuery query = DnsQuery.of("www.example.", DnsMessage.A);
                client.ask(query);
                ReceivedProxyHeader header = server.last().proxyHeader().orElseThrow();
                assertThat(header.source().orElseThrow().getPort())
                        .isEqualTo(client.local().getPort());
                assertThat(header.destination().orElseThrow().getPort()).isEqualTo(balancer.port());
                assertThat(header.destination().orElseThrow().getHostString()).isEqualTo("127.0.0.1");
                assertThat(header.tcp()).isFalse();
                assertThat(DnsMessage.sameButId(server.last().packet(), query.packet()))
                        .isTrue();
            }
        }
    }

    @Test
    void aWildcardListenerAnswersFromTheAddressThatWasAsked() throws Exception {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            balancer.backend(server);
            balancer.start(SocketSpec.of(Endpoint.parse("0.0.0.0:0", 53)));
            InetSocketAddress other = new InetSocketAddress("127.0.0.2", balancer.port());
            // A connected client socket takes datagrams from the address it asked only.
            try (UdpClient client = UdpClient.between(InetAddress.getByName("127.0.0.3"), other)) {
                assertThat(client.ask(DnsQuery.of("www.example.", DnsMessage.A)).answerTexts())
                        .hasSize(1);
            }
        }
    }

    @Test
    void clientsAskOverIpv6AndTheBackendIsAskedOverIpv4() throws Exception {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            balancer.backend(server, b -> b.useProxyProtocol = true);
            balancer.start(SocketSpec.of(Endpoint.parse("[::]:0", 53)));
            InetAddress loopback = InetAddress.getByName("::1");
            try (UdpClient client = UdpClient.between(loopback, new InetSocketAddress(loopback, balancer.port()))) {
                assertThat(client.ask(DnsQuery.of("www.example.", DnsMessage.A)).answerTexts())
                        .hasSize(1);
                ReceivedProxyHeader header = server.last().proxyHeader().orElseThrow();
                assertThat(header.source().orElseThrow().getPort())
                        .isEqualTo(client.local().getPort());
                assertThat(InetAddress.getByName(
                                header.destination().orElseThrow().getHostString()))
                        .isEqualTo(loopback);
            }
        }
    }

    @Test
    void listenersShareAnAddressWithReusePort() throws Exception {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            balancer.backend(server);
            SocketSpec first = reusing(Endpoint.parse("127.0.0.1:0", 53));
            balancer.start(first);
            balancer.udp.open(reusing(Endpoint.parse("127.0.0.1:" + balancer.port(), 53)));
            for (int i = 0; i < 20; i++) {
                try (UdpClient client = balancer.client()) {
                    client.ask(DnsQuery.of("www.example.", DnsMessage.A));
                }
            }
            assertThat(balancer.model.engine().frontends())
                    .hasSize(2)
                    .allSatisfy(f -> assertThat(f.responses().sum()).isPositive());
        }
    }

    private static SocketSpec reusing(Endpoint address) {
        return new SocketSpec(address, true, "", List.of(), true);
    }

    @Test
    void aTakenAddressIsNamedInTheError() {
        try (Balancer balancer = new Balancer();
                UdpTransport second = new UdpTransport(new Model())) {
            balancer.start();
            assertThatThrownBy(() -> second.open(SocketSpec.of(Endpoint.parse("127.0.0.1:" + balancer.port(), 53))))
                    .hasMessageContaining("bind(127.0.0.1:" + balancer.port() + ")")
                    .hasMessageContaining("EADDRINUSE");
        }
    }
}
