package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.Rights;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What threads may do once the daemon has started: the kernel tells it of each. */
class RetainedCapabilitiesTest {
    private static final String SPOOF = "addAction('spoof.test.', SpoofAction('192.0.2.1'))\n";

    @BeforeEach
    void root() throws IOException {
        Rights.assumeRoot();
    }

    /** @param bits CAP_NET_BIND_SERVICE is 1 << 10, CAP_NET_RAW 1 << 13 */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '~',
            value = {
                "``~0",
                "addCapabilitiesToRetain({})~0",
                "addCapabilitiesToRetain({'cap_net_raw', 'CAP_NET_BIND_SERVICE'})~2400"
            })
    void allOthersGoFromAllThreads(String function, String bits) {
        int port = LoopbackPorts.free();
        try (DnsProcess dns = DnsProcess.launch(port, DnsProcess.preamble(port, "") + function + "\n" + SPOOF)) {
            awaitCapabilities(dns.process(), bits);
            assertThat(answer(port)).containsExactly("192.0.2.1");
        }
    }

    /** dnsdist itself has none left then, whatever is named. */
    @ParameterizedTest
    @CsvSource({"'', 0", "addCapabilitiesToRetain('CAP_NET_RAW'), 2000"})
    @NewerThanDebian("keeps none over a change of user")
    void theyStayOverAChangeOfUser(String function, String bits) {
        int port = LoopbackPorts.free();
        try (DnsProcess dns =
                DnsProcess.launch(port, DnsProcess.preamble(port, "") + function + "\n" + SPOOF, "-u", "nobody")) {
            awaitCapabilities(dns.process(), bits);
            assertThat(status(dns.process(), "Uid:")).containsExactly("65534\t65534\t65534\t65534");
            assertThat(answer(port)).containsExactly("192.0.2.1");
        }
    }

    @Test
    @NewerThanDebian("knows no YAML")
    void yamlNamesThemToo() {
        try (DnsProcess dns =
                DnsProcess.startYaml("general:\n  capabilities_to_retain: [CAP_NET_RAW, CAP_SYS_NICE]\n")) {
            awaitCapabilities(dns.process(), "802000");
        }
    }

    /** dnsdist takes the name, says at its start that it can't convert it, and keeps them all. */
    @Test
    @NewerThanDebian("keeps all of them then")
    void whatIsNoCapabilityIsAMistake() {
        try (TempDirectory directory = TempDirectory.create("weir-capabilities")) {
            Path config = directory.write("weir.conf", "\naddCapabilitiesToRetain({'CAP_NET_RAW', 'CAP_BFP'})\n");
            ChildProcess.Outcome outcome = ChildProcess.run(
                    directory.path(),
                    TestSubject.current().command("-C", config.toString(), "--check-config"),
                    "",
                    Await.PATIENCE);
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.output())
                    .contains("weir.conf:2: ", "there is no capability 'CAP_BFP', did you mean 'CAP_BPF'?");
        }
    }

    private static void awaitCapabilities(ChildProcess process, String bits) {
        Set<String> wanted = Set.of("0".repeat(16 - bits.length()) + bits);
        Await.until(
                "all threads have " + wanted,
                Await.PATIENCE,
                () -> !process.isAlive()
                        || status(process, "CapEff:").equals(wanted)
                                && status(process, "CapPrm:").equals(wanted));
        assertThat(process.isAlive()).as(process.output()).isTrue();
        assertThat(status(process, "CapAmb:")).containsExactly("0".repeat(16));
    }

    /** What the lines of this name say in all threads. */
    private static Set<String> status(ChildProcess process, String name) {
        Set<String> all = new TreeSet<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(process.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                for (String line : lines(thread.resolve("status"))) {
                    if (line.startsWith(name)) {
                        all.add(line.substring(name.length()).strip());
                    }
                }
            }
        } catch (IOException e) {
            return Set.of();
        }
        return all;
    }

    /** None if the thread has ended. */
    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static List<String> answer(int port) {
        try (UdpClient udp = UdpClient.to(LoopbackPorts.address(port))) {
            return udp.ask(DnsQuery.of("spoof.test.", DnsMessage.A)).answerTexts();
        }
    }
}
