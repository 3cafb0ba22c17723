package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.ReceivedProxyHeader;
import dev.weir.testkit.TcpClient;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PROXY headers from clients and to backends. */
class ProxyStreamTest {
    private static final Duration SOON = Await.PATIENCE;
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.7", 4711);
    private static final InetSocketAddress SERVICE = new InetSocketAddress("198.51.100.1", 53);
    private static final byte[] HEADER =
            ReceivedProxyHeader.compose(CLIENT, SERVICE, true, new ReceivedProxyHeader.Tlv(0xE0, new byte[] {1, 2, 3}));

    private final FakeBackend backend = FakeBackend.answering("192.0.2.1");
    private final Streams streams = Streams.create();

    @AfterEach
    void stop() {
        streams.close();
        backend.close();
    }

    @AfterAll
    static void noBufferIsLost() {
        BufferLeaks.assertNone();
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    @Test
    void theHeaderHoldsForAllQueriesAndGoesOn() {
        streams.proxied()
                .backend(backend.port(), b -> b.useProxyProtocol = true)
                .start();
        try (TcpClient client = streams.connect()) {
            client.sendRaw(HEADER);
            client.ask(QUERY);
            client.ask(QUERY.withId(2));
        }
        assertThat(backend.received()).hasSize(2).allSatisfy(query -> {
            ReceivedProxyHeader header = query.proxyHeader().orElseThrow();
            assertThat(header.tcp()).isTrue();
            assertThat(header.source().map(ProxyStreamTest::text)).contains("192.0.2.7:4711");
            assertThat(header.destination().map(ProxyStreamTest::text)).contains("198.51.100.1:53");
            assertThat(header.tlvs()).hasSize(1);
            assertThat(header.tlvs().getFirst().type()).isEqualTo(0xE0);
            assertThat(header.tlvs().getFirst().value()).containsExactly(1, 2, 3);
        });
        assertThat(backend.connectionCount()).isEqualTo(1);
    }

    @Test
    void theHeaderMayComeInPiecesAndWithTheQuery() {
        streams.proxied().backend(backend).start();
        byte[] framed = TcpClient.framed(QUERY.packet());
        try (TcpClient client = streams.connect()) {
            client.sendRaw(java.util.Arrays.copyOf(HEADER, 13));
            client.awaitRead();
            byte[] rest = java.util.Arrays.copyOf(
                    java.util.Arrays.copyOfRange(HEADER, 13, HEADER.length), HEADER.length - 13 + framed.length);
            System.arraycopy(framed, 0, rest, HEADER.length - 13, framed.length);
            client.sendRaw(rest);
            client.receive();
        }
        assertThat(backend.last().proxyHeader()).isEmpty();
    }

    @Test
    void connectionsThatNameAClientServeNoOther() {
        streams.backend(backend.port(), b -> b.useProxyProtocol = true).start();
        try (TcpClient one = streams.connect();
                TcpClient two = streams.connect()) {
            one.ask(QUERY);
            two.ask(QUERY);
            one.ask(QUERY);
            assertThat(backend.connectionCount()).isEqualTo(2);
            assertThat(backend.received().stream().map(q -> q.proxyHeader()
                            .orElseThrow()
                            .source()
                            .orElseThrow()
                            .getPort()))
                    .containsExactly(
                            one.local().getPort(),
                            two.local().getPort(),
                            one.local().getPort());
        }
        dev.weir.testkit.Await.until(
                "closed with their clients",
                SOON,
                () -> streams.backend().stream().currentConnections.get() == 0);
    }

    @Test
    void aQueryInPlaceOfTheHeaderIsRefused() {
        streams.proxied().backend(backend).start();
        try (TcpClient client = streams.connect()) {
            client.send(QUERY.packet());
            assertThat(client.tryReceive(SOON)).isEmpty();
        }
        assertThat(streams.count(Counter.PROXY_PROTOCOL_INVALID)).isEqualTo(1);
        assertThat(backend.queryCount()).isZero();
    }

    @Test
    void aHeaderThatAnnouncesTooMuchIsRefusedAtOnce() {
        streams.proxied().backend(backend).start();
        byte[] start = java.util.Arrays.copyOf(HEADER, 16);
        start[14] = 0x7F;
        try (TcpClient client = streams.connect()) {
            client.sendRaw(start);
            assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
        }
        assertThat(streams.count(Counter.PROXY_PROTOCOL_INVALID)).isEqualTo(1);
    }

    @Test
    void theAclMayBeAskedAboutTheAnnouncedClient() {
        streams.proxied().backend(backend);
        streams.model.settings().set(Setting.PROXY_APPLY_ACL_TO_PROXIED_CLIENTS, true);
        streams.model.setAcl(NetmaskGroup.parse(List.of("127.0.0.0/8")));
        streams.start();
        try (TcpClient client = streams.connect()) {
            client.sendRaw(HEADER);
            client.send(QUERY.packet());
            assertThat(client.tryReceive(SOON)).isEmpty();
        }
        assertThat(streams.count(Counter.ACL_DROPS)).isEqualTo(1);
    }
}
