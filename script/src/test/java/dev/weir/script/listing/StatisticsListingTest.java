package dev.weir.script.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.model.Model;
import dev.weir.engine.ring.RingReport;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.LatencyHistogram;
import dev.weir.engine.stat.LatencyKind;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.view.ProcFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Global statistics and the latency's histogram, with a made-up {@code /proc}. */
class StatisticsListingTest {
    private final Model model = new Model();
    private final StatShard shard = model.engine().statistics().takeShard();

    private static void writeProc(Path proc) throws IOException {
        Files.createDirectories(proc.resolve("self/fd"));
        Files.createDirectories(proc.resolve("net"));
        for (int fd = 0; fd < 8; fd++) {
            Files.createFile(proc.resolve("self/fd/" + fd));
        }
        Files.writeString(proc.resolve("self/status"), "Name:\tx\nVmRSS:\t  102252 kB\nRssAnon:\t   87292 kB\n");
        Files.writeString(
                proc.resolve("self/stat"), "42 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 123 45 0 0 20 0 30 0 99 100 200\n");
        Files.writeString(proc.resolve("stat"), "cpu  1 2 3 4 1014 6 7 149 9 10\ncpu0 0 0 0 0 0 0 0 0 0 0\n");
        Files.writeString(proc.resolve("net/snmp"), """
                Ip: Forwarding InErrors
                Ip: 1 77
                Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors
                Udp: 9 297 3636 9 11 12 13
                """);
        Files.writeString(proc.resolve("net/netstat"), """
                TcpExt: SyncookiesSent ListenOverflows ListenDrops
                TcpExt: 1 6155 3
                """);
        Files.writeString(proc.resolve("net/snmp6"), """
                Udp6InDatagrams \t5
                Udp6NoPorts     \t3
                Udp6InErrors    \t4
                Udp6RcvbufErrors\t6
                Udp6SndbufErrors\t7
                Udp6InCsumErrors\t8
                """);
    }

    @Test
    void whatTheKernelSays(@TempDir Path proc) throws IOException {
        writeProc(proc);
        StatisticsListing listing = new StatisticsListing(model.engine(), new ProcFigures(proc));
        assertThat(listing.values())
                .containsEntry("real-memory-usage", 104_706_048L)
                .containsEntry("special-memory-usage", 89_387_008L)
                .containsEntry("cpu-user-msec", 1230L)
                .containsEntry("cpu-sys-msec", 450L)
                .containsEntry("cpu-iowait", 1014L)
                .containsEntry("cpu-steal", 149L)
                .containsEntry("fd-usage", 7L)
                .containsEntry("udp-in-errors", 3636L)
                .containsEntry("udp-noport-errors", 297L)
                .containsEntry("udp-recvbuf-errors", 11L)
                .containsEntry("udp-sndbuf-errors", 12L)
                .containsEntry("udp-in-csum-errors", 13L)
                .containsEntry("udp6-in-errors", 4L)
                .containsEntry("udp6-noport-errors", 3L)
                .containsEntry("udp6-recvbuf-errors", 6L)
                .containsEntry("udp6-sndbuf-errors", 7L)
                .containsEntry("udp6-in-csum-errors", 8L)
                .containsEntry("tcp-listen-overflows", 6155L);
    }

    @Test
    void aKernelThatSaysNothingCostsOnlyItsFigures(@TempDir Path empty) {
        StatisticsListing blind = new StatisticsListing(model.engine(), new ProcFigures(empty));
        shard.increment(Counter.QUERIES);
        assertThat(blind.values())
                .containsEntry("real-memory-usage", 0L)
                .containsEntry("cpu-user-msec", 0L)
                .containsEntry("fd-usage", 0L)
                .containsEntry("udp-in-errors", 0L)
                .containsEntry("queries", 1L);
    }

    @Test
    void thisProcessHasFigures() {
        Map<String, Number> values = new StatisticsListing(model.engine()).values();
        long resident = values.get("real-memory-usage").longValue();
        assertThat(resident).isGreaterThan(1 << 20);
        assertThat(values.get("special-memory-usage").longValue()).isBetween(1L << 20, resident);
        assertThat(values.get("fd-usage").longValue()).isGreaterThan(2);
        assertThat(values.get("cpu-user-msec").longValue()).isPositive();
    }

    @Test
    void countersAndAverages() {
        shard.add(Counter.QUERIES, 31);
        shard.latency(20_000, LatencyKind.UDP);
        shard.latency(1_000_000, LatencyKind.TCP);
        assertThat(new StatisticsListing(model.engine()).values())
                .containsEntry("queries", 31L)
                .containsEntry("latency-count", 2L)
                .containsEntry("latency-sum", 1020L)
                .containsEntry("latency10-50", 1L)
                .containsEntry("latency-slow", 1L)
                .containsEntry("latency-avg100", 200.0)
                .containsEntry("latency-tcp-avg1000", 1000.0)
                .containsEntry("latency-doh3-avg1000000", 0.0);
    }

    /** The left column is the alphabet's first half; whole numbers and the whole parts of others end in the same column. */
    @Test
    void dumpStats(@TempDir Path proc) throws IOException {
        writeProc(proc);
        StatisticsListing listing = new StatisticsListing(model.engine(), new ProcFigures(proc));
        shard.latency(1_205_170, LatencyKind.UDP);
        List<String> lines = listing.dumpStats().lines().toList();
        List<String> names = List.copyOf(listing.values().keySet());
        assertThat(lines).hasSize((names.size() + 1) / 2);
        assertThat(lines.getFirst())
                .startsWith("acl-drops                          \t          0    "
                        + String.format("%-35s\t", names.get(lines.size())));
        assertThat(lines.get(names.indexOf("latency-avg100")))
                .startsWith("latency-avg100                     \t      12051.7  ");
        assertThat(listing.dumpStats())
                .contains("  tcp-cross-protocol-response-pipe-full\t          0\n")
                .contains("  udp-in-errors                      \t       3636\n");
    }

    @Test
    void noLatencyWithoutTraffic() {
        assertThat(LatencyListing.show(new RingReport(model.engine().rings()).latency()))
                .isEqualTo("No traffic yet.\n");
    }

    /** Bars are cut to whole stars, 70 for the highest bin; from half a star on there is a colon, below that a point. */
    @Test
    void latencyBars() {
        LatencyHistogram histogram = new LatencyHistogram(
                List.of(2100L, 1L, 14L, 15L, 29L, 30L, 0L, 0L, 1400L, 0L, 0L, 0L, 0L, 0L, 60L), 3_649_000);
        assertThat(LatencyListing.show(histogram))
                .isEqualTo("Average response latency: 1.00 msec\n   msec\t\n   0.10\t" + "*".repeat(70)
                        + "\n   0.20\t.\n   0.40\t.\n   0.80\t:\n   1.60\t:\n   3.20\t*\n   6.40\t\n  12.80\t\n  25.60\t"
                        + "*".repeat(46)
                        + "\n  51.20\t\n 102.40\t\n 204.80\t\n 409.60\t\n 819.20\t\n1638.40\t**\n");
    }
}
