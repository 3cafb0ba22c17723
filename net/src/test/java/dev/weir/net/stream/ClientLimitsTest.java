package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client may not do. */
class ClientLimitsTest {
    private static final Duration SOON = Await.PATIENCE;
    private static final byte[] QUERY =
            DnsQuery.of("www.example.", DnsMessage.A).packet();

    private final FakeBackend backend = FakeBackend.answering("192.0.2.1");
    private final Streams streams = Streams.create().backend(backend);

    @AfterEach
    void stop() {
        streams.close();
        backend.close();
    }

    @AfterAll
    static void noBufferIsLost() {
        BufferLeaks.assertNone();
    }

    @Test
    void strangersAreClosedWithoutAWord() {
        streams.model.setAcl(NetmaskGroup.parse(List.of("192.0.2.0/24")));
        streams.start();
        try (TcpClient client = streams.connect()) {
            client.send(QUERY);
            assertThat(client.closedWithin(SOON)).isTrue();
        }
        assertThat(streams.count(Counter.ACL_DROPS)).isEqualTo(1);
        assertThat(streams.count(Counter.QUERIES)).isZero();
    }

    @Test
    void aSilentClientIsCutOff() {
        streams.model.settings().set(Setting.TCP_RECV_TIMEOUT, 1);
        streams.start();
        try (TcpClient client = streams.connect()) {
            client.exchange(QUERY);
            long before = System.nanoTime();
            assertThat(client.closedWithin(SOON)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofMillis(800), SOON);
            assertThat(streams.counters().clientTimeouts.sum()).isEqualTo(1);
        }
    }

    @Test
    void halfAMessageDoesNotKeepAConnection() {
        streams.model.settings().set(Setting.TCP_RECV_TIMEOUT, 1);
        streams.start();
        try (TcpClient client = streams.connect()) {
            client.sendRaw(new byte[] {0, 100, 1, 2, 3});
            assertThat(client.closedWithin(SOON)).isTrue();
            assertThat(streams.counters().clientTimeouts.sum()).isEqualTo(1);
        }
    }

    @Test
    void tooManyReadsForOneQueryBanTheClient() {
        streams.model.settings().set(Setting.MAX_TCP_READ_IOS_PER_QUERY, 5);
        streams.start();
        try (TcpClient client = streams.connect()) {
            client.exchange(QUERY);
            byte[] framed = TcpClient.framed(QUERY);
            for (int i = 0; i < 5; i++) {
                client.sendRaw(new byte[] {framed[i]});
                client.awaitRead();
            }
            assertThat(client.closedWithin(SOON)).isTrue();
        }
        // One read brought the query before.
        Await.until("closed", SOON, () -> streams.counters().currentConnections.get() == 0);
        assertThat(streams.counters().readsPerConnection.value()).isEqualTo(1 + 5);
        try (TcpClient client = streams.connect()) {
            client.send(QUERY);
            assertThat(client.tryReceive(SOON)).isEmpty();
        }
        assertThat(backend.queryCount()).isEqualTo(1);
    }

    @Test
    void theLastReadAllowedMayBringTheRestOfAQuery() {
        streams.model.settings().set(Setting.MAX_TCP_READ_IOS_PER_QUERY, 2);
        streams.start();
        try (TcpClient client = streams.connect()) {
            byte[] framed = TcpClient.framed(QUERY);
            client.sendRaw(Arrays.copyOf(framed, 5));
            client.awaitRead();
            client.sendRaw(Arrays.copyOfRange(framed, 5, framed.length));
            client.receive();
        }
    }

    /** Pieces a client sends gain it time only where something else ends the connection. */
    @Test
    void whereOnlyTheDurationIsLimitedEachPieceGainsTime() {
        streams.model.settings().set(Setting.TCP_RECV_TIMEOUT, 2);
        streams.model.settings().set(Setting.MAX_TCP_READ_IOS_PER_QUERY, 0);
        streams.model.settings().set(Setting.MAX_TCP_CONNECTION_DURATION, 5);
        streams.start();
        try (TcpClient client = streams.connect()) {
            long before = System.nanoTime();
            byte[] framed = TcpClient.framed(QUERY);
            for (int i = 0; i < framed.length && !client.closedWithin(Duration.ofMillis(300)); i++) {
                client.sendRaw(new byte[] {framed[i]});
            }
            assertThat(client.closedWithin(SOON)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofMillis(4_500), SOON);
        } catch (java.io.UncheckedIOException closedWhileSending) {
            assertThat(streams.counters().clientTimeouts.sum()).isEqualTo(1);
        }
    }

    @Test
    void messagesShorterThanAHeaderEndTheConnection() {
        streams.start();
        for (byte[] bytes : List.of(new byte[] {0, 0}, new byte[] {0, 11})) {
            try (TcpClient client = streams.connect()) {
                client.sendRaw(bytes);
                assertThat(client.closedWithin(SOON)).isTrue();
            }
        }
        assertThat(streams.count(Counter.NONCOMPLIANT_QUERIES)).isEqualTo(2);
    }

    @Test
    void queriesPerConnectionAreLimited() {
        streams.model.settings().set(Setting.MAX_TCP_QUERIES_PER_CONNECTION, 2);
        streams.start();
        try (TcpClient client = streams.connect()) {
            for (int i = 0; i < 5; i++) {
                client.send(QUERY);
            }
            client.receive();
            client.receive();
            assertThat(client.closedWithin(SOON)).isTrue();
        }
        Await.until("closed", SOON, () -> streams.counters().currentConnections.get() == 0);
        assertThat(streams.counters().queriesPerConnection.value()).isEqualTo(2);
    }

