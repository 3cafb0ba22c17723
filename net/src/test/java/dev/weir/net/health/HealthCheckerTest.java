package dev.weir.net.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.backend.BackendSpec.CheckQuestion;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSink;
import dev.weir.engine.model.Model;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import dev.weir.net.stream.StreamTransport;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks of real servers on loopback. */
class HealthCheckerTest {
    private static final StatShard MINE = new Statistics().takeShard();

    private static final Duration SECONDS = Await.PATIENCE;

    /** For tests of what happens round after round. */
    private static final long SHORT_SECOND = 20_000_000;

    private volatile int rcode = DnsMessage.NOERROR;

    private final Model model = new Model();
    private final StreamTransport streams = new StreamTransport(model);

    @AfterEach
    void end() {
        streams.close();
    }

    private Backend backend(FakeBackend server, Consumer<BackendSpec.Builder> options) {
        return backend("127.0.0.1:" + server.port(), options);
    }

    private Backend backend(String address, Consumer<BackendSpec.Builder> options) {
        BackendSpec.Builder builder = BackendSpec.of(Endpoint.parse(address, 53));
        builder.checkName = Name.parse("check.example.");
        builder.checkTimeout = 10_000;
        options.accept(builder);
        Backend backend = new Backend(builder.build());
        model.addBackend(backend);
        return backend;
    }

    private void checkOnce() throws Exception {
        try (HealthChecker checker = new HealthChecker(model, streams)) {
            checker.runInitial();
        }
    }

    @Test
    void oneCheckBeforeTheStartDecides() throws Exception {
        try (FakeBackend good = FakeBackend.answering("192.0.2.1");
                FakeBackend silent = FakeBackend.start(q -> Reply.drop())) {
            Backend up = backend(good, b -> {});
            Backend down = backend(silent, b -> {
                b.checkTimeout = 200;
                b.maxCheckFailures = 5;
            });
            Backend lazy = backend(silent, b -> {
                b.checkTimeout = 200;
                b.healthMode = BackendSpec.HealthMode.LAZY;
            });
            Backend refused = backend("127.0.0.1:" + LoopbackPorts.free(), b -> {});
            Backend forced = backend(silent, b -> b.healthMode = BackendSpec.HealthMode.UP);
            checkOnce();
            assertThat(up.isUp()).isTrue();
            assertThat(up.health().checkLatencyMicros()).isPositive();
            assertThat(down.isUp()).isFalse();
            assertThat(down.health().checkTimeouts()).isEqualTo(1);
            assertThat(lazy.isUp()).isFalse();
            assertThat(refused.isUp()).isFalse();
            assertThat(refused.health().checkNetworkErrors()).isEqualTo(1);
            assertThat(forced.isUp()).isTrue();
            assertThat(good.last().query().flags()).isEqualTo(DnsMessage.RD);
        }
    }

