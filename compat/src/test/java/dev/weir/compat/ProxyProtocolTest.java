package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.ReceivedProxyHeader;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** PROXY protocol version 2: who is the client, when somebody else says so, and what is told to backends? */
class ProxyProtocolTest {
    private static final Duration SILENCE = Duration.ofMillis(200);
    private static final InetSocketAddress ANNOUNCED = new InetSocketAddress(literal("198.51.100.7"), 4242);
    private static final InetSocketAddress SERVICE = new InetSocketAddress(literal("203.0.113.53"), 53);
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", A);

    /** Refuses what comes from the announced address, so that the answer tells who the client was. */
    private static final String REFUSE_ANNOUNCED =
            "addAction(\"198.51.100.7/32\", RCodeAction(DNSRCode.REFUSED))\nsetProxyProtocolACL({\"127.0.0.1/32\"})\n";

    private static InetAddress literal(String address) {
        return InetAddress.ofLiteral(address);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] header(boolean tcp) {
        return ReceivedProxyHeader.compose(ANNOUNCED, SERVICE, tcp);
    }

    private static DnsProcess accepting(FakeBackend backend, String more) {
        return DnsProcess.start(
                "{enableProxyProtocol=true}",
                "newServer(\"%s\")\n%s".formatted(backend.hostPort(), REFUSE_ANNOUNCED + more));
    }

    private static DnsMessage askUdp(UdpClient client, byte[] header) {
        client.send(concat(header, QUERY.packet()));
        return DnsMessage.parse(client.receive(UdpClient.PATIENCE).orElseThrow());
    }

