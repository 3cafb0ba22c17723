package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.DnscryptClient;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Does Debian's dnsdist understand what we make, and we what it makes? */
@Timeout(120)
class DnscryptInteropTest {
    private static final String PROVIDER = "2.dnscrypt-cert.example";
    private static final Path DNSDIST = Path.of("/usr/bin/dnsdist");

    private final TempDirectory files = TempDirectory.create("weir-dnscrypt");
    private final FakeBackend backend = FakeBackend.answering("192.0.2.9");

    @AfterEach
    void end() {
        backend.close();
        files.close();
    }

    private Path file(String name) {
        return files.path().resolve(name);
    }

    /** Makes keys and one certificate, serial 1, valid from an hour ago for two. */
    private String making(int version) {
        long now = Instant.now().getEpochSecond();
        return """
                generateDNSCryptProviderKeys("%1$s/provider.pub", "%1$s/provider.key")
                generateDNSCryptCertificate("%1$s/provider.key", "%1$s/r.cert", "%1$s/r.key", %2$d, %3$d, %4$d, DNSCryptExchangeVersion.VERSION%2$d)
                """.formatted(files.path(), version, now - 3600, now + 3600);
    }

    private String listening(int port) {
        return """
                newServer({address="%s", healthCheckMode="up"})
                addDNSCryptBind("127.0.0.1:%d", "%s", "%s/r.cert", "%4$s/r.key")
                """.formatted(backend.hostPort(), port, PROVIDER, files.path());
    }

    private ChildProcess dnsdist(int port, String body) {
        String console = """
                controlSocket("127.0.0.1:%d")
                setKey("%s")
                """.formatted(LoopbackPorts.free(), DnsProcess.CONSOLE_KEY);
        files.write("client.conf", console);
        String config = console + """
                setLocal("127.0.0.1:%d")
                setSecurityPollSuffix("")
                """.formatted(LoopbackPorts.free()) + body;
        Path file = files.write("dnsdist.conf", config);
        ChildProcess process = ChildProcess.start(
                files.path(), List.of(DNSDIST.toString(), "-C", file.toString(), "--supervised", "--disable-syslog"));
        Await.until(
                "dnsdist listens",
                Await.PATIENCE,
                () -> LoopbackPorts.tcpListening(port) && LoopbackPorts.udpBound(port));
        return process;
    }

    /** What dnsdist says. */
    private String console(String command) {
        List<String> line =
                List.of(DNSDIST.toString(), "-C", file("client.conf").toString(), "-e", command);
        return ChildProcess.run(files.path(), line, "", Await.PATIENCE).stdout().stripTrailing();
    }

    private DnsMessage certificates(int port) {
        try (UdpClient udp = UdpClient.to(LoopbackPorts.address(port))) {
            return udp.ask(DnsQuery.of(PROVIDER + ".", DnsMessage.TXT).withId(77));
        }
    }

    private static byte[] certificate(DnsMessage answer) {
        byte[] text = answer.answers().getFirst().rdata();
        return Arrays.copyOfRange(text, 1, text.length);
    }

    private static void answers(int port, byte[] certificate) {
        DnscryptClient client = DnscryptClient.of(certificate);
        DnsQuery query = DnsQuery.of("www.example.", DnsMessage.A);
        try (UdpClient udp = UdpClient.to(LoopbackPorts.address(port));
                TcpClient tcp = TcpClient.to(LoopbackPorts.address(port))) {
            udp.send(client.seal(query.packet(), 256));
            byte[] answer = udp.receive(Await.PATIENCE).orElseThrow(() -> new AssertionError("no answer"));
            assertThat(client.open(answer).answerTexts()).containsExactly("192.0.2.9");
            assertThat(client.open(tcp.exchange(client.seal(query.packet(), 256)))
                            .answerTexts())
                    .containsExactly("192.0.2.9");
        }
    }

