package dev.weir.gate.filter;

import static dev.weir.gate.filter.Filters.FOREVER;
import static dev.weir.gate.filter.Filters.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.FilterSpec.Table;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.testkit.KernelSandbox;
import dev.weir.wire.Name;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Do Debian's dnsdist 1.7.3 and we understand each other's pinned maps? */
class DnsdistInteropTest {
    private static final String KEY = "MXNeLFWHUe4363BBKrY06cAsH8NWNb+Se2eXU5+Bb74=";

    private @TempDir Path files;

    private static FilterSpec spec(Path bpffs) {
        return new FilterSpec(
                Map.of(
                        Kind.IPV4, new Table(9, bpffs + "/addr-v4"),
                        Kind.IPV6, new Table(9, bpffs + "/addr-v6"),
                        Kind.QNAMES, new Table(9, bpffs + "/qnames")),
                true,
                false,
                255);
    }

    private static String configuration(Path bpffs, String more) {
        return """
                setLocal("127.0.0.1:5390")
                setKey("%s")
                controlSocket("127.0.0.1:5392")
                setSecurityPollSuffix("")
                bpf = newBPFFilter({maxItems=9, pinnedPath='%s/addr-v4'}, {maxItems=9, pinnedPath='%s/addr-v6'},
                    {maxItems=9, pinnedPath='%s/qnames'}, true)
                setDefaultBPFFilter(bpf)
                """.formatted(KEY, bpffs, bpffs, bpffs) + more;
    }

    private String ask(String line) throws Exception {
        return KernelSandbox.command("dnsdist", "-C", "/dev/null", "-c", "127.0.0.1:5392", "-k", KEY, "-e", line);
    }

    /** Runs dnsdist in this sandbox until the body is done. */
    private void withDnsdist(String configuration, KernelSandbox.Body body, KernelSandbox sandbox) throws Exception {
        Path file = Files.writeString(files.resolve("dnsdist.conf"), configuration);
        Process dnsdist = new ProcessBuilder("dnsdist", "-C", file.toString(), "--supervised", "--disable-syslog")
                .redirectErrorStream(true)
                .redirectOutput(files.resolve("log").toFile())
                .start();
        dnsdist.getErrorStream().close();
        dnsdist.getOutputStream().close();
        try {
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!Files.readString(files.resolve("log")).contains("Accepting control connections")) {
                assertThat(System.nanoTime())
                        .as(Files.readString(files.resolve("log")))
                        .isLessThan(end);
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
            body.run(sandbox);
        } finally {
            dnsdist.destroy();
            dnsdist.waitFor();
            dnsdist.getInputStream().close();
        }
    }

    @Test
    void weReadWhatDnsdistBlocks() throws Exception {
        KernelSandbox.run(sandbox -> {
            String blocks = """
                    bpf:block(newCA("192.0.2.1"))
                    bpf:block(newCA("2001:db8::1"))
                    bpf:blockQName(newDNSName("Evil.example"), 255)
                    bpf:blockQName(newDNSName("evil.example"), 28)
                    """;
            withDnsdist(
                    configuration(sandbox.bpffs(), blocks),
                    inside -> {
                        try (KernelFilter filter = new PacketFilters().open(spec(sandbox.bpffs()))) {
                            assertThat(texts(filter))
                                    .containsExactly(
                                            "IPV4 192.0.2.1 65535 Drop",
                                            "IPV6 2001:db8::1 65535 Drop",
                                            "QNAMES evil.example. 28 Drop",
                                            "QNAMES evil.example. 65535 Drop");
                            assertThatDuplicate(filter);
                            filter.unblock(IpAddress.parse("192.0.2.1"));
                            filter.unblockName(Name.parse("evil.example"), FilterSpec.ANY_TYPE);
                        }
                        assertThat(ask("bpf:getStats()"))
                                .contains("[2001:db8::1]: 0")
                                .doesNotContain("192.0.2.1");
                        assertThat(ask("bpf:unblockQName(newDNSName('evil.example'), 28)"))
                                .isEmpty();
                    },
                    sandbox);
            clean(sandbox);
        });
    }

    private static void assertThatDuplicate(KernelFilter filter) {
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> filter.block(IpAddress.parse("192.0.2.1"), MatchAction.DROP, FOREVER))
                .isInstanceOf(KernelException.class)
                .hasMessage("Trying to block an already blocked address: 192.0.2.1");
    }

    @Test
    void dnsdistReadsWhatWeBlock() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (KernelFilter filter = new PacketFilters().open(spec(sandbox.bpffs()))) {
                filter.block(IpAddress.parse("192.0.2.1"), MatchAction.DROP, FOREVER);
                filter.block(IpAddress.parse("2001:db8::1"), MatchAction.TRUNCATE, FOREVER);
                filter.blockName(Name.parse("Evil.Example"), FilterSpec.ANY_TYPE, MatchAction.DROP);
                withDnsdist(
                        configuration(sandbox.bpffs(), ""),
                        inside -> {
                            assertThat(ask("bpf:getStats()").lines())
                                    .contains("192.0.2.1: 0", "[2001:db8::1]: 0")
                                    .anyMatch(line -> line.startsWith("evil.example. "));
                            assertThat(ask("bpf:block(newCA('192.0.2.1'))"))
                                    .contains("Trying to block an already blocked address: 192.0.2.1");
                            assertThat(ask("bpf:unblock(newCA('192.0.2.1'))"
                                            + " bpf:unblockQName(newDNSName('evil.example'), 255)"))
                                    .isEmpty();
                        },
                        sandbox);
                assertThat(texts(filter)).isEqualTo(List.of("IPV6 2001:db8::1 65535 Truncate"));
            }
            clean(sandbox);
        });
    }

    private static void clean(KernelSandbox sandbox) throws Exception {
        for (String pin : List.of("addr-v4", "addr-v6", "qnames", "weir-ends4", "weir-ends6", "weir-claims")) {
            Files.delete(sandbox.bpffs().resolve(pin));
        }
    }
}
