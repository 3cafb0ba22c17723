package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dynamic blocks from outside: who is blocked, when, how, and what the listing says. */
class DynamicBlocksTest {
    private static final Duration SILENCE = Duration.ofMillis(200);
    private static final Duration QUIET = Duration.ofMillis(500);
    private static final Duration PATIENCE = Await.PATIENCE;

    private volatile int rcode = DnsMessage.NOERROR;
    private FakeBackend backend;
    private DnsProcess subject;
    private UdpClient client;

    @BeforeEach
    void backend() {
        backend = FakeBackend.start(received -> FakeBackend.Reply.send(
                rcode == DnsMessage.NOERROR
                        ? FakeBackend.addressOrNothing(received.query(), "192.0.2.1")
                        : received.query().reply(rcode)));
    }

    @AfterEach
    void stop() {
        client.close();
        subject.close();
        backend.close();
    }

    /** Starts with these lines and, if there is any group {@code dbr}, applies it each second. */
    private void start(String body) {
        subject = DnsProcess.start("newServer(\"%s\")\n".formatted(backend.hostPort()) + body + """

                function maintenance()
                  if dbr then dbr:apply() end
                end
                """);
        client = subject.udp();
    }

    private DnsMessage ask(String name) {
        return client.ask(DnsQuery.of(name, A));
    }

    private boolean silent(String name) {
        return client.tryExchange(DnsQuery.of(name, A).packet(), SILENCE).isEmpty();
    }

    private String listing() {
        return subject.console("showDynBlocks()");
    }

    /** What, warning, action and reason of each block; the seconds, the hits and the column eBPF aside. */
    private List<String> blocks() {
        return listing()
                .lines()
                .skip(1)
                .map(line -> line.replaceAll(" +", " ")
                        .replaceFirst(" [0-9]+ [0-9]+ ", " ")
                        .stripTrailing())
                .toList();
    }

    private void awaitBlocks(String... expected) {
        Await.reached(PATIENCE, () -> blocks().equals(List.of(expected)));
        assertThat(blocks()).containsExactly(expected);
    }

    /** Asks all at once, for rates are counted over seconds that a busy machine would spread them over. */
    private void flood(int queries) {
        for (int i = 0; i < queries; i++) {
            client.send(DnsQuery.of("flood.test.", A).packet());
        }
        // The last ones may be blocked already.
        for (int i = 0; i < queries && client.receive(QUIET).isPresent(); i++) {}
    }

    @Test
    void queryRate() {
        start("""
                dbr = dynBlockRulesGroup()
                dbr:setQueryRate(5, 4, "Exceeded query rate", 60, DNSAction.Refused)
                """);
        flood(20);
        assertThat(ask("flood.test.").rcode()).isEqualTo(DnsMessage.NOERROR);
        awaitBlocks("127.0.0.1/32 false Send Refused Exceeded query rate");
        assertThat(ask("other.test.").rcode()).isEqualTo(DnsMessage.REFUSED);
        assertThat(subject.counter("dyn-blocked")).isEqualTo(1);
        assertThat(subject.counter("dyn-block-nmg-size")).isEqualTo(1);
        assertThat(subject.process().output()).contains("127.0.0.1/32");
    }

    @Test
    void warningFirst() {
        start("""
                dbr = dynBlockRulesGroup()
                dbr:setQueryRate(50, 2, "limit", 60, DNSAction.Drop, 3)
                """);
        flood(7);
        awaitBlocks("127.0.0.1/32 true Do nothing limit");
        flood(1);
        flood(100);
        awaitBlocks("127.0.0.1/32 false Drop limit");
        assertThat(silent("flood.test.")).isTrue();
    }

    @Test
    void responseCodesByRateAndRatio() {
        rcode = DnsMessage.NXDOMAIN;
        start("""
                dbr = dynBlockRulesGroup()
                dbr:setRCodeRate(DNSRCode.NXDOMAIN, 2, 5, "rate", 2, DNSAction.Truncate)
                dbr:setRCodeRatio(DNSRCode.SERVFAIL, 0.2, 5, "ratio", 60, 5)
                """);
        flood(11);
        awaitBlocks("127.0.0.1/32 false Truncate over UDP rate");
        assertThat(ask("x.test.").has(DnsMessage.TC)).isTrue();
        try (TcpClient tcp = subject.tcp()) {
            assertThat(tcp.ask(DnsQuery.of("x.test.", A)).rcode()).isEqualTo(DnsMessage.NXDOMAIN);
        }
    }

