package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.UdpClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Do the console's listings have their layout, and do its commands change what runs? */
class ConsoleOutputTest {
    private FakeBackend backend;
    private DnsProcess subject;
    private UdpClient client;

    @BeforeEach
    void start() {
        backend = FakeBackend.answering("192.0.2.1");
        subject = DnsProcess.start("""
                newServer({address="%s", name="main", qps=1000, order=3, weight=7})
                newServer({address="127.0.0.1:1", name="gone", order=4, pool={"a", "b"}})
                getPool(""):setCache(newPacketCache(1234))
                addAction("refused.test.", RCodeAction(DNSRCode.REFUSED), {name="refusals"})
                addAction(AndRule({QTypeRule(DNSQType.TXT), TCPRule(false)}), TCAction())
                addAction("pool.test.", PoolAction("a"))
                addResponseAction(RCodeRule(DNSRCode.NXDOMAIN), DropResponseAction())
                addCacheHitResponseAction(AllRule(), AllowResponseAction())
                addSelfAnsweredResponseAction(AllRule(), AllowResponseAction())
                setACL({"127.0.0.0/8", "::1/128"})
                """.formatted(backend.hostPort()));
        client = subject.udp();
    }

    @AfterEach
    void stop() {
        client.close();
        subject.close();
        backend.close();
    }

    private List<String> lines(String command) {
        return subject.console(command).lines().map(String::stripTrailing).toList();
    }

