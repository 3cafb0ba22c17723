package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Through which sockets do queries come in and go out? */
class LinksTest {
    private static final int QUERIES = 64;

    private static DnsQuery query(int i) {
        return DnsQuery.of("n" + i + ".example.", A);
    }

    private static DnsProcess before(FakeBackend backend, String options) {
        return DnsProcess.start("newServer({address=\"%s\", %s})\n".formatted(backend.hostPort(), options));
    }

    private static void ask(DnsProcess subject, int count) {
        try (UdpClient client = subject.udp()) {
            for (int i = 0; i < count; i++) {
                client.ask(query(i));
            }
        }
    }

    private static Set<Integer> sourcePorts(FakeBackend backend) {
        return backend.received().stream().map(q -> q.from().getPort()).collect(Collectors.toSet());
    }

    /** The client's socket is connected: it hears only the address it asked. */
    @Test
    void wildcardListenerAnswersFromTheAddressAsked() {
        int port = LoopbackPorts.free();
        String config = DnsProcess.preamble(port, "").replace("addLocal(\"127.0.0.1:", "addLocal(\"0.0.0.0:")
                + "addAction(AllRule(), SpoofAction(\"192.0.2.1\"))\n";
        try (DnsProcess subject = DnsProcess.launch(port, config)) {
            subject.awaitListening();
            for (String asked : new String[] {"127.0.0.1", "127.0.0.3", "127.9.8.7"}) {
                try (UdpClient client = UdpClient.to(new InetSocketAddress(InetAddress.ofLiteral(asked), port))) {
                    assertThat(client.ask(query(1)).answerTexts()).containsExactly("192.0.2.1");
                }
            }
        }
    }

    @Test
    void severalListenersServe() {
        int second = LoopbackPorts.free();
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = DnsProcess.start(
                        "newServer(\"%s\")\naddLocal(\"127.0.0.1:%d\")\n".formatted(backend.hostPort(), second));
                UdpClient client = UdpClient.to(LoopbackPorts.address(second));
                TcpClient tcp = TcpClient.to(LoopbackPorts.address(second))) {
            assertThat(client.ask(query(1)).answerTexts()).containsExactly("192.0.2.1");
            assertThat(tcp.ask(query(1)).answerTexts()).containsExactly("192.0.2.1");
        }
    }

    @Test
    void reusePortListenersShareTheirClients() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1")) {
            int port = LoopbackPorts.free();
            String config = DnsProcess.preamble(port, "{reusePort=true}")
                    + "addLocal(\"127.0.0.1:%d\", {reusePort=true})\nnewServer(\"%s\")\n"
                            .formatted(port, backend.hostPort());
            try (DnsProcess subject = DnsProcess.launch(port, config)) {
                subject.awaitListening();
                for (int i = 0; i < QUERIES; i++) {
                    ask(subject, 1);
                }
                assertThat(subject.counter("queries")).isEqualTo(QUERIES);
            }
        }
    }

    @Test
    void severalSocketsAreAllUsed() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = before(backend, "sockets=4")) {
            ask(subject, QUERIES);
            assertThat(sourcePorts(backend)).hasSize(4);
        }
    }

    @Test
    void queriesLeaveFromTheSourceAddress() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = before(backend, "source=\"127.0.0.5\"");
                TcpClient tcp = subject.tcp()) {
            ask(subject, 1);
            assertThat(backend.last().from().getAddress().getHostAddress()).isEqualTo("127.0.0.5");
            tcp.ask(query(2));
            assertThat(backend.last().from().getAddress().getHostAddress()).isEqualTo("127.0.0.5");
        }
    }

    @Test
    void idsOfTwoClientsDoNotMeet() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = before(backend, "sockets=1");
                UdpClient one = subject.udp();
                UdpClient two = subject.udp()) {
            one.send(query(1).withId(77).packet());
            two.send(query(2).withId(77).packet());
            assertThat(DnsMessage.parse(one.receive(UdpClient.PATIENCE).orElseThrow())
                            .question()
                            .name())
                    .isEqualTo("n1.example.");
            assertThat(DnsMessage.parse(two.receive(UdpClient.PATIENCE).orElseThrow())
                            .question()
                            .name())
                    .isEqualTo("n2.example.");
            assertThat(backend.received().get(0).query().id())
                    .isNotEqualTo(backend.received().get(1).query().id());
        }
    }

    /** 64 random ids: the chance that all differ by exactly one from the one before is nil. */
    @NewerThanDebian("has no setRandomizedIdsOverUDP")
    @Test
    void idsAreRandomWhenTold() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = DnsProcess.start(
                        "setRandomizedIdsOverUDP(true)\nnewServer(\"%s\")\n".formatted(backend.hostPort()))) {
            ask(subject, QUERIES);
            Set<Integer> steps = new HashSet<>();
            for (int i = 1; i < QUERIES; i++) {
                steps.add(backend.received().get(i).query().id()
                        - backend.received().get(i - 1).query().id());
            }
            assertThat(steps).hasSizeGreaterThan(QUERIES / 2);
        }
    }

    @Test
    void tcpOnlyBackendsGetUdpQueriesOverTcp() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = before(backend, "tcpOnly=true, checkInterval=3600")) {
            subject.console("getServer(0):setUp()");
            ask(subject, 3);
            assertThat(backend.received()).hasSize(3).allMatch(FakeBackend.Received::tcp);
        }
    }

    @Test
    void udpStaysUdpAndTcpStaysTcp() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = before(backend, "weight=1");
                TcpClient tcp = subject.tcp()) {
            ask(subject, 1);
            tcp.ask(query(2));
            assertThat(backend.received()).extracting(FakeBackend.Received::tcp).containsExactly(false, true);
        }
    }
}
