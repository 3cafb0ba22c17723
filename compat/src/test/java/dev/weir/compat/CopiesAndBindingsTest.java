package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static dev.weir.testkit.DnsMessage.AAAA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsMessage.Rr;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Does {@code TeeAction} copy what it should, {@code SpoofSVCAction} say what RFC 9460 wants, and {@code TimedIPSetRule} forget? */
class CopiesAndBindingsTest {
    private static final int SVCB = 64;
    private static final int HTTPS = 65;

    private static FakeBackend backend;
    private static FakeBackend copied;
    private static DnsProcess subject;

    @BeforeAll
    static void start() {
        backend = FakeBackend.answering("192.0.2.1");
        copied = FakeBackend.start(query -> Reply.send(
                query.query().reply(query.name().startsWith("nx.") ? DnsMessage.NXDOMAIN : DnsMessage.NOERROR)));
        subject = DnsProcess.start("""
                newServer("%s")
                getPool(""):setCache(newPacketCache(100))
                tee = TeeAction("%s")
                addAction("tee.test.", tee)
                addAction("teesubnet.test.", TeeAction("%2$s", true))
                local params = {mandatory={"port"}, alpn={"dot"}, noDefaultAlpn=true, port=853, ipv4hint={"192.0.2.1"},
                                ipv6hint={"2001:db8::1"}}
                local doh = {mandatory={"port"}, alpn={"h2", "h3"}, port=443, key7="/dns-query{?dns}"}
                addAction("svc.test.", SpoofSVCAction({newSVCRecordParameters(1, "dot.example.", params),
                                                      newSVCRecordParameters(2, "doh.example.", doh)}, {ttl=1234, aa=true}))
                addAction("self.test.", SpoofSVCAction({newSVCRecordParameters(1, ".", {ipv4hint={"192.0.2.3"}, ech="abc"})}))
                addAction("alias.test.", SpoofSVCAction({newSVCRecordParameters(0, "elsewhere.example.")}))
                timed = TimedIPSetRule()
                addAction(AndRule({QNameRule("timed.test."), timed:slice()}), RCodeAction(DNSRCode.REFUSED))
                """.formatted(backend.hostPort(), copied.hostPort()));
    }

    @AfterAll
    static void stop() {
        subject.close();
        backend.close();
        copied.close();
    }

    private static DnsMessage ask(String name, int type) {
        try (UdpClient client = subject.udp()) {
            return client.ask(DnsQuery.of(name, type));
        }
    }

    private static String hex(Rr record) {
        return HexFormat.of().formatHex(record.rdata());
    }

    /** Also a query that the cache answers is copied; one over TCP is not. */
    @Test
    void teeCopiesDatagramsAndCountsAnswers() {
        for (int i = 0; i < 2; i++) {
            assertThat(ask("x.tee.test.", A).answerTexts()).containsExactly("192.0.2.1");
            assertThat(ask("nx.tee.test.", A).answerTexts()).containsExactly("192.0.2.1");
        }
        try (TcpClient tcp = subject.tcp()) {
            assertThat(tcp.ask(DnsQuery.of("x.tee.test.", A)).answerTexts()).containsExactly("192.0.2.1");
        }
        Await.until("counted", Await.PATIENCE, () -> subject.console("tee:printStats()")
                .contains("responses\t4"));
        assertThat(subject.console("tee:printStats()")).isEqualTo("""
                noerrors\t2
                nxdomains\t2
                other-rcode\t0
                queries\t4
                recv-errors\t0
                refuseds\t0
                responses\t4
                send-errors\t0
                servfails\t0
                tcp-drops\t1""");
        assertThat(copied.received().stream().filter(one -> one.name().endsWith(".tee.test.")))
                .hasSize(4)
                .allMatch(one -> one.query().opt().isEmpty());
    }

    @Test
    void aCopyHasTheClientsIdAndItsSubnet() {
        try (UdpClient client = subject.udp()) {
            client.ask(DnsQuery.of("x.teesubnet.test.", A).withId(0x4711));
        }
        Await.until("copied", Await.PATIENCE, () -> copied.received().stream()
                .anyMatch(one -> one.name().equals("x.teesubnet.test.")));
        FakeBackend.Received one = copied.received().stream()
                .filter(each -> each.name().equals("x.teesubnet.test."))
                .findFirst()
                .orElseThrow();
        assertThat(one.query().id()).isEqualTo(0x4711);
        assertThat(one.query().option(DnsMessage.ECS_OPTION))
                .hasValueSatisfying(option -> assertThat(option).isEqualTo(new byte[] {0, 1, 24, 0, 127, 0, 0}));
        assertThat(backend.last().query().opt()).isEmpty();
    }

