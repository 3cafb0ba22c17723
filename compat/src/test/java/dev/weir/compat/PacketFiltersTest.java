package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static dev.weir.testkit.DnsMessage.AAAA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.Rights;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Does the kernel drop what the configuration and the console say? */
class PacketFiltersTest {
    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final String ANSWER = "addAction(AllRule(), RCodeAction(DNSRCode.REFUSED))\n";

    @BeforeEach
    void onlyRootMayFilter() throws IOException {
        Rights.assumeRoot();
    }

    /**
     * Whether a query is answered. One that was dropped in the kernel leaves no trace to wait for: another that was sent later is answered, and
     * then it is quiet.
     */
    private static boolean answers(DnsProcess subject, String from, DnsQuery query) {
        try (UdpClient client = UdpClient.between(InetAddress.ofLiteral(from), subject.address());
                UdpClient later = subject.udp()) {
            client.send(query.packet());
            later.ask(DnsQuery.of("later.example.", A));
            return client.receive(SILENCE).isPresent();
        }
    }

    /** In a network namespace of its own: what the test kit sees of ports is another namespace's. */
    private static void awaitUp(DnsProcess subject) {
        Await.until("the subject is up", Await.PATIENCE, () -> subject.process()
                .output()
                .contains("Listening on"));
    }

    private static boolean answers(DnsProcess subject, String from, String name) {
        return answers(subject, from, DnsQuery.of(name, A));
    }

    @Test
    void clientsAndNamesAreDroppedAndCounted() {
        try (DnsProcess subject = DnsProcess.start("""
                bpf = newBPFFilter(10, 10, 10)
                setDefaultBPFFilter(bpf)
                bpf:block(newCA("127.0.0.2"))
                bpf:blockQName(newDNSName("evil.example"), 1)
                """ + ANSWER)) {
            assertThat(answers(subject, "127.0.0.1", "ok.example.")).isTrue();
            assertThat(answers(subject, "127.0.0.2", "ok.example.")).isFalse();
            assertThat(answers(subject, "127.0.0.1", "EVIL.example.")).isFalse();
            assertThat(answers(subject, "127.0.0.1", "www.evil.example.")).isTrue();
            assertThat(subject.console("bpf:getStats()").lines()).contains("127.0.0.2: 1", "evil.example. 1: 1");
            subject.console("bpf:unblock(newCA('127.0.0.2'))");
            subject.console("bpf:unblockQName(newDNSName('evil.example'), 1)");
            assertThat(answers(subject, "127.0.0.2", "evil.example.")).isTrue();
            subject.console("bpf:block(newCA('127.0.0.3'))");
            assertThat(answers(subject, "127.0.0.3", "ok.example.")).isFalse();
            subject.console("getBind(0):detachFilter()");
            assertThat(answers(subject, "127.0.0.3", "ok.example.")).isTrue();
            subject.console("getBind(0):attachFilter(bpf)");
            assertThat(answers(subject, "127.0.0.3", "ok.example.")).isFalse();
        }
    }

    @Test
    @NewerThanDebian("ranges since 1.8; suffixes are ours")
    void rangesAndSuffixesAreDroppedBeforeSocketsToo() {
        try (DnsProcess subject = DnsProcess.start("{reusePort=true}", """
                bpf = newBPFFilter({ipv4MaxItems=10, qnamesMaxItems=10, cidr4MaxItems=10})
                setDefaultBPFFilter(bpf)
                bpf:addRangeRule("127.0.1.0/24", 1)
                bpf:addRangeRule("127.0.1.128/25", 0)
                bpf:blockSuffix("bad.example")
                bpf:blockSuffix("half.example", 1)
                """ + ANSWER)) {
            assertThat(answers(subject, "127.0.1.1", "ok.example.")).isFalse();
            assertThat(answers(subject, "127.0.1.200", "ok.example.")).isTrue();
            assertThat(answers(subject, "127.0.0.1", "a.b.Bad.example.")).isFalse();
            assertThat(answers(subject, "127.0.0.1", "xbad.example.")).isTrue();
            assertThat(answers(subject, "127.0.0.1", "a.half.example.")).isFalse();
            assertThat(answers(subject, "127.0.0.1", DnsQuery.of("a.half.example.", AAAA)))
                    .isTrue();
            assertThat(subject.console("bpf:lsRangeRule()").lines())
                    .contains("127.0.1.0/24 Drop: 1", "127.0.1.128/25 Pass: 1");
        }
    }

    /** Killed, started again with the same configuration: what was blocked by hand is blocked, what had an end ends. */
    @Test
    @NewerThanDebian("lets the entries of its own configuration end the second start")
    void pinnedBlocksOutliveAKill() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path pins = sandbox.bpffs().resolve("weir");
            String body = """
                    bpf = newBPFFilter({ipv4MaxItems=10, ipv4PinnedPath="%s/v4"})
                    setDefaultBPFFilter(bpf)
                    dyn = newDynBPFFilter(bpf)
                    bpf:block(newCA("127.0.0.2"))
                    """.formatted(pins) + ANSWER;
            int port = LoopbackPorts.free();
            String config = DnsProcess.preamble(port, "") + body;
            try (DnsProcess first = DnsProcess.launch(port, config)) {
                awaitUp(first);
                // A client reads the configuration too, and must leave the filters to the server.
                first.consoleClient("bpf:block(newCA('127.0.0.3'))");
                first.console("dyn:block(newCA('127.0.0.4'), 1)");
                first.process().kill();
                try (DnsProcess second = first.again()) {
                    awaitUp(second);
                    assertThat(answers(second, "127.0.0.2", "ok.example.")).isFalse();
                    assertThat(answers(second, "127.0.0.3", "ok.example.")).isFalse();
                    Await.until(
                            "the dynamic block ends",
                            Await.PATIENCE,
                            () -> answers(second, "127.0.0.4", "ok.example."));
                    second.console("bpf:unblock(newCA('127.0.0.3'))");
                    assertThat(answers(second, "127.0.0.3", "ok.example.")).isTrue();
                }
            }
            try (Stream<Path> files = Files.walk(pins)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        });
    }

    @Test
    @NewerThanDebian("optional filters are ours")
    void whatCannotBeMadeStopsTheStartUnlessItIsOptional() {
        int port = LoopbackPorts.free();
        try (DnsProcess refused = DnsProcess.launch(
                port,
                DnsProcess.preamble(port, "")
                        + "newBPFFilter({ipv4MaxItems=1, ipv4PinnedPath='/tmp/no/bpffs/v4'})\n")) {
            assertThat(refused.process().awaitExit(Await.PATIENCE)).isEqualTo(1);
            assertThat(refused.process().output()).contains("is on no BPF file system");
        }
        try (DnsProcess subject = DnsProcess.start("""
                bpf = newBPFFilter({ipv4MaxItems=1, ipv4PinnedPath='/tmp/no/bpffs/v4', optional=true})
                setDefaultBPFFilter(bpf)
                bpf:block(newCA("127.0.0.2"))
                """ + ANSWER)) {
            assertThat(answers(subject, "127.0.0.2", "ok.example.")).isTrue();
            assertThat(subject.process().output()).containsOnlyOnce("Going on without packet filtering");
        }
    }
}
