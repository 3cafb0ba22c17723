package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What backends do to connections, and what becomes of the queries then. */
class BackendConnectionTest {
    private static final Duration SOON = Await.PATIENCE;
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);

    private final Streams streams = Streams.create();

    @AfterEach
    void stop() {
        streams.close();
    }

    @AfterAll
    static void noBufferIsLost() {
        BufferLeaks.assertNone();
    }

    private static Reply answer(FakeBackend.Received query) {
        return Reply.send(FakeBackend.addressOrNothing(query.query(), "192.0.2.1"));
    }

    /** On a connection's own thread of a backend. */
    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aQueryWhoseConnectionDiesIsTriedAgain() {
        AtomicInteger asked = new AtomicInteger();
        try (FakeBackend backend =
                        FakeBackend.start(q -> asked.incrementAndGet() <= 2 ? new Reply.Hangup() : answer(q));
                Streams running = streams.backend(backend).start();
                TcpClient client = running.connect()) {
            assertThat(client.ask(QUERY).answerTexts()).containsExactly("192.0.2.1");
            assertThat(backend.connectionCount()).isEqualTo(3);
            Backend.StreamCounters counters = streams.backend().stream();
            assertThat(counters.diedReadingResponse.sum()).isEqualTo(2);
            assertThat(counters.gaveUp.sum()).isZero();
            assertThat(streams.backend().outstanding()).isZero();
        }
    }

    @Test
    void afterAllRetriesTheClientIsLetGo() {
        try (FakeBackend backend = FakeBackend.start(q -> new Reply.Hangup());
                Streams running =
                        streams.backend(backend.port(), b -> b.retries = 3).start();
                TcpClient client = running.connect()) {
            client.send(QUERY.packet());
            assertThat(client.tryReceive(SOON)).isEmpty();
            assertThat(backend.connectionCount()).isEqualTo(3);
            assertThat(streams.backend().stream().gaveUp.sum()).isEqualTo(1);
            assertThat(streams.counters().gaveUp.sum()).isEqualTo(1);
            assertThat(streams.backend().outstanding()).isZero();
            assertThat(streams.count(Counter.DOWNSTREAM_TIMEOUTS)).isEqualTo(1);
        }
    }

    @Test
    void aBackendThatIsNotThereEndsTheClientsConnection() {
        try (Streams running = streams.backend(LoopbackPorts.free(), b -> b.retries = 2)
                        .start();
                TcpClient client = running.connect()) {
            client.send(QUERY.packet());
            assertThat(client.tryReceive(SOON)).isEmpty();
            assertThat(streams.backend().stream().gaveUp.sum()).isEqualTo(1);
            assertThat(streams.backend().stream().currentConnections.get()).isZero();
        }
    }

    @Test
    void onlyTheUnansweredOfAPipelineAreTriedAgain() {
        AtomicInteger lost = new AtomicInteger();
        FakeBackend.Script script = q -> {
            if (q.name().startsWith("lost") && lost.getAndIncrement() == 0) {
                return new Reply.Hangup();
            }
            return q.name().startsWith("late")
                    ? Reply.later(Duration.ofMillis(50), FakeBackend.addressOrNothing(q.query(), "192.0.2.1"))
                    : answer(q);
        };
        try (FakeBackend backend = FakeBackend.start(script);
                Streams running = streams.maxInFlight(10)
                        .backend(backend.port(), b -> b.maxInFlight = 10)
                        .start();
                TcpClient client = running.connect()) {
            client.exchange(DnsQuery.of("first.example.", DnsMessage.A).packet());
            client.send(DnsQuery.of("late.example.", DnsMessage.A).withId(1).packet());
            client.send(DnsQuery.of("lost.example.", DnsMessage.A).withId(2).packet());
            assertThat(List.of(DnsMessage.idOf(client.receive()), DnsMessage.idOf(client.receive())))
                    .containsExactlyInAnyOrder(1, 2);
            assertThat(backend.received().stream().filter(q -> q.name().startsWith("first")))
                    .hasSize(1);
        }
    }

    @Test
    void garbageEndsTheConnectionAndTheQuery() {
        List<byte[]> garbage = List.of(
                new byte[3],
                new byte[40],
                DnsQuery.of("other.example.", DnsMessage.A).message().reply(0).compose());
        for (byte[] bytes : garbage) {
            try (FakeBackend backend = FakeBackend.start(q -> Reply.send(bytes));
                    Streams running = Streams.create().backend(backend).start();
                    TcpClient client = running.connect()) {
                client.send(QUERY.packet());
                assertThat(client.tryReceive(SOON)).isEmpty();
                assertThat(backend.queryCount()).isEqualTo(1);
                assertThat(running.count(Counter.NONCOMPLIANT_RESPONSES)).isEqualTo(1);
                assertThat(running.backend().outstanding()).isZero();
            }
        }
    }

    @Test
    void aBackendThatDoesNotAnswerTimesOut() {
        try (FakeBackend backend = FakeBackend.start(q -> Reply.drop());
                Streams running = streams.backend(backend.port(), b -> b.tcpRecvTimeout = 1)
                        .start();
                TcpClient client = running.connect()) {
            client.send(QUERY.packet());
            assertThat(client.tryReceive(SOON)).isEmpty();
            assertThat(streams.backend().stream().readTimeouts.sum()).isEqualTo(1);
            assertThat(streams.counters().downstreamTimeouts.sum()).isEqualTo(1);
            assertThat(streams.backend().stream().currentConnections.get()).isZero();
        }
    }

    @Test
    void connectionsToABackendAreLimited() {
        CountDownLatch refused = new CountDownLatch(1);
        FakeBackend.Script slow = q -> {
            await(refused);
            return answer(q);
        };
        try (FakeBackend backend = FakeBackend.start(slow);
                Streams running = streams.backend(backend.port(), b -> b.maxConcurrentTcpConnections = 1)
                        .start();
                TcpClient one = running.connect();
                TcpClient two = running.connect()) {
            one.send(QUERY.packet());
            Await.until("asked", SOON, () -> backend.queryCount() == 1);
            two.send(QUERY.packet());
            assertThat(two.tryReceive(SOON)).isEmpty();
            refused.countDown();
            one.receive();
            assertThat(streams.backend().stream().tooManyConcurrentConnections.sum())
                    .isEqualTo(1);
            assertThat(streams.count(Counter.DOWNSTREAM_SEND_ERRORS)).isEqualTo(1);
        }
    }

    @Test
    void noMoreIdleConnectionsAreKeptThanWanted() {
        CountDownLatch both = new CountDownLatch(2);
        FakeBackend.Script slow = q -> {
            both.countDown();
            await(both);
            return answer(q);
        };
        streams.model.settings().set(Setting.MAX_TCP_CLIENT_THREADS, 1);
        streams.model.settings().set(Setting.MAX_CACHED_TCP_CONNECTIONS_PER_DOWNSTREAM, 1);
        try (FakeBackend backend = FakeBackend.start(slow);
                Streams running = streams.backend(backend).start();
                TcpClient one = running.connect();
                TcpClient two = running.connect()) {
            one.send(QUERY.packet());
            two.send(QUERY.packet());
            one.receive();
            two.receive();
            Backend.StreamCounters counters = streams.backend().stream();
            assertThat(counters.maxConcurrentConnections.get()).isEqualTo(2);
            Await.until("one left", SOON, () -> counters.currentConnections.get() == 1);
        }
    }

    /** An answer lets the client's next query go at once, while the connection it came on is about to end. */
    @Test
    void aConnectionThatIsNotKeptTakesNoMoreQueries() {
        streams.model.settings().set(Setting.MAX_CACHED_TCP_CONNECTIONS_PER_DOWNSTREAM, 0);
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams running =
                        streams.backend(backend.port(), b -> b.maxInFlight = 10).start();
                TcpClient client = running.connect()) {
            for (int id = 0; id < 20; id++) {
                client.send(QUERY.withId(id).packet());
            }
            for (int id = 0; id < 20; id++) {
                assertThat(DnsMessage.idOf(client.receive())).isEqualTo(id);
            }
            assertThat(backend.queryCount()).isEqualTo(20);
            assertThat(streams.backend().stream().newConnections.sum()).isEqualTo(20);
        }
    }

    @Test
    void idleConnectionsEnd() {
        streams.model.settings().set(Setting.TCP_DOWNSTREAM_MAX_IDLE_TIME, 1);
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams running = streams.backend(backend).start();
                TcpClient client = running.connect()) {
            client.ask(QUERY);
            assertThat(streams.backend().stream().currentConnections.get()).isEqualTo(1);
            Await.until(
                    "idle one closed",
                    SOON,
                    () -> streams.backend().stream().currentConnections.get() == 0);
        }
    }

    @Test
    void aRemovedBackendsConnectionsEnd() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams running = streams.backend(backend).start();
                TcpClient client = running.connect()) {
            client.ask(QUERY);
            Backend removed = streams.backend();
            streams.model.removeBackend(removed);
            Await.until(
                    "closed", SOON, () -> removed.stream().currentConnections.get() == 0);
        }
    }

    @Test
    void withoutABackendTheConnectionEnds() {
        try (Streams running = streams.start();
                TcpClient client = running.connect()) {
            client.send(QUERY.packet());
            assertThat(client.tryReceive(SOON)).isEmpty();
            assertThat(streams.count(Counter.NO_POLICY)).isEqualTo(1);
        }
    }
}