    @Test
    void ratio() {
        rcode = DnsMessage.SERVFAIL;
        start("""
                dbr = dynBlockRulesGroup()
                dbr:setRCodeRatio(DNSRCode.SERVFAIL, 0.2, 10, "ratio", 60, 5)
                """);
        flood(6);
        awaitBlocks("127.0.0.1/32 false Drop ratio");
    }

    @Test
    void masksAndPorts() {
        start("""
                dbr = dynBlockRulesGroup()
                dbr:setMasks(24, 64, 0)
                dbr:setQueryRate(1, 5, "net", 60, DNSAction.Refused)
                """);
        flood(6);
        awaitBlocks("127.0.0.0/24 false Send Refused net");
        subject.console("clearDynBlocks() dbr = dynBlockRulesGroup() dbr:setMasks(32, 128, 1) "
                + "dbr:setQueryRate(1, 5, 'ports', 60, DNSAction.Refused)");
        int port = client.local().getPort() & 0x8000;
        flood(6);
        awaitBlocks("127.0.0.1:" + port + "/1 false Send Refused ports");
    }

    @Test
    void excludedClients() {
        start("""
                dbr = dynBlockRulesGroup()
                dbr:setQueryRate(1, 5, "never", 60)
                dbr:excludeRange("127.0.0.0/8")
                all = dynBlockRulesGroup()
                all:setQueryRate(1, 5, "all", 60, DNSAction.NoOp)
                """);
        flood(30);
        assertThat(subject.console("dbr:apply() showDynBlocks()").lines()).hasSize(1);
        subject.console("all:apply()");
        awaitBlocks("127.0.0.1/32 false Do nothing all");
    }

    @Test
    void suffixRule() {
        rcode = DnsMessage.NXDOMAIN;
        start("""
                dbr = dynBlockRulesGroup()
                dbr:setSuffixMatchRule(10, "suffix", 60, DNSAction.Refused, function(node, self, children)
                  return node.labelsCount == 2 and children.nxdomains > 4
                end)
                dbr:excludeDomains("spared.test.")
                """);
        for (int i = 0; i < 6; i++) {
            ask(i + ".victim.test.");
            ask(i + ".spared.test.");
        }
        awaitBlocks("victim.test. false Send Refused suffix");
        assertThat(ask("a.VICTIM.test.").rcode()).isEqualTo(DnsMessage.REFUSED);
        assertThat(ask("a.spared.test.").rcode()).isEqualTo(DnsMessage.NXDOMAIN);
    }

    @Test
    void suffixRuleWithFfi() {
        rcode = DnsMessage.NXDOMAIN;
        start("""
                local ffi = require("ffi")
                local C = ffi.C
                -- 1.7.3 leaves the declarations to the configuration
                ffi.cdef([[
                  typedef struct dnsdist_ffi_stat_node_t dnsdist_ffi_stat_node_t;
                  uint64_t dnsdist_ffi_stat_node_get_queries_count(const dnsdist_ffi_stat_node_t* node) __attribute__ ((visibility ("default")));
                  unsigned int dnsdist_ffi_stat_node_get_labels_count(const dnsdist_ffi_stat_node_t* node);
                  void dnsdist_ffi_stat_node_get_full_name_raw(const dnsdist_ffi_stat_node_t* node, const char** name, size_t* nameSize);
                  unsigned int dnsdist_ffi_stat_node_get_children_count(const dnsdist_ffi_stat_node_t* node);
                  uint64_t dnsdist_ffi_stat_node_get_children_queries_count(const dnsdist_ffi_stat_node_t* node);
                  uint64_t dnsdist_ffi_stat_node_get_children_noerrors_count(const dnsdist_ffi_stat_node_t* node);
                  uint64_t dnsdist_ffi_stat_node_get_children_nxdomains_count(const dnsdist_ffi_stat_node_t* node);
                ]])
                dbr = dynBlockRulesGroup()
                dbr:setSuffixMatchRuleFFI(10, "suffix", 60, DNSAction.Refused, function(node)
                  local name, size = ffi.new("const char*[1]"), ffi.new("size_t[1]")
                  C.dnsdist_ffi_stat_node_get_full_name_raw(node, name, size)
                  return C.dnsdist_ffi_stat_node_get_labels_count(node) == 2
                    and C.dnsdist_ffi_stat_node_get_children_nxdomains_count(node) > 4
                    and C.dnsdist_ffi_stat_node_get_children_queries_count(node) == 6
                    and C.dnsdist_ffi_stat_node_get_children_count(node) == 6
                    and C.dnsdist_ffi_stat_node_get_queries_count(node) == 0
                    and C.dnsdist_ffi_stat_node_get_children_noerrors_count(node) == 0
                    and ffi.string(name[0], size[0]) == "victim.test."
                end)
                """);
        for (int i = 0; i < 6; i++) {
            ask(i + ".victim.test.");
            ask(i + ".spared.test.");
        }
        awaitBlocks("victim.test. false Send Refused suffix");
        assertThat(ask("a.VICTIM.test.").rcode()).isEqualTo(DnsMessage.REFUSED);
        assertThat(ask("a.spared.test.").rcode()).isEqualTo(DnsMessage.NXDOMAIN);
    }

