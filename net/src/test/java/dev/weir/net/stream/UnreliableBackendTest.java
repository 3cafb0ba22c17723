package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.TcpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Many clients, pipelines on both sides, and a backend that answers, delays, lies and hangs up in turn. */
class UnreliableBackendTest {
    private static final Duration SOON = Await.PATIENCE;
    private static final int CLIENTS = 8;
    private static final int ROUNDS = 25;
    private static final int PIPELINE = 20;

    @AfterAll
    static void noBufferIsLost() {
        BufferLeaks.assertNone();
    }

    private static FakeBackend.Script unreliable() {
        AtomicInteger turn = new AtomicInteger();
        return q -> {
            DnsMessage answer = FakeBackend.addressOrNothing(q.query(), "192.0.2.1");
            return switch (turn.incrementAndGet() % 37) {
                case 5, 23 -> new Reply.Hangup();
                case 11 -> Reply.send(answer.withQuestion("lie.example.", DnsMessage.A));
                case 13, 17, 19 -> Reply.later(Duration.ofMillis(5), answer);
                default -> Reply.send(answer);
            };
        };
    }

    @Test
    void everyQueryEndsOnceAndEveryAnswerIsTheRightOne() throws Exception {
        try (FakeBackend backend = FakeBackend.start(unreliable());
                Streams streams = Streams.create()
                        .maxInFlight(PIPELINE)
                        .backend(backend.port(), b -> b.maxInFlight = 8)
                        .start();
                ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.add(() -> converse(streams, number));
            }
            int answers = 0;
            for (Future<Integer> each : threads.invokeAll(clients)) {
                answers += each.get();
            }
            assertThat(answers).isGreaterThan(CLIENTS * ROUNDS);
            Await.until(
                    "all closed",
                    SOON,
                    () -> streams.counters().currentConnections.get() == 0);
            Await.until("all ended", SOON, () -> streams.backend().outstanding() == 0);
        }
    }

    /** Answers got; a connection that was closed before its last answer is replaced. */
    private static int converse(Streams streams, int number) {
        int answers = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (TcpClient client = streams.connect()) {
                Map<Integer, String> open = new HashMap<>();
                for (int id = 0; id < PIPELINE; id++) {
                    String name = "q" + number + "-" + round + "-" + id + ".example.";
                    open.put(id, name);
                    client.send(DnsQuery.of(name, DnsMessage.A).withId(id).packet());
                }
                Optional<byte[]> packet = Optional.empty();
                while (!open.isEmpty() && (packet = client.tryReceive(SOON)).isPresent()) {
                    DnsMessage answer = DnsMessage.parse(packet.get());
                    assertThat(answer.question().name()).isEqualTo(open.remove(answer.id()));
                    answers++;
                }
            } catch (java.io.UncheckedIOException closedWhileSending) {
                continue;
            }
        }
        return answers;
    }
}