    /** dnsdist answers whatever type was asked for, with records of that type. */
    @Test
    void serviceBindingsAreSpoofed() {
        for (int type : new int[] {SVCB, HTTPS, A}) {
            for (int again = 0; again < 2; again++) {
                DnsMessage answer = ask("x.svc.test.", type);
                assertThat(answer.has(DnsMessage.AA)).isTrue();
                assertThat(answer.answers()).extracting(Rr::type).containsExactly(type, type);
                assertThat(answer.answers()).extracting(Rr::ttlSeconds).containsOnly(1234L);
                assertThat(answer.answers())
                        .map(CopiesAndBindingsTest::hex)
                        .containsExactlyInAnyOrder(
                                "0001" + "03646f74076578616d706c6500" + "000000020003" + "0001000403646f74" + "00020000"
                                        + "000300020355" + "00040004c0000201"
                                        + "0006001020010db8000000000000000000000001",
                                "0002" + "03646f68076578616d706c6500" + "000000020003" + "00010006026832026833"
                                        + "0003000201bb" + "000700102f646e732d71756572797b3f646e737d");
                assertThat(answer.additionals())
                        .extracting(Rr::name, Rr::type, Rr::text)
                        .containsExactlyInAnyOrder(
                                org.assertj.core.groups.Tuple.tuple("dot.example.", A, "192.0.2.1"),
                                org.assertj.core.groups.Tuple.tuple("dot.example.", AAAA, "2001:db8:0:0:0:0:0:1"));
            }
        }
    }

    @Test
    void aServiceAtItsOwnNameAndAnAlias() {
        DnsMessage own = ask("x.self.test.", HTTPS);
        assertThat(hex(own.answers().getFirst())).isEqualTo("0001" + "00" + "00040004c0000203" + "00050003616263");
        assertThat(own.additionals().getFirst().name()).isEqualTo("x.self.test.");
        DnsMessage alias = ask("x.alias.test.", HTTPS);
        assertThat(hex(alias.answers().getFirst())).isEqualTo("0000" + "09656c73657768657265076578616d706c6500");
        assertThat(alias.additionals()).isEmpty();
        try (TcpClient tcp = subject.tcp()) {
            assertThat(tcp.ask(DnsQuery.of("x.alias.test.", HTTPS)).answers()).hasSize(1);
        }
    }

    @Test
    void addressesAreInATimedSetForAWhile() {
        assertThat(ask("timed.test.", A).rcode()).isEqualTo(DnsMessage.NOERROR);
        subject.console("timed:add(newCA('127.0.0.1'), 3600)");
        for (int again = 0; again < 2; again++) {
            assertThat(ask("timed.test.", A).rcode()).isEqualTo(DnsMessage.REFUSED);
        }
        assertThat(subject.console("showRules()")).contains("(qname==timed.test.) && (Src: 1 ips)");
        subject.console("timed:cleanup()");
        assertThat(ask("timed.test.", A).rcode()).isEqualTo(DnsMessage.REFUSED);
        subject.console("timed:clear()");
        assertThat(ask("timed.test.", A).rcode()).isEqualTo(DnsMessage.NOERROR);
        subject.console("timed:add(newCA('127.0.0.1'), 0)");
        assertThat(ask("timed.test.", A).rcode()).isEqualTo(DnsMessage.NOERROR);
    }

    @Test
    void rulesAreBenched() {
        assertThat(subject.console("benchRule(makeRule('powerdns.com.'), 1000)"))
                .matches("Had 1000 matches out of 1000, \\d+\\.\\d qps, in \\d+\\.\\d usec");
        assertThat(subject.console("benchRule(QNameSuffixRule('x.'), 10, 'powerdns.com')"))
                .startsWith("Had 0 matches");
    }

    @NewerThanDebian("knows these names in its completion list and its documentation only")
    @Test
    void responseRulesAreSetAndFoundByEveryName() {
        subject.console("setResponseRules({newRuleAction(QNameRule('a.'), DropResponseAction(), {name='first'}), "
                + "newRuleAction(QNameRule('b.'), DropResponseAction(), {name='second'})})");
        subject.console("topResponseRule()");
        assertThat(subject.console("showResponseRules()").lines().skip(1))
                .hasSize(2)
                .first()
                .asString()
                .contains("second");
        subject.console("addTimeoutResponseAction(AllRule(), DropResponseAction(), {name='late'})");
        assertThat(subject.console("tostring(getTopTimeoutResponseRule())")).isEqualTo("late");
        assertThat(subject.console("#getTopSelfAnsweredRules(5)")).isEqualTo("0");
        subject.console("clearResponseRules() clearTimeoutResponseRules()");
        assertThat(List.of(subject.console("tostring(getTopTimeoutResponseRule())")))
                .containsExactly("nil");
    }
}