    @Test
    void connectionsMayNotLastForever() {
        streams.model.settings().set(Setting.MAX_TCP_CONNECTION_DURATION, 1);
        streams.start();
        try (TcpClient client = streams.connect()) {
            // However busy the client keeps it: the end may come while a query is on its way.
            boolean closed =
                    Await.reached(SOON, () -> !isAnswered(client) || client.closedWithin(Duration.ofMillis(100)));
            assertThat(closed).isTrue();
        }
    }

    private static boolean isAnswered(TcpClient client) {
        try {
            client.send(QUERY);
        } catch (UncheckedIOException e) {
            return false;
        }
        return client.tryReceive(SOON).isPresent();
    }

    @Test
    void connectionsPerClientAreLimited() throws Exception {
        streams.model.settings().set(Setting.MAX_TCP_CONNECTIONS_PER_CLIENT, 2);
        streams.model.settings().set(Setting.TCP_CONNECTIONS_OVERLOAD_THRESHOLD, 0);
        streams.start();
        try (TcpClient one = streams.connect();
                TcpClient two = streams.connect();
                TcpClient three = streams.connect();
                TcpClient other =
                        TcpClient.between(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), streams.address())) {
            one.exchange(QUERY);
            two.exchange(QUERY);
            three.send(QUERY);
            assertThat(three.tryReceive(SOON)).isEmpty();
            other.exchange(QUERY);
            one.close();
            Await.until(
                    "one gone",
                    SOON,
                    () -> streams.counters().currentConnections.get() == 2);
            try (TcpClient again = streams.connect()) {
                again.exchange(QUERY);
            }
        }
    }

    @Test
    void connectionsThatComeTooFastBanTheClient() {
        streams.model.settings().set(Setting.MAX_TCP_CONNECTION_RATE_PER_CLIENT, 10);
        streams.model.settings().set(Setting.BAN_DURATION_FOR_EXCEEDING_TCP_TLS_RATE, 60);
        streams.start();
        List<Boolean> served = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            try (TcpClient client = streams.connect()) {
                client.send(QUERY);
                served.add(client.tryReceive(SOON).isPresent());
            }
        }
        // Ten at once, and ten more for each second that the forty took.
        int first = served.indexOf(false);
        assertThat(first).isBetween(10, 30);
        assertThat(served.subList(first, 40)).doesNotContain(true);
    }

    @Test
    void aFullFrontendRefuses() {
        streams.maxConnections(2);
        streams.model.settings().set(Setting.TCP_CONNECTIONS_OVERLOAD_THRESHOLD, 0);
        streams.start();
        try (TcpClient one = streams.connect();
                TcpClient two = streams.connect()) {
            one.exchange(QUERY);
            two.exchange(QUERY);
            try (TcpClient three = streams.connect()) {
                three.send(QUERY);
                assertThat(three.tryReceive(SOON)).isEmpty();
            }
            one.exchange(QUERY);
        }
        assertThat(streams.counters().maxConcurrentConnections.get()).isEqualTo(2);
    }

    @Test
    void anOverloadedFrontendAnswersOneQueryPerConnection() {
        streams.maxConnections(2);
        streams.start();
        try (TcpClient one = streams.connect();
                TcpClient two = streams.connect()) {
            one.exchange(QUERY);
            two.exchange(QUERY);
            assertThat(two.closedWithin(SOON)).isTrue();
        }
    }

    @Test
    void aSlowReaderIsNotReadFromAndThenCutOff() {
        try (FakeBackend big = FakeBackend.start(
                        q -> FakeBackend.Reply.send(q.query().reply(0, DnsMessage.Rr.txt(q.name(), 60, 60_000))));
                Streams slow = Streams.create().maxInFlight(100).backend(big)) {
            slow.model.settings().set(Setting.TCP_SEND_TIMEOUT, 1);
            slow.start();
            try (TcpClient client = slow.connect()) {
                for (int i = 0; i < 1000; i++) {
                    client.send(
                            DnsQuery.of("q" + i + ".example.", DnsMessage.TXT).packet());
                }
                Await.until(
                        "cut off",
                        Duration.ofSeconds(30),
                        () -> slow.counters().clientTimeouts.sum() == 1);
                Await.until(
                        "closed", SOON, () -> slow.counters().currentConnections.get() == 0);
                assertThat(big.queryCount()).isLessThan(1000);
            } catch (java.io.UncheckedIOException cutWhileSending) {
                assertThat(slow.counters().clientTimeouts.sum()).isEqualTo(1);
            }
        }
    }

    @Test
    void aBoundAddressIsNamed() {
        int port = streams.start().address().getPort();
        assertThat(LoopbackPorts.tcpListening(port)).isTrue();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> streams.transport.open(
                        SocketSpec.of(dev.weir.engine.acl.Endpoint.parse("127.0.0.1:" + port, 53)), StreamSpec.DEFAULT))
                .isInstanceOf(java.io.IOException.class)
                .hasMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void bothFamiliesMayHaveTheWildcard() throws Exception {
        StreamListener v4 = streams.transport.open(
                SocketSpec.of(dev.weir.engine.acl.Endpoint.parse("0.0.0.0:0", 0)), StreamSpec.DEFAULT);
        StreamListener v6 = streams.transport.open(
                SocketSpec.of(dev.weir.engine.acl.Endpoint.parse(
                        "[::]:" + v4.address().port(), 0)),
                StreamSpec.DEFAULT);
        assertThat(v6.address().port()).isEqualTo(v4.address().port());
    }
}
