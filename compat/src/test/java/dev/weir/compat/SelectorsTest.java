package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static dev.weir.testkit.DnsMessage.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which queries does each selector match? What matches is refused, everything else answered by a backend. */
class SelectorsTest {
    private static FakeBackend backend;
    private static DnsProcess subject;

    /** Names below {@code LABEL.test.} are judged by that selector. */
    private record Case(String label, String selector) {
        private String line() {
            return "addAction(AndRule({QNameSuffix(\"%s.test.\"), %s}), RCodeAction(DNSRCode.REFUSED))\n"
                    .formatted(label, selector);
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("all", "AllRule()"),
            new Case("and", "AndRule({QTypeRule(DNSQType.A), RDRule()})"),
            new Case("or", "OrRule({QTypeRule(DNSQType.MX), QNameRule(\"x.or.test.\")})"),
            new Case("not", "NotRule(QTypeRule(DNSQType.A))"),
            new Case("qname", "QNameRule(\"x.qname.test.\")"),
            new Case("smn", "SuffixMatchNodeRule(smn)"),
            new Case("nmg", "NetmaskGroupRule(nmg)"),
            new Case("nmgstr", "NetmaskGroupRule(nmg2)"),
            new Case("qtype", "QTypeRule(\"TXT\")"),
            new Case("qtypen", "QTypeRule(65280)"),
            new Case("qclass", "QClassRule(DNSClass.CHAOS)"),
            new Case("opcode", "OpcodeRule(DNSOpcode.Notify)"),
            new Case("regex", "RegexRule(\"^[a-z]+[0-9]{3}\\\\.\")"),
            new Case("tcp", "TCPRule(true)"),
            new Case("udp", "TCPRule(false)"),
            new Case("rd", "RDRule()"),
            new Case("tag", "TagRule(\"colour\")"),
            new Case("tagvalue", "TagRule(\"colour\", \"blue\")"),
            new Case("pool", "PoolAvailableRule(\"full\")"),
            new Case("nopool", "NotRule(PoolAvailableRule(\"empty\"))"),
            new Case(
                    "lua",
                    "LuaRule(function(dq) return dq.qtype == DNSQType.TXT and dq.qname:isPartOf(newDNSName(\"b.lua.test.\")) end)"),
            new Case("maxqps", "NotRule(MaxQPSRule(5))"),
            new Case("maxqpsip", "MaxQPSIPRule(5)"));

    @BeforeAll
    static void start() {
        backend = FakeBackend.answering("192.0.2.1");
        StringBuilder config = new StringBuilder("""
                newServer("%1$s")
                newServer({address="%1$s", pool="full", checkInterval=3600})
                newServer({address="127.0.0.1:%2$d", pool="empty", checkInterval=3600})
                function QNameSuffix(name) local s = newSuffixMatchNode() s:add(newDNSName(name)) return SuffixMatchNodeRule(s) end
                smn = newSuffixMatchNode()
                smn:add(newDNSName("in.smn.test."))
                nmg = newNMG()
                nmg:addMask("127.0.0.2/32")
                nmg2 = newNMG()
                nmg2:addMask("127.0.0.0/8")
                nmg2:addMask("!127.0.0.3/32")
                addAction("red.tag.test.", SetTagAction("colour", "red"))
                addAction("red.tagvalue.test.", SetTagAction("colour", "red"))
                addAction("blue.tagvalue.test.", SetTagAction("colour", "blue"))
                """.formatted(backend.hostPort(), LoopbackPorts.free()));
        CASES.forEach(each -> config.append(each.line()));
        subject = DnsProcess.start(config.toString());
    }

    @AfterAll
    static void stop() {
        subject.close();
        backend.close();
    }

    private static boolean refused(DnsQuery query) {
        try (UdpClient client = subject.udp()) {
            return client.ask(query).rcode() == REFUSED;
        }
    }

    private static boolean refusedOverTcp(DnsQuery query) {
        try (TcpClient client = subject.tcp()) {
            return client.ask(query).rcode() == REFUSED;
        }
    }

    private static boolean refusedFrom(String local, DnsQuery query) throws IOException {
        try (UdpClient client = UdpClient.between(InetAddress.ofLiteral(local), subject.address())) {
            return client.ask(query).rcode() == REFUSED;
        }
    }

    private static DnsQuery a(String name) {
        return DnsQuery.of(name, A);
    }

