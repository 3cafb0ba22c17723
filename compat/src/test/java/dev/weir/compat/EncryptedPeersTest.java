package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.UdpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Do resolvers, forwarders and load generators that others wrote get along with both sides of Weir's TLS and HTTPS? */
class EncryptedPeersTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair PAIR = FILES.make("dns", "dns.example");
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);
    private static final String ANSWER = "192.0.2.1";
    private static final int QUERIES = 30;
    private static final Duration A_TRY = Duration.ofSeconds(2);

    @AfterAll
    static void end() {
        FILES.close();
    }

    private static String listener(String function, int port) {
        return "%s(\"127.0.0.1:%d\", \"%s\", \"%s\"%s)\n"
                .formatted(
                        function,
                        port,
                        PAIR.certificate(),
                        PAIR.key(),
                        function.equals("addDOHLocal") ? ", \"/dns-query\"" : "");
    }

    private static DnsProcess weir(String function, int port) {
        return DnsProcess.start(
                listener(function, port) + "addAction(AllRule(), SpoofAction(\"%s\"))\n".formatted(ANSWER));
    }

    /** A forwarder, which is to ask Weir, is asked. */
    private static void forwards(String what, int port, DnsProcess behind, int queries) {
        Await.until(what + " listens", Await.PATIENCE, () -> LoopbackPorts.udpBound(port));
        try (UdpClient client = UdpClient.to(LoopbackPorts.address(port))) {
            Await.until(
                    what + " has an answer",
                    Await.PATIENCE,
                    () -> client.tryExchange(QUERY.packet(), A_TRY).map(DnsMessage::parse).stream()
                            .anyMatch(answer -> answer.answerTexts().equals(List.of(ANSWER))));
            for (int i = 1; i <= queries; i++) {
                DnsQuery next = DnsQuery.of("n" + i + ".example.", DnsMessage.A).withId(i);
                assertThat(client.ask(next).answerTexts()).containsExactly(ANSWER);
            }
        }
        assertThat(behind.counter("queries")).isGreaterThan(queries);
    }

    @Test
    void stubbyForwardsOverTls() {
        int tls = LoopbackPorts.free();
        int port = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-stubby")) {
            Path configuration = directory.write("stubby.yml", """
                    resolution_type: GETDNS_RESOLUTION_STUB
                    dns_transport_list:
                      - GETDNS_TRANSPORT_TLS
                    tls_authentication: GETDNS_AUTHENTICATION_REQUIRED
                    tls_ca_file: "%s"
                    idle_timeout: 10000
                    listen_addresses:
                      - 127.0.0.1@%d
                    upstream_recursive_servers:
                      - address_data: 127.0.0.1
                        tls_port: %d
                        tls_auth_name: "dns.example"
                    """.formatted(PAIR.certificate(), port, tls));
            List<String> command = List.of("stubby", "-C", configuration.toString());
            try (DnsProcess behind = weir("addTLSLocal", tls);
                    ChildProcess stubby = ChildProcess.start(directory.path(), command)) {
                forwards("stubby", port, behind, QUERIES);
                assertThat(stubby.isAlive()).isTrue();
            }
        }
    }

    @Test
    void unboundForwardsOverTls() {
        int tls = LoopbackPorts.free();
        int port = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-unbound")) {
            Path configuration =
                    directory.write("unbound.conf", """
                    server:
                      interface: 127.0.0.1@%d
                      username: ""
                      chroot: ""
                      directory: "%s"
                      pidfile: ""
                      use-syslog: no
                      do-daemonize: no
                      num-threads: 1
                      module-config: "iterator"
                      do-not-query-localhost: no
                      tls-cert-bundle: "%s"
                    remote-control:
                      control-enable: no
                    forward-zone:
                      name: "."
                      forward-tls-upstream: yes
                      forward-addr: 127.0.0.1@%d#dns.example
                    """.formatted(port, directory.path(), PAIR.certificate(), tls));
            List<String> command = List.of("/usr/sbin/unbound", "-d", "-c", configuration.toString());
            try (DnsProcess behind = weir("addTLSLocal", tls);
                    ChildProcess unbound = ChildProcess.start(directory.path(), command)) {
                forwards("unbound", port, behind, QUERIES);
                assertThat(unbound.isAlive()).isTrue();
            }
        }
    }

    /** Debian's dnsdist, with this in its configuration. */
    private static ChildProcess dnsdist(TempDirectory directory, int port, String body) {
        Path configuration = directory.write("dnsdist.conf", "setLocal(\"127.0.0.1:%d\")\n%s".formatted(port, body));
        return ChildProcess.start(
                directory.path(),
                List.of("/usr/bin/dnsdist", "--supervised", "--disable-syslog", "-C", configuration.toString()));
    }

    private static String server(int port, String more) {
        return "newServer({address=\"127.0.0.1:%d\", tls=\"openssl\", subjectName=\"dns.example\", validateCertificates=true, caStore=\"%s\", checkName=\"www.example.\", checkTimeout=10000, checkInterval=1%s})\n"
                .formatted(port, PAIR.certificate(), more);
    }

    @ParameterizedTest
    @CsvSource({"addTLSLocal, ''", "addDOHLocal, ', dohPath=\"/dns-query\"'"})
    void dnsdistForwards(String function, String path) {
        int encrypted = LoopbackPorts.free();
        int port = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-dnsdist");
                DnsProcess behind = weir(function, encrypted);
                ChildProcess dnsdist = dnsdist(directory, port, server(encrypted, path))) {
            forwards("dnsdist", port, behind, QUERIES);
            assertThat(dnsdist.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"addTLSLocal, ''", "addDOHLocal, ', dohPath=\"/dns-query\"'"})
    void dnsdistAnswers(String function, String path) {
        int encrypted = LoopbackPorts.free();
        int plain = LoopbackPorts.free();
        String body = listener(function, encrypted) + "addAction(AllRule(), SpoofAction(\"%s\"))\n".formatted(ANSWER);
        try (TempDirectory directory = TempDirectory.create("weir-dnsdist");
                ChildProcess dnsdist = dnsdist(directory, plain, body);
                DnsProcess front = DnsProcess.start(server(encrypted, path));
                UdpClient client = front.udp()) {
            Await.until("it is up", Await.PATIENCE, () -> front.console("showServers()")
                    .matches("(?s).*\\bup\\b.*"));
            for (int i = 1; i <= QUERIES; i++) {
                assertThat(client.ask(QUERY.withId(i)).answerTexts()).containsExactly(ANSWER);
            }
            assertThat(dnsdist.isAlive()).isTrue();
        }
    }

    /** Many streams at a time on each connection; of each way to ask. */
    @Test
    void h2loadGetsAllAnswers() throws Exception {
        int https = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-h2load");
                DnsProcess weir = weir("addDOHLocal", https)) {
            Await.until("it listens", Await.PATIENCE, () -> LoopbackPorts.tcpListening(https));
            Path question = directory.path().resolve("question");
            Files.write(question, QUERY.withId(0).packet());
            String address = "https://127.0.0.1:%d/dns-query".formatted(https);
            List<String> load = List.of("h2load", "-n", "2000", "-c", "10", "-m", "20");
            List<List<String>> ways = List.of(
                    List.of("-H", "content-type: application/dns-message", "-d", question.toString(), address),
                    List.of(address + "?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlAAABAAE"));
            for (List<String> way : ways) {
                List<String> command = new ArrayList<>(load);
                command.addAll(way);
                ChildProcess.Outcome outcome = ChildProcess.run(directory.path(), command, "", Await.PATIENCE);
                assertThat(outcome.output())
                        .contains("Application protocol: h2")
                        .contains("2000 succeeded, 0 failed, 0 errored, 0 timeout")
                        .contains("status codes: 2000 2xx");
            }
            assertThat(weir.counter("queries")).isEqualTo(4000);
        }
    }

    /** Fetches Weir's own status from the address that Weir gives for a name. */
    @Test
    void curlResolvesOverHttps() {
        int https = LoopbackPorts.free();
        int web = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-curl");
                DnsProcess weir = DnsProcess.start(listener("addDOHLocal", https) + """
                        webserver("127.0.0.1:%d")
                        setWebserverConfig({password="secret", apiKey="secret", acl="127.0.0.1"})
                        addAction(QTypeRule(DNSQType.A), SpoofAction("127.0.0.1"))
                        addAction(AllRule(), RCodeAction(DNSRCode.NOERROR))
                        """.formatted(web))) {
            Await.until(
                    "it listens",
                    Await.PATIENCE,
                    () -> LoopbackPorts.tcpListening(https) && LoopbackPorts.tcpListening(web));
            ChildProcess.Outcome fetched = ChildProcess.run(
                    directory.path(),
                    List.of(
                            "curl",
                            "-s",
                            "-m",
                            "20",
                            "--doh-insecure",
                            "--doh-url",
                            "https://127.0.0.1:%d/dns-query".formatted(https),
                            "-H",
                            "X-API-Key: secret",
                            "http://www.example:%d/jsonstat?command=stats".formatted(web)),
                    "",
                    Await.PATIENCE);
            assertThat(fetched.status()).as(fetched.output()).isZero();
            assertThat(fetched.stdout()).contains("\"queries\"");
            assertThat(weir.counter("queries")).isGreaterThanOrEqualTo(1);
        }
    }
}
