package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.NewerThanDebian;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A client over its rate, from the rings to the guard and back: what the daemon finds the kernel enforces, counts and lifts. */
@NewerThanDebian("has no program that reads its tables")
class DynamicBlocksInGuardTest {
    private static final Duration LIMIT = Await.PATIENCE;
    private static final String NOBODY = "no servers could be reached";
    private static final String FLOODER = "198.18.0.3";

    /** What a test does once the guard is there and the flood runs. */
    @FunctionalInterface
    private interface Body {
        void run(Wire wire, ChildProcess flood) throws Exception;
    }

    private static void underFlood(String limit, String floodName, Body body) throws Exception {
        KernelSandbox.run(sandbox -> {
            try (Wire wire = new Wire(sandbox)) {
                wire.addClient(FLOODER);
                wire.serve("backend.conf", Wire.ANSWERS_ALL.replace(Wire.SERVER + ":53", "127.0.0.1:5300"));
                wire.serve("server.conf", Wire.LISTENS + """
                        newServer({address='127.0.0.1:5300', healthCheckMode='up'})
                        setKey('%1$s')
                        controlSocket('127.0.0.1:5393')
                        setDefaultBPFFilter(newBPFFilter({external=true, ipv4MaxItems=50, ipv4PinnedPath='%2$s/addr-v4',
                            suffixesMaxItems=50, suffixesPinnedPath='%2$s/weir-suffixes'}))
                        dbr = dynBlockRulesGroup()
                        %3$s
                        function maintenance() dbr:apply() end
                        """.formatted(DnsProcess.CONSOLE_KEY, wire.pins(), limit));
                wire.done("attach", "-i", "a");
                String queries = Files.writeString(wire.directory().resolve("queries"), floodName + " A\n")
                        .toString();
                ChildProcess flood = wire.startFar(
                        "dnsperf",
                        "-s",
                        Wire.SERVER,
                        "-a",
                        FLOODER,
                        "-d",
                        queries,
                        "-Q",
                        "300",
                        "-t",
                        "1",
                        "-l",
                        "120");
                body.run(wire, flood);
            }
        });
    }

    private static String listed(Wire wire, String subject) {
        return wire.console("showDynBlocks()")
                .lines()
                .filter(line -> line.startsWith(subject))
                .findFirst()
                .orElse("");
    }

    /** Where the hits stand in the listing of blocks. */
    private static long listedHits(String line) {
        return Long.parseLong(line.replaceFirst("^\\S+ +\\d+ +(\\d+) .*$", "$1"));
    }

    @Test
    void aFloodIsDroppedInTheKernelUntilItsBlockEnds() throws Exception {
        underFlood("dbr:setQueryRate(20, 2, 'too many', 8)", "flood.example", (wire, flood) -> {
            Await.until("the guard drops", LIMIT, () -> wire.hits(FLOODER) > 0);
            long hits = wire.hits(FLOODER);
            assertThat(wire.dig("fine.example.", "A")).contains("192.0.2.1");
            Await.until("its counter rises", LIMIT, () -> wire.hits(FLOODER) > hits);
            String line = listed(wire, FLOODER);
            assertThat(line).containsPattern("^198\\.18\\.0\\.3/32 .* Drop +\\* +too many");
            assertThat(listedHits(line)).isGreaterThanOrEqualTo(hits);
            assertThat(wire.dig("flood.example.", "A", "-b", FLOODER)).contains(NOBODY);
            assertThat(wire.dig("flood.example.", "A")).contains("192.0.2.1");
            flood.interrupt(LIMIT);
            Await.until("the block ends", LIMIT, () -> wire.dig("fine.example.", "A", "-b", FLOODER)
                    .contains("192.0.2.1"));
            assertThat(listed(wire, FLOODER)).isEmpty();
            Await.until("its entry is gone", LIMIT, () -> wire.hits(FLOODER) == -1);
        });
    }

    @Test
    void aTruncatedFlooderComesBackOverTcp() throws Exception {
        underFlood("dbr:setQueryRate(20, 2, 'prove it', 60, DNSAction.Truncate)", "flood.example", (wire, flood) -> {
            Await.until("the guard answers", LIMIT, () -> wire.counter("truncated") > 0);
            assertThat(listed(wire, FLOODER)).containsPattern("Truncate over UDP +\\* +prove it");
            long truncated = wire.counter("truncated");
            assertThat(wire.dig("fine.example.", "A", "-b", FLOODER))
                    .contains("Truncated, retrying in TCP mode", "192.0.2.1");
            assertThat(wire.counter("truncated")).isGreaterThan(truncated);
            assertThat(wire.dig("fine.example.", "A", "+ignore")).doesNotContain("qr tc");
        });
    }

    @Test
    void aSuffixThatIsAskedTooMuchIsDroppedWithAllBelow() throws Exception {
        String rule = """
                dbr:setSuffixMatchRule(10, 'victim', 60, DNSAction.Drop, function(node, self, children)
                  return node.labelsCount == 2 and children.queries > 50
                end)
                """;
        underFlood(rule, "www.victim.example", (wire, flood) -> {
            Await.until("the guard drops", LIMIT, () -> wire.hits("victim.example.") > 0);
            assertThat(wire.done("ls", "suffixes"))
                    .containsPattern("suffix +victim\\.example\\.? +any +drop +\\d+ +\\d+ s");
            assertThat(listed(wire, "victim.example.")).containsPattern("Drop +\\* +victim");
            assertThat(wire.dig("a.b.VICTIM.example.", "TXT")).contains(NOBODY);
            assertThat(wire.dig("avictim.example.", "A")).contains("192.0.2.1");
            assertThat(wire.dig("fine.example.", "A", "-b", FLOODER)).contains("192.0.2.1");
            assertThat(wire.counter("dropped")).isPositive();
        });
    }
}