    private static DnsQuery of(String name, int type) {
        return DnsQuery.of(name, type);
    }

    @Test
    void nothingMatchesElsewhere() {
        assertThat(refused(a("other.example."))).isFalse();
    }

    @Test
    void allRule() {
        assertThat(refused(a("x.all.test."))).isTrue();
    }

    @Test
    void andRuleWantsBoth() {
        assertThat(refused(a("x.and.test."))).isTrue();
        assertThat(refused(of("x.and.test.", DnsMessage.TXT))).isFalse();
        assertThat(refused(a("x.and.test.").withFlags(0))).isFalse();
    }

    @Test
    void orRuleWantsOne() {
        assertThat(refused(of("y.or.test.", DnsMessage.MX))).isTrue();
        assertThat(refused(a("x.or.test."))).isTrue();
        assertThat(refused(a("y.or.test."))).isFalse();
    }

    @Test
    void notRule() {
        assertThat(refused(a("x.not.test."))).isFalse();
        assertThat(refused(of("x.not.test.", DnsMessage.TXT))).isTrue();
    }

    @Test
    void qnameIsTheWholeNameInAnyCase() {
        assertThat(refused(a("x.qname.test."))).isTrue();
        assertThat(refused(a("X.QNAME.test."))).isTrue();
        assertThat(refused(a("y.x.qname.test."))).isFalse();
        assertThat(refused(a("qname.test."))).isFalse();
    }

    @Test
    void suffixMatchesWholeLabelsInAnyCase() {
        assertThat(refused(a("in.smn.test."))).isTrue();
        assertThat(refused(a("deep.er.IN.smn.test."))).isTrue();
        assertThat(refused(a("xin.smn.test."))).isFalse();
        assertThat(refused(a("smn.test."))).isFalse();
    }

    @Test
    void netmaskIsTheClients() throws IOException {
        assertThat(refusedFrom("127.0.0.2", a("x.nmg.test."))).isTrue();
        assertThat(refusedFrom("127.0.0.1", a("x.nmg.test."))).isFalse();
    }

    @Test
    void longestNetmaskDecides() throws IOException {
        assertThat(refusedFrom("127.0.0.2", a("x.nmgstr.test."))).isTrue();
        assertThat(refusedFrom("127.0.0.3", a("x.nmgstr.test."))).isFalse();
    }

    @Test
    void qtypeByNameAndNumber() {
        assertThat(refused(of("x.qtype.test.", DnsMessage.TXT))).isTrue();
        assertThat(refused(a("x.qtype.test."))).isFalse();
        assertThat(refused(of("x.qtypen.test.", 65280))).isTrue();
        assertThat(refused(of("x.qtypen.test.", 65281))).isFalse();
    }

    @Test
    void qclass() {
        assertThat(refused(a("x.qclass.test.").withClass(3))).isTrue();
        assertThat(refused(a("x.qclass.test."))).isFalse();
    }

    @Test
    void opcode() {
        assertThat(refused(a("x.opcode.test.").withFlags(4 << 11))).isTrue();
        assertThat(refused(a("x.opcode.test."))).isFalse();
    }

    @Test
    void regexIsAppliedToTheNameWithoutCase() {
        assertThat(refused(a("abc123.regex.test."))).isTrue();
        assertThat(refused(a("ABC123.regex.test."))).isTrue();
        assertThat(refused(a("abc12.regex.test."))).isFalse();
    }

    @Test
    void transport() {
        assertThat(refusedOverTcp(a("x.tcp.test."))).isTrue();
        assertThat(refused(a("x.tcp.test."))).isFalse();
        assertThat(refusedOverTcp(a("x.udp.test."))).isFalse();
        assertThat(refused(a("x.udp.test."))).isTrue();
    }

    @Test
    void recursionDesired() {
        assertThat(refused(a("x.rd.test."))).isTrue();
        assertThat(refused(a("x.rd.test.").withFlags(0))).isFalse();
    }

    @Test
    void tagAndItsValue() {
        assertThat(refused(a("red.tag.test."))).isTrue();
        assertThat(refused(a("green.tag.test."))).isFalse();
        assertThat(refused(a("blue.tagvalue.test."))).isTrue();
        assertThat(refused(a("red.tagvalue.test."))).isFalse();
    }

    @Test
    void poolAvailability() {
        assertThat(refused(a("x.pool.test."))).isTrue();
        assertThat(refused(a("x.nopool.test."))).isTrue();
    }