    /** The fields of the line that contains {@code text}. */
    private List<String> fields(String command, String text) {
        String found = lines(command).stream()
                .filter(line -> line.contains(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError(text + " not in " + lines(command)));
        return List.of(found.strip().split(" +"));
    }

    private int rcode(String name) {
        return client.ask(DnsQuery.of(name, A)).rcode();
    }

    @Test
    void showServers() {
        client.ask(DnsQuery.of("one.test.", A));
        assertThat(lines("showServers()").getFirst().split(" +"))
                .startsWith(
                        "#", "Name", "Address", "State", "Qps", "Qlim", "Ord", "Wt", "Queries", "Drops", "Drate", "Lat")
                .endsWith("Outstanding", "Pools");
        List<String> main = fields("showServers()", "main");
        assertThat(main.subList(0, 4)).containsExactly("0", "main", backend.hostPort(), "up");
        assertThat(main.subList(5, 9)).containsExactly("1000", "3", "7", "1");
        assertThat(fields("showServers()", "gone")).contains("down").endsWith("a", "b");
        assertThat(lines("showServers()").getLast()).startsWith("All");
    }

    @Test
    void showRules() {
        rcode("x.refused.test.");
        assertThat(lines("showRules()").getFirst().split(" +"))
                .containsExactly("#", "Name", "Matches", "Rule", "Action");
        List<String> refusals = fields("showRules()", "refusals");
        assertThat(refusals.subList(0, 3)).containsExactly("0", "refusals", "1");
        assertThat(lines("showRules()").get(2)).contains("(qtype==TXT) && (UDP)", "tc=1 answer");
        assertThat(lines("showRules()").get(3)).contains("to pool a");
    }

    @Test
    void otherChainsHaveTheirListings() {
        assertThat(lines("showResponseRules()")).hasSize(2);
        assertThat(lines("showResponseRules()").get(1)).contains("rcode==").contains("drop");
        assertThat(lines("showCacheHitResponseRules()").get(1)).contains("All", "allow");
        assertThat(lines("showSelfAnsweredResponseRules()").get(1)).contains("All", "allow");
    }

    @Test
    void topRulesAreSortedByMatches() {
        rcode("x.pool.test.example.");
        rcode("x.refused.test.");
        rcode("y.refused.test.");
        assertThat(lines("topRules(1)").get(1)).contains("refusals");
        assertThat(lines("topRules(1)")).hasSize(2);
    }

    @Test
    void showPools() {
        assertThat(lines("showPools()").getFirst().split(" +"))
                .containsExactly("Name", "Cache", "ServerPolicy", "Servers");
        assertThat(lines("showPools()").get(1)).contains("0/1234").contains("main " + backend.hostPort());
        assertThat(lines("showPools()")).hasSize(4);
    }

    @Test
    void showBinds() {
        client.ask(DnsQuery.of("one.test.", A));
        assertThat(lines("showBinds()").getFirst().split(" +")).containsExactly("#", "Address", "Protocol", "Queries");
        List<List<String>> binds = lines("showBinds()").stream()
                .skip(1)
                .map(line -> List.of(line.strip().split(" {2,}")))
                .toList();
        assertThat(binds.toString()).contains("127.0.0.1:" + subject.port(), "UDP", "TCP");
    }

    @Test
    void aclChangesAtRunTime() {
        assertThat(lines("showACL()")).containsExactlyInAnyOrder("127.0.0.0/8", "::1/128");
        subject.console("addACL(\"192.0.2.0/24\")");
        assertThat(lines("showACL()")).contains("192.0.2.0/24");
        subject.console("setACL(\"192.0.2.0/24\")");
        assertThat(client.tryExchange(DnsQuery.of("one.test.", A).packet(), java.time.Duration.ofMillis(200)))
                .isEmpty();
        assertThat(subject.counter("acl-drops")).isEqualTo(1);
        subject.console("setACL({\"127.0.0.0/8\"})");
        assertThat(rcode("one.test.")).isEqualTo(DnsMessage.NOERROR);
    }

    @Test
    void rulesAreAddedRemovedAndMovedAtRunTime() {
        subject.console("addAction(\"new.test.\", RCodeAction(DNSRCode.NXDOMAIN))");
        assertThat(rcode("x.new.test.")).isEqualTo(DnsMessage.NXDOMAIN);
        subject.console("addAction(\"new.test.\", RCodeAction(DNSRCode.REFUSED))");
        assertThat(rcode("x.new.test.")).isEqualTo(DnsMessage.NXDOMAIN);
        subject.console("mvRuleToTop()");
        assertThat(rcode("x.new.test.")).isEqualTo(DnsMessage.REFUSED);
        subject.console("rmRule(0)");
        assertThat(rcode("x.new.test.")).isEqualTo(DnsMessage.NXDOMAIN);
        subject.console("mvRule(3, 0)");
        assertThat(lines("showRules()").get(1)).contains("set rcode 3");
        subject.console("rmRule(\"refusals\")");
        assertThat(rcode("x.refused.test.")).isEqualTo(DnsMessage.NOERROR);
        subject.console("clearRules()");
        assertThat(lines("showRules()")).hasSize(1);
        subject.console("setRules({newRuleAction(AllRule(), RCodeAction(DNSRCode.NOTIMP))})");
        assertThat(rcode("x.any.test.")).isEqualTo(DnsMessage.NOTIMP);
    }

    @Test
    void serversAreAddedAndRemovedAtRunTime() {
        try (FakeBackend second = FakeBackend.answering("192.0.2.2")) {
            subject.console(
                    "newServer({address=\"%s\", name=\"second\", order=1}):setUp()".formatted(second.hostPort()));
            assertThat(fields("showServers()", "second")).contains("UP");
            assertThat(subject.console("getServer(0):getName()"))
                    .as("sorted by order")
                    .isEqualTo("second");
            subject.console("getServer(1):setDown()");
            assertThat(client.ask(DnsQuery.of("x.test.", A)).answerTexts()).containsExactly("192.0.2.2");
            subject.console("getServer(1):setUp()");
            subject.console("rmServer(getServer(0))");
            assertThat(subject.console("showServers()")).doesNotContain("second");
            assertThat(client.ask(DnsQuery.of("y.test.", A)).answerTexts()).containsExactly("192.0.2.1");
        }
    }

    @Test
    void serversPrintTheirNames() {
        assertThat(subject.console("getServer(0):getName()")).isEqualTo("main");
        assertThat(subject.console("getServer(0):getNameWithAddr()")).isEqualTo("main (" + backend.hostPort() + ")");
        assertThat(subject.console("tostring(getServer(0):isUp())")).isEqualTo("true");
        assertThat(subject.console("tostring(#getServers())")).isEqualTo("2");
    }

    @Test
    void deltaListsWhatChangedThings() {
        subject.console("setVerboseHealthChecks(false)");
        subject.console("addACL(\"192.0.2.0/24\")");
        subject.console("showServers()");
        List<String> delta = lines("delta()");
        assertThat(delta).contains("addACL(\"192.0.2.0/24\")");
        assertThat(delta).doesNotContain("showServers()");
        assertThat(delta.getFirst()).startsWith("-- ");
    }

    @Test
    void configurationOnlyFunctionsSaySo() {
        assertThat(subject.console("includeDirectory(\"/tmp\")")).contains("cannot be used at runtime!");
        assertThat(subject.console("addLocal(\"127.0.0.1:1\")")).contains("cannot be used at runtime!");
    }

    @Test
    void makeKeyMakesAUsableKey() {
        String line = subject.console("makeKey()");
        assertThat(line).matches("setKey\\(\"[A-Za-z0-9+/]{43}=\"\\)");
    }

    @Test
    void dumpStatsCounts() {
        client.ask(DnsQuery.of("one.test.", A));
        client.ask(DnsQuery.of("one.test.", A));
        rcode("x.refused.test.");
        assertThat(subject.counters())
                .containsEntry("queries", 3.0)
                .containsEntry("responses", 1.0)
                .containsEntry("cache-hits", 1.0)
                .containsEntry("self-answered", 1.0)
                .containsEntry("rdqueries", 3.0)
                .containsKeys("uptime", "latency-avg100", "fd-usage", "real-memory-usage", "frontend-noerror");
    }
}