    @Test
    void actionsInsertedByHand() {
        start("""
                addAction("norecurse.test.", DropAction())
                setDynBlocksAction(DNSAction.Nxdomain)
                """);
        subject.console("addDynBlockSMT({'default.test.'}, 'd', 60)");
        for (String action : List.of("Drop", "Refused", "Nxdomain", "Truncate", "NoOp", "NoRecurse")) {
            subject.console("addDynBlockSMT({'%s.test.'}, 'by hand', 60, DNSAction.%s)".formatted(action, action));
        }
        assertThat(ask("a.default.test.").rcode()).isEqualTo(DnsMessage.NXDOMAIN);
        assertThat(silent("a.drop.test.")).isTrue();
        assertThat(ask("a.refused.test.").rcode()).isEqualTo(DnsMessage.REFUSED);
        assertThat(ask("a.nxdomain.test.").rcode()).isEqualTo(DnsMessage.NXDOMAIN);
        assertThat(ask("a.truncate.test.").has(DnsMessage.TC)).isTrue();
        assertThat(ask("a.noop.test.").rcode()).isEqualTo(DnsMessage.NOERROR);
        assertThat(ask("a.norecurse.test.").rcode()).isEqualTo(DnsMessage.NOERROR);
        assertThat(backend.last().query().has(DnsMessage.RD)).isFalse();
        assertThat(subject.counter("dyn-blocked")).isEqualTo(6);
        assertThat(subject.counter("rule-drop")).isZero();
        subject.console("clearDynBlocks()");
        assertThat(ask("a.drop.test.").rcode()).isEqualTo(DnsMessage.NOERROR);
    }

    @Test
    void blocksEnd() {
        start("");
        subject.console("addDynBlocks({[newCA('127.0.0.1')]=1}, 'short', 2, DNSAction.Refused)");
        assertThat(ask("a.test.").rcode()).isEqualTo(DnsMessage.REFUSED);
        assertThat(Await.reached(PATIENCE, () -> ask("a.test.").rcode() == DnsMessage.NOERROR))
                .isTrue();
        assertThat(blocks()).isEmpty();
    }

    @Test
    void aLaterEndIsKeptWithTheHits() {
        start("");
        subject.console("addDynBlocks({[newCA('127.0.0.1')]=1}, 'first', 60, DNSAction.Refused)");
        ask("a.test.");
        ask("a.test.");
        subject.console("addDynBlocks({[newCA('127.0.0.1')]=1}, 'shorter', 5)");
        assertThat(blocks()).containsExactly("127.0.0.1/32 false Send Refused first");
        subject.console("addDynBlocks({[newCA('127.0.0.1')]=1}, 'longer', 600)");
        assertThat(blocks()).containsExactly("127.0.0.1/32 false Drop longer");
        assertThat(listing()
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow()
                        .substring(33, 42)
                        .strip())
                .isEqualTo("2");
    }

    @Test
    void olderFunctionsFindClientsToo() {
        start("function check() addDynBlocks(exceedQRate(1, 10), 'Exceeded', 60, DNSAction.Refused) end");
        flood(11);
        subject.console("check()");
        awaitBlocks("127.0.0.1/32 false Send Refused Exceeded");
    }

    @NewerThanDebian("has neither SetTag nor addDynamicBlock")
    @Test
    void tagsGoToTheRules() {
        start("""
                addAction(TagRule("why", "flood"), RCodeAction(DNSRCode.NOTIMP))
                dbr = dynBlockRulesGroup()
                dbr:setQueryRate(1, 5, "tag", 60, DNSAction.SetTag, 0, {tagName="why", tagValue="flood"})
                """);
        flood(6);
        assertThat(Await.reached(PATIENCE, () -> ask("a.test.").rcode() == DnsMessage.NOTIMP))
                .isTrue();
        subject.console("clearDynBlocks() dbr = nil addDynamicBlock('127.0.0.0', 'net', DNSAction.Refused, 60, 8)");
        awaitBlocks("127.0.0.0/8 false Send Refused net");
    }
}
