package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.NewerThanDebian;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One kernel, two daemons: the guard acts on tables of Debian's dnsdist 1.7.3, and that reads what Weir and the guard write. */
@NewerThanDebian("is the other side of this test")
class DnsdistTablesTest {
    private static final Duration LIMIT = Await.PATIENCE;
    private static final String NOBODY = "no servers could be reached";
    private static final String KEY = "setKey('" + DnsProcess.CONSOLE_KEY + "')\n";

    private static String theirConfig(Path pins) {
        return Wire.ANSWERS_ALL + KEY + """
                controlSocket('127.0.0.1:5392')
                setSecurityPollSuffix('')
                bpf = newBPFFilter({maxItems=50, pinnedPath='%1$s/addr-v4'}, {maxItems=40, pinnedPath='%1$s/addr-v6'},
                    {maxItems=30, pinnedPath='%1$s/qnames'}, true)
                setDefaultBPFFilter(bpf)
                """.formatted(pins);
    }

    private static ChildProcess startDnsdist(Wire wire, String config) throws Exception {
        Path file = Files.writeString(wire.directory().resolve("dnsdist.conf"), config);
        ChildProcess dnsdist =
                wire.start(List.of("dnsdist", "-C", file.toString(), "--supervised", "--disable-syslog"));
        Await.until(
                "dnsdist has a console",
                LIMIT,
                () -> dnsdist.output().contains("Accepting control connections") || !dnsdist.isAlive());
        assertThat(dnsdist.isAlive()).as(dnsdist.output()).isTrue();
        return dnsdist;
    }

    private static String askDnsdist(Wire wire, String line) {
        ChildProcess.Outcome outcome = wire.run(List.of(
                "dnsdist", "-C", "/dev/null", "-c", "127.0.0.1:5392", "-k", DnsProcess.CONSOLE_KEY, "-e", line));
        assertThat(outcome.status()).as(outcome.output()).isZero();
        return outcome.stdout();
    }

