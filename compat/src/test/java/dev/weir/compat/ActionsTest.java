package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsMessage.Rr;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What does each action do to a query or response? Names below {@code LABEL.test.} get the action of that label. */
class ActionsTest {
    private static final Duration SILENCE = Duration.ofMillis(200);
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static FakeBackend main;
    private static FakeBackend other;
    private static DnsProcess subject;
    private UdpClient client;

    @BeforeAll
    static void start() {
        main = FakeBackend.answering("192.0.2.1");
        other = FakeBackend.answering("192.0.2.2");
        subject = DnsProcess.start("""
                newServer("%s")
                newServer({address="%s", pool="other"})
                addAction("pool.test.", PoolAction("other"))
                addAction("pool.test.", DropAction())
                addAction("drop.test.", DropAction())
                addAction("allow.test.", AllowAction())
                addAction("allow.test.", DropAction())
                addAction("none.test.", NoneAction())
                addAction("none.test.", PoolAction("other"))
                addAction("rcode.test.", RCodeAction(DNSRCode.NXDOMAIN))
                addAction("rcodeaa.test.", RCodeAction(DNSRCode.REFUSED, {aa=true, ra=false}))
                addAction("tc.test.", TCAction())
                addAction("spoof4.test.", SpoofAction("203.0.113.1"))
                addAction("spoof6.test.", SpoofAction("2001:db8::1"))
                addAction("spoofall.test.", SpoofAction({"203.0.113.1", "203.0.113.2", "2001:db8::1"}))
                addAction("spoofttl.test.", SpoofAction("203.0.113.1", {ttl=1234, aa=true, ra=true, ad=true}))
                addAction("spoofcname.test.", SpoofCNAMEAction("target.example."))
                addAction("spoofraw.test.", SpoofRawAction("\\003abc\\002de"))
                addAction("delay.test.", DelayAction(400))
                addAction("qps.test.", QPSAction(3))
                addAction("qpspool.test.", QPSPoolAction(3, "other"))
                addAction("nord.test.", SetNoRecurseAction())
                addAction("log.test.", LogAction("queries.log", false, true, false))
                addAction("luanx.test.", LuaAction(function(dq) return DNSAction.Nxdomain, "" end))
                addAction("luapool.test.", LuaAction(function(dq) return DNSAction.Pool, "other" end))
                addAction("luadrop.test.", LuaAction(function(dq) return DNSAction.Drop, "" end))
                addAction("luaspoof.test.", LuaAction(function(dq) return DNSAction.Spoof, "203.0.113.9" end))
                addAction("luatc.test.", LuaAction(function(dq) return DNSAction.Truncate, "" end))
                addAction("luarefused.test.", LuaAction(function(dq) return DNSAction.Refused, "" end))
                addAction("luadelay.test.", LuaAction(function(dq) return DNSAction.Delay, "300" end))
                addAction("luanone.test.", LuaAction(function(dq) dq:setTag("seen", "yes") return DNSAction.None, "" end))
                addAction(AndRule({TagRule("seen", "yes")}), PoolAction("other"))
                addAction("luafields.test.", LuaAction(function(dq)
                  local right = dq.qname:toString() == "luafields.test." and dq.qtype == DNSQType.TXT and dq.qclass == 1
                    and dq.remoteaddr:toString() == "127.0.0.1" and dq.opcode == 0 and not dq.tcp
                    and dq.len == 32 and dq.dh:getRD()
                  return right and DNSAction.Nxdomain or DNSAction.Refused, ""
                end))
                addResponseAction("dropped.test.", DropResponseAction())
                addResponseAction("delayed.test.", DelayResponseAction(400))
                addResponseAction("luaservfail.test.", LuaResponseAction(function(dr) return DNSResponseAction.ServFail, "" end))
                addResponseAction("luadropped.test.", LuaResponseAction(function(dr)
                  if dr.rcode == 0 then return DNSResponseAction.Drop, "" end
                  return DNSResponseAction.None, ""
                end))
                """.formatted(main.hostPort(), other.hostPort()));
    }

    @AfterAll
    static void stop() {
        subject.close();
        main.close();
        other.close();
    }

