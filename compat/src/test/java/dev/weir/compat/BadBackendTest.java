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
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of responses that backends should not have sent? */
class BadBackendTest {
    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final Duration LIMIT = Await.PATIENCE;
    private static final String TRUE_ADDRESS = "192.0.2.1";
    private static final String FALSE_ADDRESS = "203.0.113.66";

    /** dnsdist 1.7.3 ignores a response to another question without counting it. */
    private static final int MISMATCH_COUNTED = TestSubject.current() == TestSubject.WEIR ? 1 : 0;

    private static DnsMessage truth(FakeBackend.Received q) {
        return FakeBackend.addressOrNothing(q.query(), TRUE_ADDRESS);
    }

    private static DnsMessage lie(FakeBackend.Received q) {
        return FakeBackend.addressOrNothing(q.query(), FALSE_ADDRESS);
    }

    private static DnsProcess before(FakeBackend backend, String... more) {
        return DnsProcess.start("newServer(\"%s\")\n%s".formatted(backend.hostPort(), String.join("\n", more)));
    }

    /** A bad response first, the right one 50 ms later: the client sees the right one only. */
    private static void assertIgnored(FakeBackend.Script bad, String counter, long counted) {
        FakeBackend.Script badThenGood =
                q -> new Reply.Many(List.of(bad.answer(q), Reply.later(Duration.ofMillis(50), truth(q))));
        try (FakeBackend backend = FakeBackend.start(badThenGood);
                DnsProcess subject = before(backend);
                UdpClient client = subject.udp()) {
            DnsMessage answer = client.ask(DnsQuery.of("www.example.", A));
            assertThat(answer.answerTexts()).containsExactly(TRUE_ADDRESS);
            assertThat(client.receive(SILENCE)).isEmpty();
            assertThat(subject.counter(counter)).isEqualTo(counted);
        }
    }

    @Test
    void wrongId() {
        assertIgnored(q -> Reply.send(lie(q).withId(q.query().id() ^ 0x5555)), "noncompliant-responses", 0);
    }

    @Test
    void wrongName() {
        assertIgnored(
                q -> Reply.send(lie(q).withQuestion("other.example.", A)), "noncompliant-responses", MISMATCH_COUNTED);
    }

    @Test
    void wrongType() {
        assertIgnored(
                q -> Reply.send(lie(q).withQuestion("www.example.", DnsMessage.AAAA)),
                "noncompliant-responses",
                MISMATCH_COUNTED);
    }

    @Test
    void noResponseBit() {
        assertIgnored(q -> Reply.send(lie(q).withFlags(0)), "noncompliant-responses", 1);
    }

    @Test
    void fromAnotherPort() {
        assertIgnored(q -> Reply.fromOtherPort(lie(q)), "noncompliant-responses", 0);
    }

    @Test
    void garbage() {
        assertIgnored(q -> Reply.send(new byte[] {1, 2, 3}), "downstream-timeouts", 0);
    }

    @Test
    void garbageBehindTheRightId() {
        assertIgnored(
                q -> {
                    byte[] packet = new byte[40];
                    java.util.Arrays.fill(packet, (byte) 0xC0);
                    return Reply.send(DnsMessage.withId(packet, q.query().id()));
                },
                "downstream-timeouts",
                0);
    }

    @Test
    void emptyDatagram() {
        assertIgnored(q -> Reply.send(new byte[0]), "downstream-timeouts", 0);
    }

    @Test
    void nameInOtherCaseIsTheSameName() {
        try (FakeBackend backend = FakeBackend.start(q -> Reply.send(truth(q).withQuestion("WWW.eXample.", A)));
                DnsProcess subject = before(backend);
                UdpClient client = subject.udp()) {
            assertThat(client.ask(DnsQuery.of("www.example.", A)).answerTexts()).containsExactly(TRUE_ADDRESS);
        }
    }

    @Test
    void sameAnswerTwice() {
        try (FakeBackend backend =
                        FakeBackend.start(q -> new Reply.Many(List.of(Reply.send(truth(q)), Reply.send(lie(q)))));
                DnsProcess subject = before(backend);
                UdpClient client = subject.udp()) {
            assertThat(client.ask(DnsQuery.of("www.example.", A)).answerTexts()).containsExactly(TRUE_ADDRESS);
            assertThat(client.receive(SILENCE)).isEmpty();
        }
    }

    /** An answer that promises two records more than it has. */
    private static byte[] broken(FakeBackend.Received q) {
        byte[] answer = truth(q).compose();
        answer[7] = 3;
        return answer;
    }

    @Test
    void brokenRecordsArePassedOn() {
        try (FakeBackend backend = FakeBackend.start(q -> Reply.send(broken(q)));
                DnsProcess subject = before(backend);
                UdpClient client = subject.udp()) {
            DnsQuery query = DnsQuery.of("www.example.", A);
            assertThat(client.tryExchange(query.packet(), LIMIT)).isPresent();
        }
    }