    /** Dnsdist makes keys and certificate, and serves them; we serve the same files. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void weTakeWhatDnsdistMakes(int version) {
        int theirs = LoopbackPorts.free();
        int ours = LoopbackPorts.free();
        try (ChildProcess dnsdist = dnsdist(theirs, making(version) + listening(theirs));
                DnsProcess weir = DnsProcess.start(listening(ours))) {
            assertThat(dnsdist.isAlive()).isTrue();
            assertThat(weir.console("getDNSCryptBind(0):getCertificate(0):getSerial()"))
                    .isEqualTo(String.valueOf(version));
            DnsMessage expected = certificates(theirs);
            // RD is copied by us alone (RFC 1035 4.1.1).
            assertThat(certificates(ours).withFlags(DnsMessage.QR).compose())
                    .isEqualTo(expected.withFlags(DnsMessage.QR).compose());
            assertThat(certificate(expected)[5]).isEqualTo((byte) version);
            answers(theirs, certificate(expected));
            answers(ours, certificate(expected));
            String listing = "getDNSCryptBind(0):printCertificates()";
            assertThat(weir.console(listing)).isEqualTo(console(listing));
            String binds = "showDNSCryptBinds()";
            assertThat(weir.console(binds).replaceAll("[0-9]{4,5} ?", ""))
                    .isEqualTo(console(binds).replaceAll("[0-9]{4,5} ?", ""));
            String fingerprint = "printDNSCryptProviderFingerprint(\"" + file("provider.pub") + "\")";
            assertThat(weir.console(fingerprint)).isEqualTo(console(fingerprint));
            assertThat(weir.console("grepq(\"www.example\")")).contains("DNSCryptUDP", "DNSCryptTCP");
        }
    }

    /** We make them, and dnsdist serves them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void dnsdistTakesWhatWeMake(int version) throws IOException {
        int ours = LoopbackPorts.free();
        int theirs = LoopbackPorts.free();
        try (DnsProcess weir = DnsProcess.start(making(version) + listening(ours));
                ChildProcess dnsdist = dnsdist(theirs, listening(theirs))) {
            assertThat(dnsdist.isAlive()).isTrue();
            assertThat(Files.getPosixFilePermissions(file("provider.key"))).hasSize(2);
            assertThat(Files.getPosixFilePermissions(file("r.key"))).hasSize(2);
            assertThat(Files.size(file("provider.key"))).isEqualTo(64);
            byte[] certificate = certificate(certificates(ours));
            assertThat(certificate(certificates(theirs))).isEqualTo(certificate);
            answers(theirs, certificate);
            answers(ours, certificate);
            assertThat(weir.console("printDNSCryptProviderFingerprint(\"" + file("provider.pub") + "\")"))
                    .matches("Provider fingerprint is: ([0-9A-F]{4}:){15}[0-9A-F]{4}");
        }
    }

    @Test
    void certificatesAreTurnedOverAtTheConsole() throws IOException {
        int port = LoopbackPorts.free();
        long now = Instant.now().getEpochSecond();
        try (DnsProcess weir = DnsProcess.start(making(1) + listening(port))) {
            String bind = "getDNSCryptBind(0)";
            byte[] first = certificate(certificates(port));
            assertThat(weir.console("tostring(%s:generateAndLoadInMemoryCertificate('%s/provider.key', 9, %d, %d, 1))"
                            .formatted(bind, files.path(), now - 60, now + 60)))
                    .isEqualTo("true");
            assertThat(certificates(port).answers()).hasSize(2);
            weir.console(bind + ":markInactive(1)");
            byte[] second = certificate(certificates(port));
            assertThat(second[5]).as("version").isEqualTo((byte) 2);
            answers(port, first);
            answers(port, second);
            weir.console(bind + ":removeInactiveCertificate(1)");
            assertThat(weir.console("#" + bind + ":getCertificatePairs()")).isEqualTo("1");
            answers(port, second);
            assertThat(weir.consoleOutcome(bind + ":removeInactiveCertificate(9)")
                            .output())
                    .contains("the certificate with serial 9 is active");
            weir.console("%s:loadNewCertificate('%s/r.cert', '%2$s/r.key', false)".formatted(bind, files.path()));
            assertThat(certificates(port).answers()).hasSize(1);
            weir.console(bind + ":markActive(1)");
            assertThat(certificates(port).answers()).hasSize(2);
            weir.console(bind + ":reloadCertificates()");
            assertThat(certificate(certificates(port))).isEqualTo(first);
            assertThat(certificates(port).answers()).hasSize(1);
            assertThat(weir.console("showBinds()")).contains("UDP (DNSCrypt)", "TCP (DNSCrypt)");
        }
    }
}
