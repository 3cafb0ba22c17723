package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.model.Setting;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.TcpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ZoneTransferTest {
    private static final Duration SOON = Await.PATIENCE;

    private static final DnsQuery AXFR = DnsQuery.of("example.", DnsMessage.AXFR);
    private static final DnsMessage.Rr SOA = DnsMessage.Rr.soa("example.", 60);

    @AfterAll
    static void noBufferIsLost() {
        BufferLeaks.assertNone();
    }

    /** SOA, {@code messages} of {@code bytes} each, SOA; other queries get an address. */
    private static FakeBackend server(int messages, int bytes) {
        return FakeBackend.start(q -> {
            if (q.query().question().type() != DnsMessage.AXFR) {
                return Reply.send(FakeBackend.addressOrNothing(q.query(), "192.0.2.1"));
            }
            List<Reply> all = new ArrayList<>();
            all.add(Reply.send(q.query().reply(0, SOA)));
            for (int i = 0; i < messages; i++) {
                all.add(Reply.send(q.query().reply(0, DnsMessage.Rr.txt("t" + i + ".example.", 60, bytes))));
            }
            all.add(Reply.send(q.query().reply(0, SOA)));
            return new Reply.Many(all);
        });
    }

    @Test
    void allMessagesComeInOrderThenTheConnectionEnds() {
        try (FakeBackend backend = server(20, 200);
                Streams streams = Streams.create().backend(backend).start();
                TcpClient client = streams.connect()) {
            client.send(AXFR.packet());
            for (int i = -1; i <= 20; i++) {
                DnsMessage message = DnsMessage.parse(client.receive());
                assertThat(message.id()).isEqualTo(AXFR.id());
                boolean edge = i < 0 || i == 20;
                assertThat(message.answers().getFirst().name()).isEqualTo(edge ? "example." : "t" + i + ".example.");
            }
            assertThat(client.closedWithin(SOON)).isTrue();
            try (TcpClient next = streams.connect()) {
                assertThat(next.ask(DnsQuery.of("www.example.", DnsMessage.A)).answerTexts())
                        .containsExactly("192.0.2.1");
            }
            assertThat(streams.backend().outstanding()).isZero();
        }
    }

    /** 20 MB for a client that does not read: they stay with the kernels and the backend, not with us. */
    @Test
    void aSlowClientHoldsTheBackendBackWithoutLosingAnything() {
        try (FakeBackend backend = server(400, 50_000);
                Streams streams = Streams.create().backend(backend)) {
            streams.model.settings().set(Setting.TCP_SEND_TIMEOUT, 20);
            streams.start();
            try (TcpClient client = streams.connect()) {
                client.send(AXFR.packet());
                client.receive();
                StreamLoop[] loops = streams.transport.awaitLoops().loops();
                Await.until("held back", SOON, () -> paused(loops));
                for (int i = 0; i <= 400; i++) {
                    client.receive();
                }
            }
        }
    }

    private static boolean paused(StreamLoop[] loops) {
        for (StreamLoop loop : loops) {
            var found = new java.util.concurrent.CompletableFuture<Boolean>();
            loop.execute(() -> found.complete(loop.backendConnections().stream()
                    .anyMatch(each -> !each.channel().config().isAutoRead())));
            if (found.join()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aClientThatLeavesEndsTheTransfer() {
        try (FakeBackend backend = server(2000, 50_000);
                Streams streams = Streams.create().backend(backend).start()) {
            try (TcpClient client = streams.connect()) {
                client.send(AXFR.packet());
                client.receive();
            }
            Await.until(
                    "both closed",
                    SOON,
                    () -> streams.counters().currentConnections.get() == 0
                            && streams.backend().stream().currentConnections.get() == 0
                            && streams.backend().outstanding() == 0);
        }
    }

    @Test
    void aRefusedTransferIsOneMessage() {
        try (FakeBackend backend = FakeBackend.start(q -> Reply.send(q.query().reply(DnsMessage.REFUSED)));
                Streams streams = Streams.create().backend(backend).start();
                TcpClient client = streams.connect()) {
            assertThat(client.ask(AXFR).rcode()).isEqualTo(DnsMessage.REFUSED);
            assertThat(client.closedWithin(SOON)).isTrue();
        }
    }

    @Test
    void whatHasNoClosingSoaEndsWithTheBackendsConnection() {
        FakeBackend.Script without = q -> new Reply.Many(List.of(
                Reply.send(q.query().reply(0, DnsMessage.Rr.txt("a.example.", 60, 100))),
                Reply.send(q.query().reply(0, DnsMessage.Rr.txt("b.example.", 60, 100))),
                new Reply.Hangup()));
        try (FakeBackend backend = FakeBackend.start(without);
                Streams streams = Streams.create().backend(backend).start();
                TcpClient client = streams.connect()) {
            client.send(AXFR.packet());
            client.receive();
            assertThat(DnsMessage.parse(client.receive()).answers().getFirst().name())
                    .isEqualTo("b.example.");
            assertThat(client.closedWithin(SOON)).isTrue();
            assertThat(backend.queryCount()).isEqualTo(1);
        }
    }
}
