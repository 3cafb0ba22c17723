package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.ProcessProbe;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** How does the program treat TCP clients, polite and otherwise? */
class TcpTest {
    private static final Duration LIMIT = Await.PATIENCE;
    private static final int IDLE_CONNECTIONS = 10_000;

    /** Descriptors a process needs beside its connections. */
    private static final int OTHER_FDS = 1_000;

    /** Connections that may be there may also stay; dnsdist has known the threshold since 2.0. */
    private static final String PATIENT =
            "setTCPRecvTimeout(30) if setTCPConnectionsOverloadThreshold then setTCPConnectionsOverloadThreshold(0) end";

    private static FakeBackend echo() {
        return FakeBackend.start(q -> Reply.send(FakeBackend.addressOrNothing(q.query(), "192.0.2.1")));
    }

    private static DnsProcess before(FakeBackend backend, String... more) {
        return before("", backend, more);
    }

    private static DnsProcess before(String listenOptions, FakeBackend backend, String... more) {
        return DnsProcess.start(
                listenOptions,
                "newServer({address=\"%s\"})\n%s\n".formatted(backend.hostPort(), String.join("\n", more)));
    }

    private static DnsQuery query(int i) {
        return DnsQuery.of("n" + i + ".example.", A).withId(i);
    }

    @Test
    void manyQueriesOnOneConnection() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend);
                TcpClient client = subject.tcp()) {
            for (int i = 0; i < 200; i++) {
                assertThat(client.ask(query(i)).id()).isEqualTo(i);
            }
            assertThat(backend.connectionCount())
                    .as("backend connections are reused")
                    .isLessThan(10);
        }
    }

    @Test
    void pipelinedQueriesAreAllAnswered() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend);
                TcpClient client = subject.tcp()) {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            Set<Integer> expected = new TreeSet<>();
            for (int i = 0; i < 100; i++) {
                all.writeBytes(TcpClient.framed(query(i).packet()));
                expected.add(i);
            }
            client.sendRaw(all.toByteArray());
            Set<Integer> ids = new TreeSet<>();
            for (int i = 0; i < 100; i++) {
                ids.add(DnsMessage.idOf(client.receive()));
            }
            assertThat(ids).isEqualTo(expected);
        }
    }

    @Test
    void quickAnswersOvertakeSlowOnesWithMaxInFlight() {
        FakeBackend.Script slowFirst = q -> q.name().startsWith("n1.")
                ? Reply.later(Duration.ofMillis(600), FakeBackend.addressOrNothing(q.query(), "192.0.2.1"))
                : Reply.send(FakeBackend.addressOrNothing(q.query(), "192.0.2.2"));
        try (FakeBackend backend = FakeBackend.start(slowFirst);
                DnsProcess subject = DnsProcess.start(
                        "{maxInFlight=10}",
                        "newServer({address=\"%s\", maxInFlight=10})\n".formatted(backend.hostPort()));
                TcpClient client = subject.tcp()) {
            client.send(query(1).packet());
            client.send(query(2).packet());
            assertThat(DnsMessage.idOf(client.receive())).isEqualTo(2);
            assertThat(DnsMessage.idOf(client.receive())).isEqualTo(1);
        }
    }

    @Test
    void byteByByte() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend);
                TcpClient client = subject.tcp()) {
            client.sendByteByByte(query(7).packet());
            assertThat(DnsMessage.parse(client.receive()).id()).isEqualTo(7);
        }
    }

    /** A byte each second would keep a connection for minutes: the time for a whole query counts. */
    @NewerThanDebian("starts the time anew with each byte")
    @Test
    void oneByteASecondIsCutOff() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend, "setTCPRecvTimeout(2)");
                TcpClient client = subject.tcp()) {
            byte[] packet = TcpClient.framed(query(7).packet());
            boolean closed = false;
            for (int i = 0; i < 8 && !closed; i++) {
                try {
                    client.sendRaw(new byte[] {packet[i]});
                } catch (java.io.UncheckedIOException reset) {
                    closed = true;
                    break;
                }
                closed = client.closedWithin(Duration.ofSeconds(1));
            }
            assertThat(closed).isTrue();
            assertThat(backend.queryCount()).isZero();
        }
    }

    @Test
    void idleConnectionsEnd() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend, "setTCPRecvTimeout(1)");
                TcpClient client = subject.tcp()) {
            client.ask(query(1));
            assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
        }
    }

    @Test
    void tooManyQueriesEndTheConnection() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend, "setMaxTCPQueriesPerConnection(3)");
                TcpClient client = subject.tcp()) {
            for (int i = 0; i < 3; i++) {
                client.ask(query(i));
            }
            assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
        }
    }

    @Test
    void tooLongConnectionsEnd() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend, "setMaxTCPConnectionDuration(1)");
                TcpClient client = subject.tcp()) {
            client.ask(query(1));
            assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
        }
    }

    @Test
    void tooManyConnectionsOfAClientAreRefused() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend, "setMaxTCPConnectionsPerClient(2)", PATIENT);
                TcpClient one = subject.tcp();
                TcpClient two = subject.tcp()) {
            one.ask(query(1));
            two.ask(query(2));
            try (TcpClient three = subject.tcp()) {
                assertThat(three.closedWithin(Await.PATIENCE)).isTrue();
            }
            one.close();
            Await.until("a place is free again", LIMIT, () -> {
                try (TcpClient four = subject.tcp()) {
                    four.send(query(4).packet());
                    return four.tryReceive(LIMIT).isPresent();
                } catch (java.io.UncheckedIOException reset) {
                    return false;
                }
            });
        }
    }

    @Test
    void tooManyConnectionsOfAListenerAreRefused() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before("{maxConcurrentTCPConnections=2}", backend, PATIENT);
                TcpClient one = subject.tcp();
                TcpClient two = subject.tcp()) {
            one.ask(query(1));
            two.ask(query(2));
            try (TcpClient three = subject.tcp()) {
                assertThat(three.closedWithin(Await.PATIENCE)).isTrue();
            }
        }
    }

    @Test
    void halfClosedClientGetsItsAnswer() {
        FakeBackend.Script slow =
                q -> Reply.later(Duration.ofMillis(200), FakeBackend.addressOrNothing(q.query(), "192.0.2.1"));
        try (FakeBackend backend = FakeBackend.start(slow);
                DnsProcess subject = before(backend);
                TcpClient client = subject.tcp()) {
            client.send(query(5).packet());
            client.halfClose();
            assertThat(client.tryReceive(LIMIT)).hasValueSatisfying(answer -> assertThat(DnsMessage.idOf(answer))
                    .isEqualTo(5));
            assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
        }
    }

    @Test
    void clientThatLeavesHarmsNobody() {
        FakeBackend.Script slow =
                q -> Reply.later(Duration.ofMillis(100), FakeBackend.addressOrNothing(q.query(), "192.0.2.1"));
        try (FakeBackend backend = FakeBackend.start(slow);
                DnsProcess subject = before(backend)) {
            for (int i = 0; i < 50; i++) {
                try (TcpClient client = subject.tcp()) {
                    client.send(query(i).packet());
                }
            }
            try (TcpClient client = subject.tcp()) {
                assertThat(client.ask(query(99)).id()).isEqualTo(99);
            }
        }
    }

    @Test
    void lengthShorterThanAHeaderEndsTheConnection() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend)) {
            for (int length : new int[] {0, 1, 11}) {
                try (TcpClient client = subject.tcp()) {
                    client.send(Arrays.copyOf(query(1).packet(), length));
                    assertThat(client.closedWithin(Await.PATIENCE))
                            .as("length " + length)
                            .isTrue();
                }
            }
            assertThat(backend.queryCount()).isZero();
        }
    }

    @Test
    void lengthThatPromisesMoreIsWaitedForThenCut() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend, "setTCPRecvTimeout(1)");
                TcpClient client = subject.tcp()) {
            byte[] packet = TcpClient.framed(query(1).packet());
            packet[0] = 0x7F;
            client.sendRaw(packet);
            assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
            assertThat(backend.queryCount()).isZero();
        }
    }

    @Test
    void lengthThatPromisesLessSplitsTheStreamElsewhere() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend, "setTCPRecvTimeout(1)");
                TcpClient client = subject.tcp()) {
            byte[] packet = TcpClient.framed(query(1).packet());
            packet[1] = (byte) (packet.length - 2 - 3);
            client.sendRaw(packet);
            assertThat(client.tryReceive(LIMIT)).isEmpty();
            assertThat(backend.queryCount()).isZero();
        }
    }

    @Test
    void responseOnAClientConnectionEndsIt() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend);
                TcpClient client = subject.tcp()) {
            client.send(query(1).withFlags(DnsMessage.QR).packet());
            assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
            assertThat(subject.counter("noncompliant-queries")).isEqualTo(1);
        }
    }

    @Test
    void dropEndsTheConnection() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend, "addAction(AllRule(), DropAction())");
                TcpClient client = subject.tcp()) {
            client.send(query(1).packet());
            assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
        }
    }

    @Test
    void aclEndsTheConnectionWithoutAnswer() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend, "setACL(\"192.0.2.0/24\")");
                TcpClient client = subject.tcp()) {
            assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
            assertThat(subject.counter("acl-drops")).isEqualTo(1);
        }
    }

    @Test
    void largestAnswerPasses() {
        try (FakeBackend backend = FakeBackend.start(
                        q -> Reply.send(q.query().reply(0, DnsMessage.Rr.txt(q.name(), 60, 64_000))));
                DnsProcess subject = before(backend);
                TcpClient client = subject.tcp()) {
            DnsMessage answer = client.ask(DnsQuery.of("big.example.", DnsMessage.TXT));
            assertThat(answer.answers().getFirst().rdata()).hasSizeGreaterThan(64_000);
        }
    }

    @Test
    void clientThatReadsNothingIsCutOff() {
        try (FakeBackend backend = FakeBackend.start(
                        q -> Reply.send(q.query().reply(0, DnsMessage.Rr.txt(q.name(), 60, 60_000))));
                DnsProcess subject = before(backend, "setTCPSendTimeout(1)", "setTCPRecvTimeout(1)");
                TcpClient greedy = subject.tcp()) {
            boolean cut = false;
            for (int i = 0; i < 400 && !cut; i++) {
                try {
                    greedy.send(DnsQuery.of("big.example.", DnsMessage.TXT).packet());
                } catch (java.io.UncheckedIOException reset) {
                    cut = true;
                }
            }
            try (TcpClient other = subject.tcp()) {
                other.send(DnsQuery.of("other.example.", DnsMessage.TXT).packet());
                assertThat(other.receive()).hasSizeGreaterThan(60_000);
            }
        }
    }

    /**
     * 10,000 idle connections, or as many as the limits on open files of this process and the subject allow: others
     * are served, and all descriptors come back.
     */
    @Test
    void idleConnectionsCostNobodyElse() throws IOException {
        int connections = Math.min(IDLE_CONNECTIONS, openFilesLimit() - OTHER_FDS);
        try (FakeBackend backend = echo();
                DnsProcess subject = before(
                        "{maxConcurrentTCPConnections=0, tcpListenQueueSize=1024}",
                        backend,
                        "setMaxTCPConnectionsPerClient(0)",
                        "setTCPRecvTimeout(60)",
                        "setMaxTCPQueuedConnections(0)")) {
            ProcessProbe probe = new ProcessProbe(subject.process().pid());
            int before = probe.openFds();
            List<TcpClient> idle = new ArrayList<>();
            try {
                for (int i = 0; i < connections; i++) {
                    idle.add(subject.tcp());
                }
                Await.until("all accepted", LIMIT, () -> probe.openFds() >= before + connections);
                try (TcpClient client = subject.tcp();
                        UdpClient udp = subject.udp()) {
                    assertThat(client.ask(query(1)).id()).isEqualTo(1);
                    assertThat(udp.ask(query(2)).id()).isEqualTo(2);
                }
                assertThat(idle.get(connections / 2).ask(query(3)).id()).isEqualTo(3);
            } finally {
                idle.forEach(TcpClient::close);
            }
            // Worker threads started meanwhile keep a few descriptors of their own.
            int afterwards = before + connections / 50;
            Await.until("all closed", LIMIT, () -> probe.openFds() <= afterwards);
        }
    }

    /** The soft limit that a process started from here gets. */
    private static int openFilesLimit() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.replaceAll("^Max open files +(\\d+).*", "$1"))
                .mapToInt(limit -> (int) Math.min(Long.parseLong(limit), Integer.MAX_VALUE))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void statisticsHaveBothSides() {
        try (FakeBackend backend = echo();
                DnsProcess subject = before(backend);
                TcpClient client = subject.tcp()) {
            client.ask(query(1));
            assertThat(subject.console("showTCPStats()")).contains("Frontends", "Backends");
        }
    }
}
