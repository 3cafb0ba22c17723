package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.UdpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Do queries go to the encrypted service that a backend names, and only to one that proves to be it? */
@Timeout(120)
class AutoUpgradeTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair PAIR = FILES.make("dns", "dns.example");
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);

    private final int tls = LoopbackPorts.free();
    private final int https = LoopbackPorts.free();

    @AfterAll
    static void end() {
        FILES.close();
    }

    /** A server that says with its address how it was asked. */
    private DnsProcess server(String records) {
        return DnsProcess.start("""
                addTLSLocal("127.0.0.1:%d", "%s", "%s")
                addDOHLocal("127.0.0.1:%d", "%2$s", "%3$s", "/dns-query")
                addAction(AndRule({QNameRule("_dns.resolver.arpa."), QTypeRule(64)}), SpoofSVCAction({%s}, {ttl=60}))
                addAction(IncomingProtocolRule("DoT"), SpoofAction("192.0.2.2"))
                addAction(IncomingProtocolRule("DoH"), SpoofAction("192.0.2.3"))
                addAction(AllRule(), SpoofAction("192.0.2.1"))
                """.formatted(tls, PAIR.certificate(), PAIR.key(), https, records));
    }

    private String dot(int priority, String more) {
        return "newSVCRecordParameters(%d, \"dns.example.\", {alpn={\"dot\"}, port=%d%s})"
                .formatted(priority, tls, more);
    }

    private String doh(int priority, String more) {
        return "newSVCRecordParameters(%d, \"dns.example.\", {alpn={\"h2\"}, port=%d%s})"
                .formatted(priority, https, more);
    }

    private static String balancer(DnsProcess server, String more) {
        return "newServer({address=\"127.0.0.1:%d\", name=\"up\", autoUpgrade=true, autoUpgradeInterval=1%s})\n"
                .formatted(server.port(), more);
    }

    private static String trusting() {
        return ", caStore=\"" + PAIR.certificate() + "\"";
    }

    private static String answer(DnsProcess subject) {
        try (UdpClient client = subject.udp()) {
            return String.join(" ", client.ask(QUERY).answerTexts());
        }
    }

    private static void becomes(DnsProcess subject, String address) {
        Await.until(
                "queries go elsewhere", Await.PATIENCE, () -> answer(subject).equals(address));
    }

    private static long servers(DnsProcess subject) {
        return subject.console("showServers()")
                .lines()
                .filter(line -> line.contains("127.0.0.1:"))
                .count();
    }

    @Test
    void toTls() {
        try (DnsProcess server = server(doh(2, ", key7=\"/dns-query{?dns}\"") + ", " + dot(1, ""));
                DnsProcess subject = DnsProcess.start(balancer(server, trusting()))) {
            becomes(subject, "192.0.2.2");
            assertThat(subject.console("showServers()")).contains("up", "127.0.0.1:" + tls);
            assertThat(servers(subject)).as("it is replaced").isEqualTo(1);
            assertThat(subject.process().output()).contains("has an encrypted service");
        }
    }

    @Test
    void toHttpsInAnotherPoolAndBesideIt() {
        try (DnsProcess server = server(doh(1, ", key9=\"/dns-query{?dns}\", mandatory={\"alpn\", \"key9\"}"));
                DnsProcess subject = DnsProcess.start(balancer(
                                server,
                                trusting()
                                        + ", autoUpgradeKeep=true, autoUpgradePool=\"secure\", autoUpgradeDoHKey=9,"
                                        + " lazyHealthCheckWhenUpgraded=true")
                        + "addAction(\"secure.example.\", PoolAction(\"secure\"))\n")) {
            Await.until("it is there", Await.PATIENCE, () -> servers(subject) == 2);
            assertThat(answer(subject)).as("the first one stays").isEqualTo("192.0.2.1");
            try (UdpClient client = subject.udp()) {
                assertThat(client.ask(DnsQuery.of("secure.example.", DnsMessage.A))
                                .answerTexts())
                        .containsExactly("192.0.2.3");
            }
        }
    }

    /** A record with something that must be understood and is not; one that leads nowhere; then one that is good. */
    @Test
    void theFirstThatCanBeUsedIsTaken() {
        String nowhere = "newSVCRecordParameters(2, \"dns.example.\", {alpn={\"dot\"}, port=%d})"
                .formatted(LoopbackPorts.free());
        try (DnsProcess server = server(dot(1, ", key77=\"x\", mandatory={\"key77\"}") + ", " + nowhere + ", "
                        + doh(3, ", key7=\"/dns-query\""));
                DnsProcess subject = DnsProcess.start(balancer(server, trusting()))) {
            becomes(subject, "192.0.2.3");
        }
    }

    @Test
    void whoeverProvesNothingGetsNoQueries() {
        try (DnsProcess server = server(dot(1, ""));
                DnsProcess subject = DnsProcess.start(balancer(server, ""));
                DnsProcess other = DnsProcess.start(balancer(server, trusting() + ", subjectName=\"other.example\""))) {
            for (DnsProcess each : new DnsProcess[] {subject, other}) {
                Await.until("it was tried", Await.PATIENCE, () -> each.process()
                        .output()
                        .contains("can't be used"));
                assertThat(answer(each)).isEqualTo("192.0.2.1");
                assertThat(servers(each)).isEqualTo(1);
            }
        }
    }

    @Test
    void aBackendWithoutOneStays() {
        try (DnsProcess server = DnsProcess.start("addAction(AllRule(), SpoofAction(\"192.0.2.1\"))\n");
                DnsProcess subject = DnsProcess.start(balancer(server, trusting()))) {
            Await.until(
                    "it was asked twice",
                    Await.PATIENCE,
                    () -> server.console("grepq(\"_dns.resolver.arpa\")")
                                    .lines()
                                    .filter(line -> line.contains("TCP"))
                                    .count()
                            > 1);
            assertThat(answer(subject)).isEqualTo("192.0.2.1");
        }
    }
}
