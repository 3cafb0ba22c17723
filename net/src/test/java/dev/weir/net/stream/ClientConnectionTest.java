package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.TcpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ClientConnectionTest {
    private static final Duration SOON = Await.PATIENCE;

    @AfterAll
    static void noBufferIsLost() {
        BufferLeaks.assertNone();
    }

    @Test
    void answersComeFromTheBackend() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams streams = Streams.create().backend(backend).start();
                TcpClient client = streams.connect()) {
            DnsQuery query = DnsQuery.of("www.example.", DnsMessage.A);
            DnsMessage answer = client.ask(query);
            assertThat(answer.id()).isEqualTo(query.id());
            assertThat(answer.answerTexts()).containsExactly("192.0.2.1");
            assertThat(backend.last().tcp()).isTrue();
            assertThat(client.ask(query.withId(7)).id()).isEqualTo(7);
            assertThat(backend.connectionCount()).isEqualTo(1);
            assertThat(streams.backend().stream().reusedConnections.sum()).isEqualTo(1);
        }
    }

    @Test
    void aQueryMayComeByteByByte() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams streams = Streams.create().backend(backend).start();
                TcpClient client = streams.connect()) {
            client.sendByteByByte(DnsQuery.of("a.example.", DnsMessage.A).packet());
            assertThat(DnsMessage.parse(client.receive()).answerTexts()).containsExactly("192.0.2.1");
        }
    }

    @Test
    void pipelinedQueriesOfASerialListenerAreAnsweredInOrder() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams streams = Streams.create().backend(backend).start();
                TcpClient client = streams.connect()) {
            List<Integer> ids = new ArrayList<>();
            for (int id = 1; id <= 50; id++) {
                client.send(DnsQuery.of("q" + id + ".example.", DnsMessage.A)
                        .withId(id)
                        .packet());
                ids.add(id);
            }
            List<Integer> answered = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answered.add(DnsMessage.idOf(client.receive()));
            }
            assertThat(answered).isEqualTo(ids);
        }
    }

    @Test
    void answersOvertakeWhereSeveralQueriesAreInFlight() {
        FakeBackend.Script script = q -> q.name().startsWith("slow")
                ? FakeBackend.Reply.later(Duration.ofMillis(300), FakeBackend.addressOrNothing(q.query(), "192.0.2.1"))
                : FakeBackend.Reply.send(FakeBackend.addressOrNothing(q.query(), "192.0.2.1"));
        try (FakeBackend backend = FakeBackend.start(script);
                Streams streams = Streams.create()
                        .maxInFlight(10)
                        .backend(backend.port(), b -> b.maxInFlight = 10)
                        .start();
                TcpClient client = streams.connect()) {
            client.send(DnsQuery.of("slow.example.", DnsMessage.A).withId(1).packet());
            client.send(DnsQuery.of("fast.example.", DnsMessage.A).withId(2).packet());
            assertThat(DnsMessage.idOf(client.receive())).isEqualTo(2);
            assertThat(DnsMessage.idOf(client.receive())).isEqualTo(1);
            assertThat(backend.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    void aHalfClosedClientGetsItsAnswer() {
        FakeBackend.Script script = q ->
                FakeBackend.Reply.later(Duration.ofMillis(100), FakeBackend.addressOrNothing(q.query(), "192.0.2.1"));
        try (FakeBackend backend = FakeBackend.start(script);
                Streams streams = Streams.create().backend(backend).start();
                TcpClient client = streams.connect()) {
            client.send(DnsQuery.of("a.example.", DnsMessage.A).packet());
            client.send(DnsQuery.of("b.example.", DnsMessage.A).packet());
            client.halfClose();
            client.receive();
            client.receive();
            assertThat(client.closedWithin(SOON)).isTrue();
            Await.until(
                    "closed", SOON, () -> streams.counters().currentConnections.get() == 0);
            assertThat(streams.counters().diedReadingQuery.sum()).isZero();
        }
    }
}