    /** A source address that this host does not have stands for descriptors, buffers and ports that have run out. */
    @Test
    void aCheckThatCannotBeMadeLeavesTheStateAsItIs() throws Exception {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1")) {
            List<String> lines = new CopyOnWriteArrayList<>();
            LogSink before = Log.sink((level, line) -> lines.add(new String(line, UTF_8)));
            try {
                for (boolean tcp : new boolean[] {false, true}) {
                    Backend backend = backend(server, b -> {
                        b.checkTcp = tcp;
                        b.sourceAddress = IpAddress.parse("192.0.2.1");
                    });
                    backend.health().assume(true);
                    backend.health().automatic(BackendSpec.HealthMode.AUTO);
                    checkOnce();
                    assertThat(backend.isUp()).as("tcp " + tcp).isTrue();
                    assertThat(backend.health().checkFailures()).isZero();
                    assertThat(backend.health().takeDueCheck(1))
                            .as("asked again")
                            .isTrue();
                }
            } finally {
                Log.sink(before);
            }
            assertThat(lines).anyMatch(line -> line.contains("could not be made") && line.contains("EADDRNOTAVAIL"));
            assertThat(lines).noneMatch(line -> line.contains("Marking downstream"));
        }
    }

    @Test
    void allAreCheckedAtTheSameTime() throws Exception {
        CountDownLatch all = new CountDownLatch(2);
        FakeBackend.Script onceAllAreAsked = q -> {
            all.countDown();
            try {
                all.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return Reply.send(q.query().reply(DnsMessage.NOERROR));
        };
        try (FakeBackend one = FakeBackend.start(onceAllAreAsked);
                FakeBackend other = FakeBackend.start(onceAllAreAsked)) {
            Backend first = backend(one, b -> {});
            Backend second = backend(other, b -> {});
            checkOnce();
            assertThat(first.isUp()).isTrue();
            assertThat(second.isUp()).isTrue();
        }
    }

    @Test
    void theAnswerMustBelongToTheQuery() throws Exception {
        assertThat(mismatches(r -> r.withId(r.id() + 1 & 0xffff))).isEqualTo(1);
        assertThat(mismatches(r -> r.withQuestion("other.example.", DnsMessage.A)))
                .isEqualTo(1);
        assertThat(mismatches(r -> r.withQuestion("check.example.", DnsMessage.AAAA)))
                .isEqualTo(1);
        assertThat(mismatches(r -> r.withFlags(DnsMessage.RD))).isEqualTo(1);
        assertThat(mismatches(r -> r)).isZero();
    }

    private long mismatches(UnaryOperator<DnsMessage> lie) throws Exception {
        try (FakeBackend server =
                FakeBackend.start(q -> Reply.send(lie.apply(FakeBackend.addressOrNothing(q.query(), "192.0.2.1"))))) {
            Backend backend = backend(server, b -> {});
            checkOnce();
            model.removeBackend(backend);
            assertThat(backend.isUp()).isEqualTo(backend.health().checkMismatches() == 0);
            return backend.health().checkMismatches();
        }
    }

    @Test
    void someRcodesMakeDown() throws Exception {
        assertThat(upWith(DnsMessage.NOERROR, true)).isTrue();
        assertThat(upWith(DnsMessage.SERVFAIL, false)).isFalse();
        assertThat(upWith(DnsMessage.NXDOMAIN, false)).isTrue();
        assertThat(upWith(DnsMessage.NXDOMAIN, true)).isFalse();
        assertThat(upWith(DnsMessage.REFUSED, false)).isTrue();
        assertThat(upWith(DnsMessage.REFUSED, true)).isFalse();
    }

    private boolean upWith(int rcode, boolean mustResolve) throws Exception {
        try (FakeBackend server = FakeBackend.start(q -> Reply.send(q.query().reply(rcode)))) {
            Backend backend = backend(server, b -> b.mustResolve = mustResolve);
            checkOnce();
            model.removeBackend(backend);
            return backend.isUp();
        }
    }

    @Test
    void checksGoOverTcpWhereTheBackendIsOnlyThere() throws Exception {
        try (FakeBackend server =
                FakeBackend.start(q -> q.tcp() ? Reply.send(q.query().reply(DnsMessage.NOERROR)) : Reply.drop())) {
            Backend overTcp = backend(server, b -> b.tcpOnly = true);
            Backend asked = backend(server, b -> {
                b.checkTcp = true;
                b.useProxyProtocol = true;
            });
            Backend closed = backend("127.0.0.1:" + LoopbackPorts.free(), b -> b.checkTcp = true);
            checkOnce();
            assertThat(overTcp.isUp()).isTrue();
            assertThat(asked.isUp()).isTrue();
            assertThat(closed.isUp()).isFalse();
            assertThat(server.received()).anySatisfy(q -> assertThat(q.proxyHeader())
                    .hasValueSatisfying(header -> assertThat(header.local()).isTrue()));
        }
    }

    @Test
    void aProxyHeaderSaysThatTheCheckIsOurOwn() throws Exception {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1")) {
            Backend backend = backend(server, b -> b.useProxyProtocol = true);
            checkOnce();
            assertThat(backend.isUp()).isTrue();
            assertThat(server.last().proxyHeader().orElseThrow().local()).isTrue();
        }
    }

    @Test
    void aFunctionMayChangeTheQuestion() throws Exception {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1")) {
            backend(server, b -> {
                b.setCd = true;
                b.checkFunction = (name, type, recordClass, header) -> {
                    Header.set(header, Header.RD, false);
                    return new CheckQuestion(Name.parse("changed.example."), DnsMessage.TXT, recordClass);
                };
            });
            Backend broken = backend(
                    server,
                    b -> b.checkFunction = (name, type, recordClass, header) -> {
                        throw new IllegalStateException("planted");
                    });
            checkOnce();
            assertThat(server.queryCount()).isEqualTo(1);
            assertThat(server.last().query().question())
                    .isEqualTo(new DnsMessage.Question("changed.example.", DnsMessage.TXT, DnsMessage.IN));
            assertThat(server.last().query().flags()).isEqualTo(DnsMessage.CD);
            assertThat(broken.isUp()).isFalse();
        }
    }

    @Test
    void regularChecksTakeDownAndUpAndTellListeners() throws Exception {
        List<String> changes = new CopyOnWriteArrayList<>();
        try (FakeBackend server = FakeBackend.answering("192.0.2.1");
                HealthChecker checker = new HealthChecker(model, streams)) {
            Backend backend = backend(server, b -> {
                b.name = "ns1";
                b.checkTimeout = 500;
                b.checkName = Name.parse(FakeBackend.HEALTH_CHECK_NAME);
            });
            checker.onChange((who, up) -> changes.add(who.nameWithAddress() + " " + up));
            checker.runInitial();
            backend.answered(MINE, 5_000, false);
            checker.start();
            server.setHealthy(false);
            Await.until("down", SECONDS, () -> !backend.isUp());
            Await.until("latency forgotten", SECONDS, () -> backend.latencyMicros() == 0);
            server.setHealthy(true);
            Await.until("up", SECONDS, backend::isUp);
            String name = "ns1 (127.0.0.1:" + server.port() + ")";
            Await.until("told", SECONDS, () -> changes.size() == 3);
            assertThat(changes).containsExactly(name + " true", name + " false", name + " true");
        }
    }

    /** An error says nothing about the backend, which stays up, is checked again, and goes down when it is down. */
    @Test
    void errorsOfOursNeitherEndTheCheckerNorTakeABackendDown() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        try (FakeBackend server = FakeBackend.start(q -> Reply.send(q.query().reply(rcode)));
                HealthChecker checker = new HealthChecker(model, streams, SHORT_SECOND)) {
            Backend backend = backend(server, b -> {
                b.checkFunction = (name, type, recordClass, header) -> {
                    switch (calls.incrementAndGet()) {
                        case 2 -> throw new StackOverflowError("planted");
                        case 3 -> throw new OutOfMemoryError("planted");
                        case 4 -> throw new NoClassDefFoundError("planted");
                        default -> {
                            return new CheckQuestion(name, type, recordClass);
                        }
                    }
                };
            });
            checker.onChange((who, up) -> {
                told.incrementAndGet();
                throw new StackOverflowError("planted");
            });
            checker.runInitial();
            assertThat(backend.isUp()).isTrue();
            checker.start();
            Await.until("three errors and a check after them", SECONDS, () -> calls.get() >= 5);
            assertThat(backend.isUp()).isTrue();
            rcode = DnsMessage.SERVFAIL;
            Await.until("down", SECONDS, () -> !backend.isUp());
            Await.until("told", SECONDS, () -> told.get() == 2);
            rcode = DnsMessage.NOERROR;
            Await.until("up", SECONDS, backend::isUp);
        }
    }

    /** The code of one server's check waits for ever, as for a busy interpreter: the others' state is found out all the same. */
    @Test
    void aCheckFunctionThatHangsHoldsUpNobodyElse() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        try (FakeBackend server = FakeBackend.start(q -> Reply.send(q.query().reply(rcode)));
                HealthChecker checker = new HealthChecker(model, streams, SHORT_SECOND)) {
            Backend hanging = backend(
                    server,
                    b -> b.checkFunction = (name, type, recordClass, header) -> {
                        if (calls.incrementAndGet() == 2) {
                            awaitUninterruptibly(free);
                        }
                        return new CheckQuestion(name, type, recordClass);
                    });
            Backend other = backend(server, b -> {});
            checker.runInitial();
            checker.start();
            Await.until("one hangs", SECONDS, () -> calls.get() == 2);
            rcode = DnsMessage.SERVFAIL;
            Await.until("the other is down", SECONDS, () -> !other.isUp());
            assertThat(hanging.isUp()).isTrue();
            free.countDown();
            Await.until("checked again", SECONDS, () -> calls.get() > 2);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