    @BeforeEach
    void connect() {
        client = subject.udp();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    private DnsMessage ask(String name) {
        return client.ask(DnsQuery.of(name, A));
    }

    private boolean silent(String name) {
        return client.tryExchange(DnsQuery.of(name, A).packet(), SILENCE).isEmpty();
    }

    private long millis(String name) {
        long startNs = System.nanoTime();
        ask(name);
        return Duration.ofNanos(System.nanoTime() - startNs).toMillis();
    }

    @Test
    void poolActionSendsElsewhereAndStops() {
        assertThat(ask("x.pool.test.").answerTexts()).containsExactly("192.0.2.2");
    }

    @Test
    void dropActionIsSilentAndCounted() {
        long before = subject.counter("rule-drop");
        assertThat(silent("x.drop.test.")).isTrue();
        assertThat(subject.counter("rule-drop")).isEqualTo(before + 1);
    }

    @Test
    void allowActionStopsTheRules() {
        assertThat(ask("x.allow.test.").answerTexts()).containsExactly("192.0.2.1");
    }

    @Test
    void noneActionGoesOn() {
        assertThat(ask("x.none.test.").answerTexts()).containsExactly("192.0.2.2");
    }

    @Test
    void rcodeActionAnswersByItself() {
        int before = main.queryCount();
        DnsMessage answer = ask("x.rcode.test.");
        assertThat(answer.rcode()).isEqualTo(DnsMessage.NXDOMAIN);
        assertThat(answer.has(DnsMessage.QR | DnsMessage.RD | DnsMessage.RA)).isTrue();
        assertThat(answer.has(DnsMessage.AA)).isFalse();
        assertThat(answer.question().name()).isEqualTo("x.rcode.test.");
        assertThat(answer.answers()).isEmpty();
        assertThat(main.queryCount()).isEqualTo(before);
    }

    @Test
    void selfAnswersWithoutRecursionDesiredOfferNone() {
        DnsMessage answer = client.ask(DnsQuery.of("x.rcode.test.", A).withFlags(0));
        assertThat(answer.has(DnsMessage.RA)).isFalse();
        assertThat(answer.has(DnsMessage.RD)).isFalse();
    }

    @Test
    void selfAnswersCarryEdnsForEdns() {
        DnsMessage answer =
                client.ask(DnsQuery.of("x.rcode.test.", A).edns(4096).withDnssecOk());
        assertThat(answer.payloadSize()).isEqualTo(1232);
        assertThat(answer.dnssecOk()).isTrue();
        assertThat(ask("x.rcode.test.").opt()).isEmpty();
    }

    @Test
    void flagsOfSelfAnswersCanBeChosen() {
        DnsMessage answer = ask("x.rcodeaa.test.");
        assertThat(answer.rcode()).isEqualTo(DnsMessage.REFUSED);
        assertThat(answer.has(DnsMessage.AA)).isTrue();
        assertThat(answer.has(DnsMessage.RA)).isFalse();
    }

    @Test
    void tcActionIsForUdpOnly() {
        DnsMessage answer = ask("x.tc.test.");
        assertThat(answer.has(DnsMessage.TC)).isTrue();
        assertThat(answer.answers()).isEmpty();
        try (TcpClient tcp = subject.tcp()) {
            assertThat(tcp.ask(DnsQuery.of("x.tc.test.", A)).answerTexts()).containsExactly("192.0.2.1");
        }
    }

    @Test
    void spoofOneAddress() {
        DnsMessage answer = ask("x.spoof4.test.");
        assertThat(answer.answerTexts()).containsExactly("203.0.113.1");
        Rr record = answer.answers().getFirst();
        assertThat(record.ttlSeconds()).isEqualTo(60);
        assertThat(record.name()).isEqualTo("x.spoof4.test.");
        assertThat(answer.has(DnsMessage.AA)).isFalse();
        assertThat(answer.has(DnsMessage.RA)).isTrue();
    }

    @Test
    void spoofAddressOfTheOtherFamily() {
        assertThat(client.ask(DnsQuery.of("x.spoof6.test.", DnsMessage.AAAA)).answerTexts())
                .containsExactly("2001:db8:0:0:0:0:0:1");
    }

    @Test
    void spoofSeveralAddressesByFamily() {
        assertThat(ask("x.spoofall.test.").answerTexts()).containsExactlyInAnyOrder("203.0.113.1", "203.0.113.2");
        assertThat(client.ask(DnsQuery.of("x.spoofall.test.", DnsMessage.AAAA)).answerTexts())
                .containsExactly("2001:db8:0:0:0:0:0:1");
        assertThat(client.ask(DnsQuery.of("x.spoofall.test.", DnsMessage.ANY)).answers())
                .hasSize(3);
    }

    @Test
    void spoofOptions() {
        DnsMessage answer = ask("x.spoofttl.test.");
        assertThat(answer.answers().getFirst().ttlSeconds()).isEqualTo(1234);
        assertThat(answer.has(DnsMessage.AA | DnsMessage.AD | DnsMessage.RA)).isTrue();
    }

    @Test
    void spoofCname() {
        Rr record = ask("x.spoofcname.test.").answers().getFirst();
        assertThat(record.type()).isEqualTo(DnsMessage.CNAME);
        assertThat(new String(record.rdata(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .isEqualTo("\006target\007example\000");
    }

    @Test
    void spoofRaw() {
        Rr record = client.ask(DnsQuery.of("x.spoofraw.test.", DnsMessage.TXT))
                .answers()
                .getFirst();
        assertThat(record.type()).isEqualTo(DnsMessage.TXT);
        assertThat(new String(record.rdata(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .isEqualTo("\003abc\002de");
    }

    @Test
    void delayActionDelaysTheAnswer() {
        assertThat(millis("x.delay.test.")).isBetween(380L, 30_000L);
    }

    @Test
    void qpsActionDropsAboveItsRate() {
        long startNs = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            client.send(DnsQuery.of("x.qps.test.", A).packet());
        }
        int answered = 0;
        long endNs = startNs;
        while (client.receive(QUIET).isPresent()) {
            answered++;
            endNs = System.nanoTime();
        }
        // A bucket of three, filled by three a second.
        assertThat(answered).isBetween(3, 3 + (int) Math.ceil(3 * (endNs - startNs) / 1e9));
    }

    @Test
    void qpsPoolActionSendsTheRestOn() {
        int inPool = 0;
        for (int i = 0; i < 20; i++) {
            inPool += ask("x.qpspool.test.").answerTexts().contains("192.0.2.2") ? 1 : 0;
        }
        assertThat(inPool).isBetween(3, 10);
    }

    @Test
    void noRecurseClearsRdForTheBackendOnly() {
        assertThat(ask("x.nord.test.").has(DnsMessage.RD)).isTrue();
        assertThat(main.last().query().has(DnsMessage.RD)).isFalse();
    }

    @Test
    void logActionWritesALine() {
        assertThat(ask("x.log.test.").answerTexts()).containsExactly("192.0.2.1");
        assertThat(subject.directory().resolve("queries.log")).content().contains("x.log.test.");
    }

    @Test
    void luaActionsReturnAnyAction() {
        assertThat(ask("x.luanx.test.").rcode()).isEqualTo(DnsMessage.NXDOMAIN);
        assertThat(ask("x.luapool.test.").answerTexts()).containsExactly("192.0.2.2");
        assertThat(silent("x.luadrop.test.")).isTrue();
        assertThat(ask("x.luaspoof.test.").answerTexts()).containsExactly("203.0.113.9");
        assertThat(ask("x.luatc.test.").has(DnsMessage.TC)).isTrue();
        assertThat(ask("x.luarefused.test.").rcode()).isEqualTo(DnsMessage.REFUSED);
        assertThat(millis("x.luadelay.test.")).isBetween(280L, 30_000L);
    }

    @Test
    void luaTagsReachLaterRules() {
        assertThat(ask("x.luanone.test.").answerTexts()).containsExactly("192.0.2.2");
    }

    @Test
    void luaSeesTheQuery() {
        assertThat(client.ask(DnsQuery.of("luafields.test.", DnsMessage.TXT)).rcode())
                .isEqualTo(DnsMessage.NXDOMAIN);
    }

    @Test
    void responseActions() {
        assertThat(silent("x.dropped.test.")).isTrue();
        assertThat(millis("x.delayed.test.")).isGreaterThanOrEqualTo(380L);
        assertThat(ask("x.luaservfail.test.").rcode()).isEqualTo(DnsMessage.SERVFAIL);
        assertThat(silent("x.luadropped.test.")).isTrue();
    }

    @NewerThanDebian("has no stop parameter")
    @Test
    void poolActionMayGoOn() {
        try (DnsProcess going = DnsProcess.start("""
                        newServer({address="%s", pool="other"})
                        addAction(AllRule(), PoolAction("other", false))
                        addAction("refused.test.", RCodeAction(DNSRCode.REFUSED))
                        """.formatted(other.hostPort()));
                UdpClient through = going.udp()) {
            assertThat(through.ask(DnsQuery.of("x.test.", A)).answerTexts()).containsExactly("192.0.2.2");
            assertThat(through.ask(DnsQuery.of("refused.test.", A)).rcode()).isEqualTo(DnsMessage.REFUSED);
        }
    }
}