    @Test
    void luaFunction() {
        assertThat(refused(of("a.b.lua.test.", DnsMessage.TXT))).isTrue();
        assertThat(refused(of("a.c.lua.test.", DnsMessage.TXT))).isFalse();
        assertThat(refused(a("a.b.lua.test."))).isFalse();
    }

    /** A bucket of five: the first five of a burst pass. */
    @Test
    void maxQpsIsABucket() {
        for (int i = 0; i < 5; i++) {
            assertThat(refused(a("x.maxqps.test."))).as("query " + i).isFalse();
        }
        assertThat(refusedSoon("x.maxqps.test.")).isTrue();
    }

    @Test
    void maxQpsPerAddressIsABucketEach() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(refusedFrom("127.0.0.4", a("x.maxqpsip.test.")))
                    .as("query " + i)
                    .isFalse();
        }
        boolean refused = false;
        for (int i = 0; i < 20 && !refused; i++) {
            refused = refusedFrom("127.0.0.4", a("x.maxqpsip.test."));
        }
        assertThat(refused).isTrue();
        assertThat(refusedFrom("127.0.0.5", a("x.maxqpsip.test."))).isFalse();
    }

    private static boolean refusedSoon(String name) {
        for (int i = 0; i < 20; i++) {
            if (refused(a(name))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void rcodeOfTheResponse() {
        try (FakeBackend failing = FakeBackend.start(q -> FakeBackend.Reply.send(
                        q.query().reply(q.name().startsWith("bad") ? DnsMessage.NXDOMAIN : DnsMessage.NOERROR)));
                DnsProcess other = DnsProcess.start("""
                        newServer("%s")
                        addResponseAction(RCodeRule(DNSRCode.NXDOMAIN), DropResponseAction())
                        """.formatted(failing.hostPort()));
                UdpClient client = other.udp()) {
            client.send(a("bad.example.").packet());
            assertThat(client.ask(a("good.example.")).rcode()).isEqualTo(DnsMessage.NOERROR);
            assertThat(client.receive(java.time.Duration.ofMillis(100))).isEmpty();
        }
    }

    @NewerThanDebian("has no QNameSuffixRule")
    @Test
    void qnameSuffixRule() {
        try (FakeBackend plain = FakeBackend.answering("192.0.2.1");
                DnsProcess other = DnsProcess.start(
                        "newServer(\"%s\")\naddAction(QNameSuffixRule({\"a.test.\", \"b.test.\"}), RCodeAction(DNSRCode.REFUSED))\n"
                                .formatted(plain.hostPort()));
                UdpClient client = other.udp()) {
            assertThat(client.ask(a("x.a.test.")).rcode()).isEqualTo(REFUSED);
            assertThat(client.ask(a("b.test.")).rcode()).isEqualTo(REFUSED);
            assertThat(client.ask(a("ab.test.")).rcode()).isEqualTo(DnsMessage.NOERROR);
        }
    }

    /** A string or table in place of a rule: names make a suffix match, netmasks an address match. */
    @Test
    void rulesInShort() throws IOException {
        try (FakeBackend plain = FakeBackend.answering("192.0.2.1");
                DnsProcess other = DnsProcess.start("""
                        newServer("%s")
                        addAction("one.test.", RCodeAction(DNSRCode.REFUSED))
                        addAction({"two.test.", "three.test."}, RCodeAction(DNSRCode.REFUSED))
                        addAction("127.0.0.7/32", RCodeAction(DNSRCode.REFUSED))
                        addAction({"127.0.0.8/32", "127.0.0.9/32"}, RCodeAction(DNSRCode.REFUSED))
                        """.formatted(plain.hostPort()));
                UdpClient client = other.udp()) {
            assertThat(client.ask(a("x.one.test.")).rcode()).isEqualTo(REFUSED);
            assertThat(client.ask(a("three.test.")).rcode()).isEqualTo(REFUSED);
            assertThat(client.ask(a("four.test.")).rcode()).isEqualTo(DnsMessage.NOERROR);
            for (String local : List.of("127.0.0.7", "127.0.0.9")) {
                try (UdpClient from = UdpClient.between(InetAddress.ofLiteral(local), other.address())) {
                    assertThat(from.ask(a("four.test.")).rcode()).isEqualTo(REFUSED);
                }
            }
        }
    }
}