    @Test
    void announcedClientCountsOverUdp() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = accepting(backend, "");
                UdpClient client = subject.udp()) {
            assertThat(askUdp(client, header(false)).rcode()).isEqualTo(DnsMessage.REFUSED);
        }
    }

    @Test
    void announcedClientCountsOverTcpForTheWholeConnection() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = accepting(backend, "");
                TcpClient client = subject.tcp()) {
            client.sendRaw(concat(header(true), TcpClient.framed(QUERY.packet())));
            assertThat(DnsMessage.parse(client.receive()).rcode()).isEqualTo(DnsMessage.REFUSED);
            assertThat(client.ask(QUERY).rcode()).isEqualTo(DnsMessage.REFUSED);
        }
    }

    @Test
    void localCommandMeansThePeerItself() {
        byte[] local = java.util.Arrays.copyOf(header(false), 16);
        local[12] = 0x20;
        local[13] = 0;
        local[15] = 0;
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = accepting(backend, "");
                UdpClient client = subject.udp()) {
            assertThat(askUdp(client, local).answerTexts()).containsExactly("192.0.2.1");
        }
    }

    @Test
    void missingHeaderIsInvalid() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = accepting(backend, "");
                UdpClient client = subject.udp();
                TcpClient tcp = subject.tcp()) {
            assertThat(client.tryExchange(QUERY.packet(), SILENCE)).isEmpty();
            tcp.send(QUERY.packet());
            assertThat(tcp.tryReceive(Await.PATIENCE)).isEmpty();
            assertThat(subject.counter("proxy-protocol-invalid")).isEqualTo(2);
        }
    }

    @Test
    void othersNeedNoHeader() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = accepting(backend, "");
                UdpClient other = UdpClient.between(literal("127.0.0.2"), subject.address())) {
            assertThat(other.ask(QUERY).answerTexts()).containsExactly("192.0.2.1");
        }
    }

    @Test
    void headersThatLieAreInvalid() {
        byte[] longer = header(false);
        longer[14] = 0x7F;
        byte[] shorter = header(false);
        shorter[15] = 3;
        byte[] version = header(false);
        version[12] = 0x11;
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = accepting(backend, "");
                UdpClient client = subject.udp()) {
            for (byte[] bad : new byte[][] {longer, shorter, version}) {
                client.send(concat(bad, QUERY.packet()));
                assertThat(client.receive(SILENCE)).isEmpty();
            }
            assertThat(askUdp(client, header(false)).rcode()).isEqualTo(DnsMessage.REFUSED);
        }
    }

    @Test
    void aclIsNotForProxies() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = accepting(backend, "setACL(\"192.0.2.0/24\")\n");
                UdpClient client = subject.udp()) {
            assertThat(askUdp(client, header(false)).rcode()).isEqualTo(DnsMessage.REFUSED);
        }
    }

    @Test
    void aclForTheAnnouncedClientWhenTold() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = accepting(
                        backend, "setACL(\"192.0.2.0/24\")\nsetProxyProtocolApplyACLToProxiedClients(true)\n");
                UdpClient client = subject.udp()) {
            client.send(concat(header(false), QUERY.packet()));
            assertThat(client.receive(SILENCE)).isEmpty();
            assertThat(subject.counter("acl-drops")).isEqualTo(1);
        }
    }

    @Test
    void backendsAreToldTheClientOverUdpAndTcp() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = DnsProcess.start(
                        "newServer({address=\"%s\", useProxyProtocol=true})\n".formatted(backend.hostPort()));
                UdpClient udp = subject.udp();
                TcpClient tcp = subject.tcp()) {
            udp.ask(QUERY);
            ReceivedProxyHeader overUdp = backend.last().proxyHeader().orElseThrow();
            assertThat(overUdp.local()).isFalse();
            assertThat(overUdp.tcp()).isFalse();
            assertThat(overUdp.source().orElseThrow())
                    .isEqualTo(InetSocketAddress.createUnresolved(
                            "127.0.0.1", udp.local().getPort()));
            assertThat(overUdp.destination().orElseThrow())
                    .isEqualTo(InetSocketAddress.createUnresolved("127.0.0.1", subject.port()));
            tcp.ask(QUERY);
            ReceivedProxyHeader overTcp = backend.last().proxyHeader().orElseThrow();
            assertThat(overTcp.tcp()).isTrue();
            assertThat(overTcp.source().orElseThrow().getPort())
                    .isEqualTo(tcp.local().getPort());
        }
    }

    @Test
    void otherClientsGetOtherBackendConnections() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = DnsProcess.start(
                        "newServer({address=\"%s\", useProxyProtocol=true})\n".formatted(backend.hostPort()));
                TcpClient one = subject.tcp();
                TcpClient two = TcpClient.between(literal("127.0.0.9"), subject.address())) {
            one.ask(QUERY);
            two.ask(QUERY);
            one.ask(QUERY);
            assertThat(backend.received())
                    .extracting(q ->
                            q.proxyHeader().orElseThrow().source().orElseThrow().getHostString())
                    .containsExactly("127.0.0.1", "127.0.0.9", "127.0.0.1");
        }
    }

    @Test
    void healthChecksAreLocal() {
        java.util.concurrent.atomic.AtomicReference<ReceivedProxyHeader> seen =
                new java.util.concurrent.atomic.AtomicReference<>();
        try (FakeBackend backend = FakeBackend.start(q -> {
            q.proxyHeader().ifPresent(seen::set);
            return FakeBackend.Reply.send(q.query().reply(DnsMessage.NOERROR));
        })) {
            try (DnsProcess subject = DnsProcess.start(
                    "newServer({address=\"%s\", useProxyProtocol=true, checkName=\"check.example.\"})\n"
                            .formatted(backend.hostPort()))) {
                Await.until("a check", Await.PATIENCE, () -> seen.get() != null);
                assertThat(seen.get().local()).isTrue();
                assertThat(subject.process().isAlive()).isTrue();
            }
        }
    }

    @Test
    void valuesFromRulesTravelAsTlvs() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = DnsProcess.start("""
                        newServer({address="%s", useProxyProtocol=true})
                        addAction(AllRule(), LuaAction(function(dq)
                          dq:addProxyProtocolValue(0xE1, "from a rule")
                          return DNSAction.None, ""
                        end))
                        """.formatted(backend.hostPort()));
                UdpClient client = subject.udp()) {
            client.ask(QUERY);
            assertThat(backend.last().proxyHeader().orElseThrow().tlvs()).anySatisfy(tlv -> {
                assertThat(tlv.type()).isEqualTo(0xE1);
                assertThat(tlv.value()).asString().isEqualTo("from a rule");
            });
        }
    }
}
