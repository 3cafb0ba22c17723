package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NetworkSandbox;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Listening on hosts that lack something: IPv6, an interface, all interfaces but the loopback, a free port. */
class ListeningTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ANSWERS = "addAction(AllRule(), SpoofAction('192.0.2.1'))\n";

    @Test
    void anAbsentInterfaceIsSaidAndDoneWithout() {
        try (DnsProcess subject = DnsProcess.start("{interface='nosuch0'}", ANSWERS);
                UdpClient udp = subject.udp();
                TcpClient tcp = subject.tcp()) {
            DnsQuery query = DnsQuery.of("www.example.", DnsMessage.A);
            assertThat(udp.ask(query).answerTexts()).hasSize(1);
            assertThat(tcp.ask(query).answerTexts()).hasSize(1);
            assertThat(subject.process().output()).containsIgnoringCase("no such device");
        }
    }

    @Test
    void ipv6MayComeLater() throws Exception {
        NetworkSandbox.run(sandbox -> {
            ipv6(false);
            try (SandboxedWeir weir =
                    new SandboxedWeir("addLocal('[::]:5302')\nsetACL('::/0')\n" + ANSWERS).listening()) {
                ipv6(true);
                assertThat(ask(weir, "+notcp")).contains("192.0.2.1");
                assertThat(ask(weir, "+tcp")).contains("192.0.2.1");
                assertThat(weir.process().stderr()).isEmpty();
            }
        });
    }

    private static String ask(SandboxedWeir weir, String transport) {
        return weir.run("dig", "@::1", "-p", "5302", "+tries=3", transport, "www.example.", "A")
                .output();
    }

    private static void ipv6(boolean on) throws Exception {
        String value = on ? "0" : "1";
        KernelSandbox.command(
                "sh",
                "-c",
                "for i in all default lo; do echo " + value + " > /proc/sys/net/ipv6/conf/$i/disable_ipv6; done");
    }

    @Test
    @NewerThanDebian("greets and warns on standard error")
    void nothingIsSaidOnStandardErrorWhereOnlyTheLoopbackInterfaceIs() throws Exception {
        NetworkSandbox.run(sandbox -> {
            try (SandboxedWeir weir = new SandboxedWeir(ANSWERS).listening();
                    TcpClient tcp = TcpClient.to(weir.address())) {
                assertThat(tcp.ask(DnsQuery.of("www.example.", DnsMessage.A)).answerTexts())
                        .hasSize(1);
                assertThat(weir.process().stderr()).isEmpty();
            }
        });
    }

    @Test
    @NewerThanDebian("does not say which line")
    void aPortThatIsTakenIsOneLineWithTheLineOfTheConfiguration() throws Exception {
        int port = LoopbackPorts.free();
        try (ServerSocket taken = new ServerSocket(port, 1, LoopbackPorts.loopback());
                TempDirectory directory = TempDirectory.create("weir-listening")) {
            String config = directory
                    .write("taken.conf", "setSecurityPollSuffix('')\naddLocal('127.0.0.1:" + port + "')\n")
                    .toString();
            ChildProcess.Outcome outcome = ChildProcess.run(
                    directory.path(),
                    TestSubject.current().command("-C", config, "--supervised", "--disable-syslog"),
                    "",
                    LIMIT);
            assertThat(taken.isBound()).isTrue();
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.stderr()).isEmpty();
            assertThat(outcome.stdout().lines())
                    .singleElement()
                    .asString()
                    .contains(config + ":2: cannot listen on 127.0.0.1:" + port + " over TCP: bind(127.0.0.1:" + port
                            + "): EADDRINUSE");
        }
    }
}