    @Test
    void brokenRecordsThatMayHideOurSubnetAreNot() {
        try (FakeBackend backend = FakeBackend.start(
                        q -> Reply.send(q.name().startsWith("broken") ? broken(q) : truth(q).compose()));
                DnsProcess subject = DnsProcess.start(
                        "newServer({address=\"%s\", useClientSubnet=true})\n".formatted(backend.hostPort()));
                UdpClient client = subject.udp();
                TcpClient tcp = subject.tcp()) {
            DnsQuery query = DnsQuery.of("broken.example.", A);
            assertThat(client.tryExchange(query.packet(), SILENCE)).isEmpty();
            tcp.send(query.packet());
            assertThat(tcp.closedWithin(LIMIT)).isTrue();
            assertThat(client.ask(DnsQuery.of("www.example.", A)).answerTexts()).containsExactly(TRUE_ADDRESS);
        }
    }

    /** 2.2 drops what 1.7.3 cuts off in the middle of a record; both take 4,368 octets. */
    @Test
    @NewerThanDebian("sends 4368 octets of it")
    void aDatagramAbove4368OctetsIsNoAnswer() {
        try (FakeBackend backend = FakeBackend.start(q -> {
                    int size = q.name().startsWith("long") ? 4369 : 4368;
                    DnsMessage empty = q.query().reply(0, DnsMessage.Rr.txt(q.name(), 60, 4000));
                    return Reply.send(java.util.Arrays.copyOf(empty.compose(), size));
                });
                DnsProcess subject = before(backend);
                UdpClient client = subject.udp()) {
            DnsQuery fits = DnsQuery.of("fits.example.", DnsMessage.TXT).edns(65_535);
            assertThat(client.tryExchange(fits.packet(), LIMIT))
                    .hasValueSatisfying(a -> assertThat(a).hasSize(4368));
            DnsQuery tooLong = DnsQuery.of("long.example.", DnsMessage.TXT).edns(65_535);
            assertThat(client.tryExchange(tooLong.packet(), SILENCE)).isEmpty();
            assertThat(subject.counter("noncompliant-responses")).isEqualTo(1);
        }
    }

    @Test
    void refusedWithoutQuestionIsPassedOn() {
        try (FakeBackend backend = FakeBackend.start(q -> Reply.send(new DnsMessage(
                        q.query().id(),
                        DnsMessage.QR | DnsMessage.REFUSED,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of())));
                DnsProcess subject = before(backend);
                UdpClient client = subject.udp()) {
            DnsMessage answer = client.ask(DnsQuery.of("www.example.", A));
            assertThat(answer.rcode()).isEqualTo(DnsMessage.REFUSED);
            assertThat(answer.questions()).isEmpty();
        }
    }

    /** The slot of a timed-out query is used again: the old answer must not go to the new client. */
    @Test
    void answerAfterTheTimeoutReachesNobody() {
        FakeBackend.Script slowFirst =
                q -> q.name().startsWith("slow") ? Reply.later(Duration.ofMillis(3500), lie(q)) : Reply.send(truth(q));
        try (FakeBackend backend = FakeBackend.start(slowFirst);
                DnsProcess subject = before(backend, "setUDPTimeout(1)", "setMaxUDPOutstanding(2)");
                UdpClient slow = subject.udp();
                UdpClient other = subject.udp()) {
            slow.send(DnsQuery.of("slow.example.", A).packet());
            Await.until("the timeout is counted", LIMIT, () -> subject.counter("downstream-timeouts") == 1);
            for (int i = 0; i < 4; i++) {
                assertThat(other.ask(DnsQuery.of("quick.example.", A)).answerTexts())
                        .containsExactly(TRUE_ADDRESS);
            }
            assertThat(slow.receive(Duration.ofSeconds(3))).isEmpty();
            assertThat(other.receive(SILENCE)).isEmpty();
        }
    }

    @Test
    void deadBackendCostsOnlyItsQueries() {
        int port;
        try (FakeBackend backend = FakeBackend.answering(TRUE_ADDRESS)) {
            port = backend.port();
            try (DnsProcess subject = before(backend);
                    UdpClient client = subject.udp()) {
                assertThat(client.ask(DnsQuery.of("www.example.", A)).answerTexts())
                        .containsExactly(TRUE_ADDRESS);
                backend.close();
                assertThat(client.tryExchange(DnsQuery.of("gone.example.", A).packet(), SILENCE))
                        .isEmpty();
                try (FakeBackend again = FakeBackend.start(port, q -> Reply.send(truth(q)))) {
                    Await.until("served again", LIMIT, () -> client.tryExchange(
                                    DnsQuery.of("back.example.", A).packet(), SILENCE)
                            .isPresent());
                    assertThat(again.queryCount()).isPositive();
                }
            }
        }
    }

    @Test
    void tcpBackendThatHangsUpIsRetriedThenGivenUp() {
        try (FakeBackend backend = FakeBackend.start(q -> new Reply.Hangup());
                DnsProcess subject =
                        DnsProcess.start("newServer({address=\"%s\", retries=2})\n".formatted(backend.hostPort()));
                TcpClient client = subject.tcp()) {
            client.send(DnsQuery.of("www.example.", A).packet());
            assertThat(client.tryReceive(LIMIT)).isEmpty();
            // The first attempt and its retries.
            assertThat(backend.queryCount()).isBetween(2, 4);
        }
    }

    @Test
    void tcpBackendWithWrongAnswerReachesNobody() {
        try (FakeBackend backend = FakeBackend.start(q -> Reply.send(lie(q).withQuestion("other.example.", A)));
                DnsProcess subject = before(backend);
                TcpClient client = subject.tcp()) {
            client.send(DnsQuery.of("www.example.", A).packet());
            assertThat(client.tryReceive(LIMIT)).isEmpty();
        }
    }
}