    /** Addresses and names, from its configuration and by its console, with the actions of its format. */
    @Test
    void theGuardActsOnWhatDnsdistBlocksAndDnsdistSeesItsCounters() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (Wire wire = new Wire(sandbox)) {
                Files.createDirectories(wire.pins());
                startDnsdist(wire, theirConfig(wire.pins()) + """
                        bpf:block(newCA('198.18.0.3'))
                        bpf:blockQName(newDNSName('Dropped.example'), 255)
                        bpf:blockQName(newDNSName('retry.example'), 1, 2)
                        """);
                wire.addClient("198.18.0.3");
                wire.addClient("198.18.0.4");
                wire.addClient("198.18.0.5");
                assertThat(wire.dig("fine.example.", "A", "-b", "198.18.0.3"))
                        .as("nobody acts yet")
                        .contains("192.0.2.1");
                wire.done("attach", "-i", "a", "--any-is-255");

                assertThat(wire.dig("fine.example.", "A")).contains("192.0.2.1");
                assertThat(wire.dig("fine.example.", "A", "-b", "198.18.0.3")).contains(NOBODY);
                assertThat(wire.dig("dropped.EXAMPLE.", "A")).contains(NOBODY);
                assertThat(wire.dig("dropped.example.", "TXT")).contains(NOBODY);
                assertThat(wire.dig("retry.example.", "A")).contains("Truncated, retrying in TCP mode", "192.0.2.1");
                assertThat(wire.dig("retry.example.", "AAAA", "+ignore"))
                        .doesNotContain(" tc ")
                        .contains("2001:db8::1");

                assertThat(askDnsdist(wire, "bpf:block(newCA('198.18.0.4'), 2) bpf:block(newCA('198.18.0.5'), 0)"))
                        .isEmpty();
                assertThat(wire.dig("fine.example.", "A", "-b", "198.18.0.4", "+ignore"))
                        .contains("flags: qr tc rd")
                        .doesNotContain("192.0.2.1");
                assertThat(wire.dig("dropped.example.", "A", "-b", "198.18.0.5"))
                        .as("passed by its address, whatever it asks")
                        .contains("192.0.2.1");

                assertThat(askDnsdist(wire, "bpf:getStats()").lines())
                        .contains("198.18.0.3: 1", "198.18.0.4: 1", "198.18.0.5: 1")
                        .anyMatch(line -> line.matches("dropped\\.example\\. .*: 2"))
                        .anyMatch(line -> line.matches("retry\\.example\\. .*: 1"));
                assertThat(wire.hits("198.18.0.3")).isEqualTo(1);

                askDnsdist(
                        wire, "bpf:unblock(newCA('198.18.0.3')) bpf:unblockQName(newDNSName('dropped.example'), 255)");
                assertThat(wire.dig("dropped.example.", "A", "-b", "198.18.0.3"))
                        .contains("192.0.2.1");
            }
        });
    }

    /** Weir's configuration, its console and {@code weir xdp} fill; dnsdist opens the same pins and counts along. */
    @Test
    void dnsdistReadsAndChangesWhatWeirBlocks() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (Wire wire = new Wire(sandbox)) {
                wire.serve(Wire.ANSWERS_ALL + KEY + """
                        controlSocket('127.0.0.1:5393')
                        bpf = newBPFFilter({external=true, ipv4MaxItems=50, ipv4PinnedPath='%1$s/addr-v4', ipv6MaxItems=40,
                            ipv6PinnedPath='%1$s/addr-v6', qnamesMaxItems=30, qnamesPinnedPath='%1$s/qnames', qtypeAny=255})
                        setDefaultBPFFilter(bpf)
                        bpf:block(newCA('198.18.0.3'))
                        bpf:blockQName(newDNSName('Dropped.example'))
                        """.formatted(wire.pins()));
                wire.addClient("198.18.0.3");
                wire.addClient("198.18.0.4");
                wire.addClient("198.18.0.6");
                wire.done("attach", "-i", "a", "--any-is-255");
                wire.console(
                        "bpf:block(newCA('2001:db8::7')) addDynamicBlock('198.18.0.4', 'by hand', DNSAction.Drop, 600)");
                wire.done("block", "198.18.0.6", "--action", "refused");
                for (int i = 3; i <= 4; i++) {
                    assertThat(wire.dig("fine.example.", "A", "-b", "198.18.0." + i))
                            .contains(NOBODY);
                }
                assertThat(wire.dig("fine.example.", "A", "-b", "198.18.0.6")).contains("status: REFUSED");
                assertThat(wire.dig("dropped.example.", "A")).contains(NOBODY);
                assertThat(wire.dig("fine.example.", "A")).contains("192.0.2.1");

                startDnsdist(wire, theirConfig(wire.pins()).replace(Wire.SERVER + ":53", Wire.SERVER + ":5300"));
                assertThat(askDnsdist(wire, "bpf:getStats()").lines())
                        .contains("198.18.0.3: 1", "198.18.0.4: 1", "198.18.0.6: 1", "[2001:db8::7]: 0")
                        .anyMatch(line -> line.matches("dropped\\.example\\. .*: 1"));
                assertThat(askDnsdist(wire, "bpf:block(newCA('198.18.0.3'))")).contains("already blocked address");

                askDnsdist(wire, "bpf:unblock(newCA('198.18.0.3')) bpf:block(newCA('198.18.0.2'))");
                assertThat(wire.dig("fine.example.", "A", "-b", "198.18.0.3")).contains("192.0.2.1");
                assertThat(wire.dig("fine.example.", "A")).contains(NOBODY);
                assertThat(wire.console("bpf:getStats()").lines())
                        .contains("198.18.0.2: 1")
                        .noneMatch(line -> line.startsWith("198.18.0.3:"));
            }
        });
    }
}
