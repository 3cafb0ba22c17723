package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.ProcessProbe;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Does anything but new connections suffer when somebody takes all descriptors? */
@NewerThanDebian("descriptors run out")
class DescriptorsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int OPEN_FILES = 300;

    private static FakeBackend echo() {
        return FakeBackend.start(q -> Reply.send(FakeBackend.addressOrNothing(q.query(), "192.0.2.1")));
    }

    private static DnsQuery query(int i) {
        return DnsQuery.of("n" + i + ".example.", A).withId(i);
    }

    /** Checks go on, the console answers, the backend is up, and UDP is served. */
    private static void assertAllElseWorks(DnsProcess subject, FakeBackend backend) {
        int checks = backend.healthCheckCount();
        Await.until("two more checks", LIMIT, () -> backend.healthCheckCount() >= checks + 2);
        try (UdpClient udp = subject.udp()) {
            assertThat(udp.ask(query(2)).answerTexts()).containsExactly("192.0.2.1");
        }
        assertThat(subject.console("showServers()")).contains(" up ").doesNotContain(" down ");
        assertThat(subject.process().output()).doesNotContain("as 'down'").doesNotContain("state=\"down\"");
    }

    @Test
    void idleTcpClientsTakeNothingFromOthers() {
        try (FakeBackend backend = echo();
                DnsProcess subject = DnsProcess.startWithOpenFiles(
                        OPEN_FILES,
                        "newServer({address=\"%s\"})\nsetTCPRecvTimeout(600)\n".formatted(backend.hostPort()))) {
            List<TcpClient> idle = new ArrayList<>();
            try {
                for (int i = 0; i < 2 * OPEN_FILES; i++) {
                    TcpClient client = subject.tcp();
                    idle.add(client);
                    assertThat(client.ask(query(i)).id()).isEqualTo(i);
                }
                assertThat(idle.getFirst().closedWithin(LIMIT)).isTrue();
                assertAllElseWorks(subject, backend);
                assertThat(new ProcessProbe(subject.process().pid()).openFds()).isLessThan(OPEN_FILES - 30);
                assertThat(subject.process().output())
                        .contains("Descriptors run short: TCP clients that have been idle longest are closed");
                assertThat(subject.counter("tcp-clients-evicted")).isGreaterThan(OPEN_FILES);
            } finally {
                idle.forEach(TcpClient::close);
            }
        }
    }

    @Test
    void queriesToASilentStreamBackendTakeNothingFromOthers() {
        try (FakeBackend backend = echo();
                FakeBackend silent = FakeBackend.start(q -> Reply.drop());
                DnsProcess subject = DnsProcess.startWithOpenFiles(
                        OPEN_FILES, """
                        newServer({address="%s"})
                        newServer({address="%s", pool="silent", tcpOnly=true})
                        addAction(QNameSuffixRule("silent.example."), PoolAction("silent"))
                        """.formatted(backend.hostPort(), silent.hostPort()))) {
            ProcessProbe probe = new ProcessProbe(subject.process().pid());
            try (UdpClient flood = subject.udp()) {
                for (int i = 0; i < 3_000; i++) {
                    flood.send(DnsQuery.of("n" + i + ".silent.example.", A).packet());
                }
                assertAllElseWorks(subject, backend);
                int taken = silent.connectionCount() - silent.healthCheckCount();
                assertThat(taken).isBetween(8, OPEN_FILES / 4);
                assertThat(probe.openFds()).isLessThan(OPEN_FILES - 30);
                try (TcpClient client = subject.tcp()) {
                    assertThat(client.ask(query(1)).id()).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void aLowLimitIsToldAtTheStart() {
        try (FakeBackend backend = echo();
                DnsProcess subject = DnsProcess.startWithOpenFiles(
                        OPEN_FILES, "newServer({address=\"%s\"})\n".formatted(backend.hostPort()))) {
            Await.until("told", LIMIT, () -> subject.process().output().contains("LimitNOFILE="));
            assertThat(subject.process().output()).contains("limit=\"300\"");
        }
    }
}
