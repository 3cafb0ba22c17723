package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static dev.weir.testkit.DnsMessage.AAAA;
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
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What do rules that rewrite answers leave in them, over UDP and TCP, and what does the cache give the next client? */
@NewerThanDebian("has none of these")
class RewritingTest {
    private static FakeBackend backend;
    private static DnsProcess subject;

    @BeforeAll
    static void start() {
        backend = FakeBackend.start(query -> Reply.send(query.query()
                .reply(
                        DnsMessage.NOERROR,
                        Rr.a(query.name(), 300, "192.0.2.1"),
                        Rr.aaaa(query.name(), 300, "2001:db8::1"),
                        Rr.txt(query.name(), 300, 5))
                .withAuthority(Rr.soa("test.", 300))));
        subject = DnsProcess.start("""
                newServer("%s")
                getPool(""):setCache(newPacketCache(100))
                addResponseAction("one.test.", ClearRecordTypesResponseAction(DNSQType.AAAA))
                addResponseAction("several.test.", ClearRecordTypesResponseAction({DNSQType.AAAA, DNSQType.SOA, "TXT"}))
                addResponseAction("limit.test.", LimitTTLResponseAction(10, 20, {DNSQType.A, DNSQType.SOA}))
                addResponseAction("all.test.", LimitTTLResponseAction(10, 20))
                addCacheHitResponseAction("hit.test.", ClearRecordTypesResponseAction(DNSQType.A))
                addAction("old.test.", LuaAction(function(dq)
                  dq:setTag("asked", dq.qname:toString())
                  dq:changeName(newDNSName("quite.another.name.test."))
                  return DNSAction.None, ""
                end))
                local back = LuaResponseAction(function(dr)
                  renamed = dr:changeName(newDNSName(dr:getTag("asked")))
                  return DNSResponseAction.None, ""
                end)
                addResponseAction(TagRule("asked"), back)
                """.formatted(backend.hostPort()));
    }

    @AfterAll
    static void stop() {
        subject.close();
        backend.close();
    }

    /** What is asked over UDP, again over UDP, which the cache answers, over TCP, and again over TCP. */
    private static List<DnsMessage> ask(String name) {
        DnsQuery query = DnsQuery.of(name, A);
        try (UdpClient udp = subject.udp();
                TcpClient tcp = subject.tcp()) {
            return List.of(udp.ask(query), udp.ask(query.withId(7)), tcp.ask(query), tcp.ask(query.withId(8)));
        }
    }

    private static List<Integer> types(List<Rr> records) {
        return records.stream().map(Rr::type).toList();
    }

    private static List<Long> ttls(List<Rr> records) {
        return records.stream().map(Rr::ttlSeconds).toList();
    }

    @Test
    void recordsOfATypeAreTakenOutBeforeTheCache() {
        int before = backend.queryCount();
        for (DnsMessage answer : ask("x.one.test.")) {
            assertThat(types(answer.answers())).containsExactly(A, DnsMessage.TXT);
            assertThat(types(answer.authorities())).containsExactly(DnsMessage.SOA);
            assertThat(answer.answers().getFirst().text()).isEqualTo("192.0.2.1");
        }
        assertThat(backend.queryCount()).as("one over UDP, one over TCP").isEqualTo(before + 2);
    }

    @Test
    void recordsOfSeveralTypesAreTakenOutOfAllSections() {
        for (DnsMessage answer : ask("x.several.test.")) {
            assertThat(types(answer.answers())).containsExactly(A);
            assertThat(answer.authorities()).isEmpty();
        }
    }

    @Test
    void whatIsTakenOutOfAHitStaysInTheCache() {
        List<DnsMessage> answers = ask("x.hit.test.");
        assertThat(types(answers.get(0).answers())).containsExactly(A, AAAA, DnsMessage.TXT);
        assertThat(types(answers.get(1).answers())).containsExactly(AAAA, DnsMessage.TXT);
        assertThat(types(ask("x.hit.test.").getFirst().answers())).containsExactly(AAAA, DnsMessage.TXT);
    }

    @Test
    void ttlsOfSomeTypesAreLimited() {
        for (DnsMessage answer : ask("x.limit.test.")) {
            assertThat(answer.answers().get(0).ttlSeconds()).isBetween(15L, 20L);
            assertThat(answer.authorities().get(0).ttlSeconds()).isBetween(15L, 20L);
            assertThat(ttls(answer.answers().subList(1, 3))).allMatch(ttl -> ttl > 250);
        }
        for (DnsMessage answer : ask("x.all.test.")) {
            assertThat(ttls(answer.answers())).allMatch(ttl -> ttl <= 20);
        }
    }

    /** The client sees its own name, and never the answer of another one; such answers are not kept. */
    @Test
    void aRenamedQuestionGetsItsNameBack() {
        Function<String, Integer> asked = name -> (int) backend.received().stream()
                .filter(received -> received.name().equals(name))
                .count();
        for (DnsMessage answer : ask("x.old.test.")) {
            assertThat(answer.question().name()).isEqualTo("x.old.test.");
            assertThat(answer.answers()).hasSize(3).allMatch(record -> record.name()
                    .equals("x.old.test."));
            assertThat(answer.authorities().getFirst().name()).isEqualTo("test.");
        }
        assertThat(subject.console("tostring(renamed)")).isEqualTo("true");
        assertThat(asked.apply("quite.another.name.test.")).isEqualTo(4);
        for (DnsMessage answer : ask("quite.another.name.test.")) {
            assertThat(answer.question().name()).isEqualTo("quite.another.name.test.");
            assertThat(answer.answers()).hasSize(3).allMatch(record -> record.name()
                    .startsWith("quite."));
        }
        assertThat(asked.apply("quite.another.name.test.")).isEqualTo(6);
    }
}
