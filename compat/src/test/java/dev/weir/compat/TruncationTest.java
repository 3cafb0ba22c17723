package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsMessage.Rr;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Does a UDP answer ever exceed what its client takes? */
class TruncationTest {
    private static final DnsQuery QUERY = DnsQuery.of("big.example.", DnsMessage.TXT);

    private static FakeBackend sending(Function<DnsMessage, DnsMessage> reply) {
        return FakeBackend.start(q -> Reply.send(reply.apply(q.query())));
    }

    private static FakeBackend text(int bytes) {
        return sending(q -> q.reply(0, Rr.txt(q.question().name(), 60, bytes)));
    }

    private static DnsProcess before(FakeBackend backend, String... more) {
        return DnsProcess.start("newServer(\"%s\")\n%s\n".formatted(backend.hostPort(), String.join("\n", more)));
    }

    @NewerThanDebian("leaves the size of answers to the backend")
    @Test
    void tooLongForAPlainClient() {
        try (FakeBackend backend = text(600);
                DnsProcess subject = before(backend);
                UdpClient client = subject.udp()) {
            DnsMessage answer = client.ask(QUERY);
            assertThat(answer.has(DnsMessage.TC | DnsMessage.QR)).isTrue();
            assertThat(answer.answers()).isEmpty();
            assertThat(answer.question().name()).isEqualTo("big.example.");
            assertThat(answer.opt()).isEmpty();
        }
    }

    @NewerThanDebian("leaves the size of answers to the backend")
    @Test
    void tooLongForItsPayloadSizeKeepsTheOpt() {
        try (FakeBackend backend = text(1300);
                DnsProcess subject = before(backend);
                UdpClient client = subject.udp()) {
            DnsMessage answer = client.ask(QUERY.edns(1232).withDnssecOk());
            assertThat(answer.has(DnsMessage.TC)).isTrue();
            assertThat(answer.answers()).isEmpty();
            assertThat(answer.opt()).isPresent();
            assertThat(answer.dnssecOk()).isTrue();
        }
    }

    @Test
    void fitsExactly() {
        try (FakeBackend backend = text(1000);
                DnsProcess subject = before(backend);
                UdpClient client = subject.udp()) {
            DnsMessage answer = client.ask(QUERY.edns(1232));
            assertThat(answer.has(DnsMessage.TC)).isFalse();
            assertThat(answer.answers()).hasSize(1);
        }
    }

    @Test
    void payloadSizesBelow512Count512() {
        try (FakeBackend backend = text(400);
                DnsProcess subject = before(backend);
                UdpClient client = subject.udp()) {
            assertThat(client.ask(QUERY.edns(100)).has(DnsMessage.TC)).isFalse();
        }
    }

    @NewerThanDebian("leaves the size of answers to the backend")
    @Test
    void cachedAnswersForLargerClientsAreCutForSmallerOnes() {
        try (FakeBackend backend = text(1100);
                DnsProcess subject =
                        before(backend, "getPool(\"\"):setCache(newPacketCache(100, {payloadRanks={512, 4096}}))");
                UdpClient client = subject.udp()) {
            assertThat(client.ask(QUERY.edns(1232)).has(DnsMessage.TC)).isFalse();
            assertThat(client.ask(QUERY.edns(1000)).has(DnsMessage.TC)).isTrue();
        }
    }

    @Test
    void overTcpNothingIsCut() {
        try (FakeBackend backend = text(5000);
                DnsProcess subject = before(backend);
                TcpClient client = subject.tcp()) {
            DnsMessage answer = client.ask(QUERY);
            assertThat(answer.has(DnsMessage.TC)).isFalse();
            assertThat(answer.answers().getFirst().rdata()).hasSizeGreaterThan(5000);
        }
    }

    @Test
    void truncateTcStripsWhatBackendsLeft() {
        try (FakeBackend backend = sending(q -> {
                    DnsMessage reply = q.reply(0, Rr.a(q.question().name(), 60, "192.0.2.1"));
                    return reply.withFlags(reply.flags() | DnsMessage.TC);
                });
                DnsProcess subject = before(backend, "truncateTC(true)");
                UdpClient client = subject.udp()) {
            DnsMessage answer = client.ask(QUERY);
            assertThat(answer.has(DnsMessage.TC)).isTrue();
            assertThat(answer.answers()).isEmpty();
        }
    }

    @Test
    void truncatedAnswersPassAsTheyAreByDefault() {
        try (FakeBackend backend = sending(q -> {
                    DnsMessage reply = q.reply(0, Rr.a(q.question().name(), 60, "192.0.2.1"));
                    return reply.withFlags(reply.flags() | DnsMessage.TC);
                });
                DnsProcess subject = before(backend);
                UdpClient client = subject.udp()) {
            assertThat(client.ask(QUERY).answers()).hasSize(1);
        }
    }
}
