package dev.weir.net.udp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.net.StreamForwarder;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.Garbage;
import dev.weir.testkit.UdpClient;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a listener's thread does beside forwarding: delays, errors, answers from other threads, garbage. */
class AgentTest {
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);
    private static final int ROUNDS = 20_000;

    private int asked;

    @Test
    void anAnswerMayBeDelayedAndOthersOvertakeIt() {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            balancer.backend(server);
            balancer.model
                    .responseRules()
                    .add(Rule.of(
                            new NameSelector.QName(Name.parse("slow.example.")),
                            new ResponseAction.Delay(500),
                            null,
                            ""));
            balancer.start();
            try (UdpClient client = balancer.client()) {
                client.ask(QUERY);
                DnsQuery slow = DnsQuery.of("slow.example.", DnsMessage.A).withId(1);
                DnsQuery fast = DnsQuery.of("fast.example.", DnsMessage.A).withId(2);
                long before = System.nanoTime();
                client.send(slow.packet());
                client.send(fast.packet());
                assertThat(DnsMessage.idOf(client.receive(UdpClient.PATIENCE).orElseThrow()))
                        .isEqualTo(2);
                assertThat(DnsMessage.idOf(client.receive(UdpClient.PATIENCE).orElseThrow()))
                        .isEqualTo(1);
                assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(500_000_000L);
            }
        }
    }

    @Test
    void ourOwnAnswersAreDelayedAsWell() {
        try (Balancer balancer = new Balancer()) {
            balancer.model.rules().add(Rule.of(new LogicSelector.All(), new Action.Delay(120), null, ""));
            balancer.model.rules().add(Rule.of(new LogicSelector.All(), answering(Result.REFUSED), null, ""));
            balancer.start();
            try (UdpClient client = balancer.client()) {
                long before = System.nanoTime();
                assertThat(client.ask(QUERY).rcode()).isEqualTo(DnsMessage.REFUSED);
                assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(120_000_000L);
            }
        }
    }

    private static Action answering(Result result) {
        return new Action.Custom("answer", query -> result);
    }

    @Test
    void aMutedFrontendIsSilent() {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            Backend backend = balancer.backend(server);
            balancer.start();
            balancer.model.engine().frontends().getFirst().setMuted(true);
            try (UdpClient client = balancer.client()) {
                assertThat(client.tryExchange(QUERY.packet(), Duration.ofMillis(300)))
                        .isEmpty();
                assertThat(backend.responses().sum()).isEqualTo(1);
                balancer.model.engine().frontends().getFirst().setMuted(false);
                client.ask(QUERY);
            }
        }
    }

    @Test
    void anErrorInARuleEndsOneQueryOnly() {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            balancer.backend(server);
            balancer.model.rules().add(throwing("runtime.example.", new IllegalStateException("planted")));
            balancer.model.rules().add(throwing("stack.example.", new StackOverflowError("planted")));
            balancer.model
                    .responseRules()
                    .add(Rule.of(
                            new NameSelector.QName(Name.parse("response.example.")),
                            new ResponseAction.Custom("throw", query -> {
                                throw new IllegalStateException("planted");
                            }),
                            null,
                            ""));
            balancer.start();
            try (UdpClient client = balancer.client()) {
                for (String name : new String[] {"runtime.example.", "stack.example.", "response.example."}) {
                    client.send(DnsQuery.of(name, DnsMessage.A).withId(1).packet());
                    // The thread takes queries in order: once this one is answered, the other was processed.
                    client.ask(QUERY.withId(2));
                }
                assertThat(client.receive(Duration.ofMillis(200))).isEmpty();
            }
        }
    }

    /** In the loop itself, where no packet is to blame. */
    @Test
    void anErrorInTheLoopEndsOneTurnOnly() throws Exception {
        Model model = new Model();
        UdpListener listener = UdpListener.open(SocketSpec.of(Endpoint.parse("127.0.0.1:0", 53)), model);
        UdpAgent agent = new UdpAgent(listener, model, () -> null, "survivor");
        agent.start();
        try {
            CountDownLatch after = new CountDownLatch(1);
            for (Error error : List.of(
                    new StackOverflowError("planted"),
                    new OutOfMemoryError("planted"),
                    new NoClassDefFoundError("planted"))) {
                agent.execute(() -> {
                    throw error;
                });
            }
            agent.execute(after::countDown);
            assertThat(after.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            agent.close();
        }
    }

    private static Rule<Action> throwing(String name, Throwable what) {
        return Rule.of(
                new NameSelector.QName(Name.parse(name)),
                new Action.Custom("throw", query -> {
                    if (what instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) what;
                }),
                null,
                "");
    }

    @Test
    void aStreamsAnswerComesFromAnotherThread() {
        AtomicReference<Thread> forwardedOn = new AtomicReference<>();
        StreamForwarder streams = (query, backend) -> {
            forwardedOn.set(Thread.currentThread());
            byte[] packet = query.packetCopy();
            query.keepQuestion();
            ReplyPort port = query.origin().replyPort();
            Thread.ofPlatform().daemon().start(() -> answer(query, packet, port));
            return true;
        };
        try (Balancer balancer = new Balancer();
                FakeBackend server = FakeBackend.answering("192.0.2.66")) {
            balancer.backend(server, b -> b.tcpOnly = true);
            balancer.start();
            try (UdpClient client = balancer.client()) {
                assertThat(client.tryExchange(QUERY.packet(), Duration.ofMillis(100)))
                        .isEmpty();
                balancer.udp.forwardStreamsTo(streams);
                assertThat(client.ask(QUERY).has(DnsMessage.AA)).isTrue();
                assertThat(forwardedOn.get()).isSameAs(balancer.udp.threads().getFirst());
                balancer.model.rules().add(Rule.of(new LogicSelector.All(), new Action.Delay(120), null, ""));
                long before = System.nanoTime();
                client.ask(QUERY);
                assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(120_000_000L);
                assertThat(server.queryCount()).isZero();
            }
        }
    }

    private static void answer(Query query, byte[] packet, ReplyPort port) {
        Header.set(packet, Header.QR | Header.AA, true);
        query.setPacket(packet, packet.length);
        port.reply(query);
    }

    @Test
    void closingEndsTheThreads() {
        Balancer balancer = new Balancer();
        balancer.start();
        Thread agent = balancer.udp.threads().getFirst();
        assertThat(agent.isAlive()).isTrue();
        balancer.close();
        assertThat(agent.isAlive()).isFalse();
        Await.until("socket closed", Await.PATIENCE, () -> !dev.weir.testkit.LoopbackPorts.udpBound(balancer.port()));
    }

    @Test
    void cacheHitsMakeNoGarbage() throws Exception {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            balancer.backend(server);
            balancer.model.pool("").setCache(new PacketCache(CacheSpec.of(1000), 1, bound -> 0));
            balancer.start();
            double garbage = garbagePerQuery(balancer);
            assertThat(server.queryCount()).isEqualTo(1);
            assertThat(garbage)
                    .as("octets of garbage per cache hit: %s", garbage)
                    .isLessThan(1.0);
        }
    }

    @Test
    void forwardedQueriesMakeNoGarbage() throws Exception {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                Balancer balancer = new Balancer()) {
            // Pages of the in-flight table are made when ids are first used: let the warm-up use them all.
            balancer.model.settings().set(Setting.MAX_UDP_OUTSTANDING, 1024);
            balancer.backend(server);
            balancer.start();
            double garbage = garbagePerQuery(balancer);
            assertThat(server.queryCount()).as("every query was forwarded").isEqualTo(asked);
            assertThat(garbage)
                    .as("octets of garbage per forwarded query: %s", garbage)
                    .isLessThan(1.0);
        }
    }

    /** Octets that the agent's thread allocates per query once it is warm. */
    private double garbagePerQuery(Balancer balancer) throws Exception {
        Thread agent = balancer.udp.threads().getFirst();
        byte[] packet = QUERY.packet();
        try (UdpClient client = balancer.client()) {
            return (double) Garbage.leastBytes(agent, ROUNDS - 1, () -> ask(client, packet)) / ROUNDS;
        }
    }

    private void ask(UdpClient client, byte[] packet) {
        for (int i = 0; i < ROUNDS; i++) {
            client.exchange(packet);
            asked++;
        }
    }
}
