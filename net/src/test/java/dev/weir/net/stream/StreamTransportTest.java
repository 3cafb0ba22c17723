package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Event loops that cannot be made, as when descriptors have run out. */
class StreamTransportTest {
    private static final Duration SOON = Await.PATIENCE;

    private static final Frontend FRONTEND = new Frontend(Endpoint.parse("127.0.0.1:53", 53), Protocol.DO_UDP, false);

    private final Model model = new Model();
    private final AtomicBoolean want = new AtomicBoolean(true);
    private final AtomicInteger tried = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);
    private final StreamTransport transport = new StreamTransport(model, this::make);

    private StreamLoops make() {
        tried.incrementAndGet();
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (want.get()) {
            throw new OutOfMemoryError("as if");
        }
        return new StreamLoops(model.engine(), model.settings(), DescriptorBudget.of(model));
    }

    private static Query query(AtomicInteger abandoned) {
        Query query = new Query();
        byte[] packet = DnsQuery.of("www.example.", DnsMessage.A).packet();
        byte[] room = Arrays.copyOf(packet, Query.BUFFER);
        query.begin(Protocol.DO_UDP, FRONTEND, room, packet.length, System.nanoTime());
        query.origin()
                .replyTo(
                        new ReplyPort() {
                            @Override
                            public void reply(Query answered) {
                                throw new AssertionError("there is no answer");
                            }

                            @Override
                            public void abandon(Query given) {
                                abandoned.incrementAndGet();
                            }
                        },
                        0);
        return query;
    }

    @Test
    void queriesAreGivenUpAndThenRefused() throws Exception {
        Backend backend =
                new Backend(BackendSpec.of(Endpoint.parse("127.0.0.1:53", 53)).build());
        AtomicInteger abandoned = new AtomicInteger();
        assertThat(transport.forward(query(abandoned), backend)).isTrue();
        assertThat(abandoned).hasValue(0);
        go.countDown();
        Await.until("given up", SOON, () -> abandoned.get() == 1);
        assertThat(transport.forward(query(abandoned), backend)).isFalse();
        assertThat(abandoned).hasValue(1);
        assertThat(tried).hasValue(1);
        transport.close();
    }

    @Test
    void listenersAreServedOnceTheyCanBe() throws Exception {
        go.countDown();
        try (FakeBackend server = FakeBackend.answering("192.0.2.1")) {
            BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse(server.hostPort(), 53));
            spec.healthMode = BackendSpec.HealthMode.UP;
            model.addBackend(new Backend(spec.build()));
            StreamListener listener =
                    transport.open(SocketSpec.of(Endpoint.parse("127.0.0.1:0", 0)), StreamSpec.DEFAULT);
            model.start();
            transport.start();
            Await.until("tried", SOON, () -> tried.get() >= 1);
            want.set(false);
            try (TcpClient client =
                    TcpClient.to(LoopbackPorts.address(listener.address().port()))) {
                assertThat(client.ask(DnsQuery.of("www.example.", DnsMessage.A)).answerTexts())
                        .containsExactly("192.0.2.1");
            }
        } finally {
            transport.close();
        }
    }
}
