package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.UdpClient;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Do real servers of encrypted DNS answer as backends? */
class EncryptedBackendsTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair PAIR = FILES.make("dns", "dns.example");

    @AfterAll
    static void end() {
        FILES.close();
    }

    private static String unbound(TempDirectory directory, int https, int tls) {
        return """
                server:
                  interface: 127.0.0.1@%1$d
                  interface: 127.0.0.1@%2$d
                  https-port: %1$d
                  tls-port: %2$d
                  http-endpoint: "/dns-query"
                  tls-service-pem: "%3$s"
                  tls-service-key: "%4$s"
                  username: ""
                  chroot: ""
                  directory: "%5$s"
                  pidfile: ""
                  use-syslog: no
                  do-daemonize: no
                  num-threads: 1
                  module-config: "iterator"
                  local-data: "www.local. A 192.0.2.77"
                remote-control:
                  control-enable: no
                """.formatted(https, tls, PAIR.certificate(), PAIR.key(), directory.path());
    }

    private static String server(int port, String more) {
        return "newServer({address=\"127.0.0.1:%d\", tls=\"openssl\", subjectName=\"dns.example\", caStore=\"%s\", checkName=\"www.local.\", checkTimeout=10000%s})\n"
                .formatted(port, PAIR.certificate(), more);
    }

    @Test
    void unboundOverHttpsAndTls() {
        int https = LoopbackPorts.free();
        int tls = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-unbound")) {
            directory.write("unbound.conf", unbound(directory, https, tls));
            List<String> command = List.of(
                    "/usr/sbin/unbound",
                    "-d",
                    "-c",
                    directory.path().resolve("unbound.conf").toString());
            try (ChildProcess process = ChildProcess.start(directory.path(), command)) {
                Await.until(
                        "it listens",
                        Await.PATIENCE,
                        () -> LoopbackPorts.tcpListening(https) && LoopbackPorts.tcpListening(tls));
                answers(server(https, ", dohPath=\"/dns-query\""));
                answers(server(tls, ""));
                assertThat(process.isAlive()).isTrue();
            }
        }
    }

    private static void answers(String configuration) {
        DnsQuery query = DnsQuery.of("www.local.", DnsMessage.A);
        try (DnsProcess subject = DnsProcess.start(configuration);
                UdpClient udp = subject.udp();
                TcpClient tcp = subject.tcp()) {
            Await.until("it is up", Await.PATIENCE, () -> subject.console("showServers()")
                    .matches("(?s).*\\bup\\b.*"));
            for (int i = 1; i <= 20; i++) {
                assertThat(udp.ask(query.withId(i)).answers().getFirst().text()).isEqualTo("192.0.2.77");
                assertThat(tcp.ask(query.withId(100 + i)).answers()).hasSize(1);
            }
            assertThat(subject.counter("responses")).isGreaterThanOrEqualTo(40);
        }
    }

    /** The client is told to a backend that is asked over HTTP or HTTPS; checks speak for nobody. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientIsAnnouncedOverHttp(boolean encrypted) {
        int port = LoopbackPorts.free();
        String files = encrypted ? "\"%s\", \"%s\"".formatted(PAIR.certificate(), PAIR.key()) : "nil, nil";
        String backend = """
                addDOHLocal("127.0.0.1:%d", %s, "/dns-query", {proxyProtocolOutsideTLS=false})
                setProxyProtocolACL({"127.0.0.1/32"})
                addAction("127.0.0.9/32", RCodeAction(DNSRCode.REFUSED))
                addAction(AllRule(), SpoofAction("192.0.2.1"))
                """.formatted(port, files);
        String tls = encrypted
                ? ", tls=\"openssl\", subjectName=\"dns.example\", caStore=\"%s\"".formatted(PAIR.certificate())
                : "";
        String front =
                "newServer({address=\"127.0.0.1:%d\", dohPath=\"/dns-query\", useProxyProtocol=true, checkName=\"www.local.\", checkTimeout=10000%s})\n"
                        .formatted(port, tls);
        DnsQuery query = DnsQuery.of("www.local.", DnsMessage.A);
        try (DnsProcess behind = DnsProcess.start(backend);
                DnsProcess subject = DnsProcess.start(front);
                UdpClient announced = UdpClient.between(InetAddress.ofLiteral("127.0.0.9"), subject.address());
                UdpClient other = subject.udp();
                TcpClient tcp = subject.tcp()) {
            Await.until("it is up", Await.PATIENCE, () -> subject.console("showServers()")
                    .matches("(?s).*\\bup\\b.*"));
            for (int i = 1; i <= 5; i++) {
                assertThat(announced.ask(query.withId(i)).rcode()).isEqualTo(DnsMessage.REFUSED);
                assertThat(other.ask(query.withId(i)).answerTexts()).containsExactly("192.0.2.1");
                assertThat(tcp.ask(query.withId(i)).answerTexts()).containsExactly("192.0.2.1");
            }
            assertThat(behind.counter("proxy-protocol-invalid")).isZero();
        }
    }
}
