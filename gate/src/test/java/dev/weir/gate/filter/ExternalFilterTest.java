package dev.weir.gate.filter;

import static dev.weir.gate.filter.Filters.CLIENT4;
import static dev.weir.gate.filter.Filters.CLIENT6;
import static dev.weir.gate.filter.Filters.FOREVER;
import static dev.weir.gate.filter.Filters.dump;
import static dev.weir.gate.filter.Filters.external;
import static dev.weir.gate.filter.Filters.texts;
import static dev.weir.gate.filter.Filters.unpin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSink;
import dev.weir.sys.Bpf;
import dev.weir.testkit.KernelSandbox;
import dev.weir.wire.Name;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Do external filters hold what the shared format says, through restarts and ends? */
class ExternalFilterTest {
    private static final String NO_HITS = "00 00 00 00 00 00 00 00";

    private long nowNanos;
    private final PacketFilters filters = new PacketFilters(Bpf.kernel(), () -> nowNanos);

    @Test
    void theOctetsAreThoseOfTheSharedFormat() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path directory = sandbox.bpffs().resolve("made/dnsdist");
            try (KernelFilter filter = filters.open(external(10, directory.toString()))) {
                filter.block(CLIENT4, MatchAction.DROP, FOREVER);
                filter.block(CLIENT6, MatchAction.TRUNCATE, FOREVER);
                filter.addRange(Netmask.parse("198.51.100.7/24"), MatchAction.PASS, false, FOREVER);
                filter.addRange(Netmask.parse("2001:db8::/32"), MatchAction.REFUSED, false, FOREVER);
                filter.blockName(Name.parse("A.Example"), 28, MatchAction.NXDOMAIN);
                filter.blockName(Name.parse("a.example"), FilterSpec.ANY_TYPE, MatchAction.DROP);
                filter.blockSuffix(Name.parse("b.Example"), 1, MatchAction.DROP, 5);
                filter.rateLimit(Netmask.parse("203.0.113.0/24"), new KernelFilter.Limit(1000, 3, 2, 28));

                assertThat(dump(directory.resolve("ipv4")))
                        .containsExactly("key: 01 02 00 c0 value: " + NO_HITS + " 01 00 00 00 00 00 00 00");
                assertThat(dump(directory.resolve("ipv6")))
                        .containsExactly("key: 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01 value: " + NO_HITS
                                + " 02 00 00 00 00 00 00 00");
                assertThat(dump(directory.resolve("cidr4")))
                        .containsExactly("key: 18 00 00 00 c6 33 64 00 value: " + NO_HITS + " 00 00 00 00 00 00 00 00");
                assertThat(dump(directory.resolve("cidr6")))
                        .containsExactly("key: 20 00 00 00 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 00 value: "
                                + NO_HITS + " 80 00 00 00 00 00 00 00");
                String name = "key: 01 61 07 65 78 61 6d 70 6c 65 00" + " 00".repeat(245);
                assertThat(dump(directory.resolve("qnames")))
                        .containsExactlyInAnyOrder(
                                name + " 1c 00 value: " + NO_HITS + " 81 00 00 00 00 00 00 00",
                                name + " ff ff value: " + NO_HITS + " 01 00 00 00 00 00 00 00");
                assertThat(dump(directory.resolve("suffixes")))
                        .containsExactly("key: 60 00 00 00 00 01 07 65 78 61 6d 70 6c 65 01 62" + " 00".repeat(244)
                                + " value: " + NO_HITS + " 05 00 00 00 00 00 00 00 60 00 01 00 00 00 00 00");
                assertThat(dump(directory.resolve("rates4")))
                        .containsExactly("key: 18 00 00 00 cb 00 71 00 value: " + NO_HITS
                                + " 40 42 0f 00 00 00 00 00 80 84 1e 00 00 00 00 00 " + NO_HITS
                                + " 02 00 00 00 1c 00 00 00");
                assertThat(filter.entries().getLast().limit()).isEqualTo(new KernelFilter.Limit(1000, 3, 2, 28));
                assertThat(texts(filter))
                        .containsExactly(
                                "IPV4 192.0.2.1 65535 Drop",
                                "IPV6 2001:db8::1 65535 Truncate",
                                "CIDR4 198.51.100.0/24 65535 Pass",
                                "CIDR6 2001:db8::/32 65535 Refused",
                                "QNAMES a.example. 28 NXDomain",
                                "QNAMES a.example. 65535 Drop",
                                "SUFFIXES b.example. 1 Drop",
                                "RATES4 203.0.113.0/24 65535 Truncate");
            }
            unpin(sandbox.bpffs().resolve("made"));
        });
    }

    @Test
    void anyTypeAsOlderReadersKnowIt() throws Exception {
        KernelSandbox.run(sandbox -> {
            String directory = sandbox.bpffs() + "/d";
            try (KernelFilter filter = filters.open(Filters.spec(true, 10, directory, 255))) {
                filter.blockName(Name.parse("a."), FilterSpec.ANY_TYPE, MatchAction.DROP);
                assertThat(dump(Path.of(directory, "qnames")).getFirst()).contains(" ff 00 value:");
                assertThat(texts(filter)).containsExactly("QNAMES a. 65535 Drop");
                filter.unblockName(Name.parse("a."), FilterSpec.ANY_TYPE);
            }
            unpin(Path.of(directory));
        });
    }

    @Test
    void duplicatesAndAbsentEntriesAreRefused() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (KernelFilter filter = filters.open(external(10, ""))) {
                Netmask range = Netmask.parse("10.0.0.0/8");
                Name name = Name.parse("a.");
                filter.block(CLIENT4, MatchAction.DROP, FOREVER);
                filter.addRange(range, MatchAction.DROP, false, FOREVER);
                filter.blockName(name, 1, MatchAction.DROP);
                filter.blockSuffix(name, 1, MatchAction.DROP, FOREVER);
                refused(Reason.DUPLICATE, () -> filter.block(CLIENT4, MatchAction.DROP, 5));
                refused(Reason.DUPLICATE, () -> filter.addRange(range, MatchAction.DROP, false, 5));
                refused(Reason.DUPLICATE, () -> filter.blockName(name, 1, MatchAction.REFUSED));
                refused(Reason.DUPLICATE, () -> filter.blockSuffix(name, 1, MatchAction.DROP, 5));
                filter.addRange(range, MatchAction.REFUSED, true, FOREVER);
                filter.blockName(name, 2, MatchAction.DROP);
                filter.blockSuffix(name, 2, MatchAction.DROP, FOREVER);
                assertThat(texts(filter)).contains("CIDR4 10.0.0.0/8 65535 Refused");

                refused(Reason.ABSENT, () -> filter.unblock(CLIENT6));
                refused(Reason.ABSENT, () -> filter.removeRange(Netmask.parse("10.0.0.0/9")));
                refused(Reason.ABSENT, () -> filter.unblockName(name, 3));
                refused(Reason.ABSENT, () -> filter.unblockSuffix(name, 3));
                refused(Reason.ABSENT, () -> filter.removeRateLimit(range));
                refused(Reason.UNSUPPORTED, () -> filter.attach(1));
            }
            try (KernelFilter filter = filters.open(external(0, ""))) {
                refused(Reason.UNSUPPORTED, () -> filter.block(CLIENT4, MatchAction.DROP, FOREVER));
                assertThat(filter.entries()).isEmpty();
            }
        });
    }

    private interface Attempt {
        void run() throws KernelException;
    }

    private static void refused(Reason reason, Attempt attempt) {
        assertThatThrownBy(attempt::run).isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.reason())
                .as(e.getMessage())
                .isEqualTo(reason));
    }

    /** A trie answers for the longest prefix it has: that must not be taken for the range that was asked for. */
    @Test
    void nestedRangesAreToldApart() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (KernelFilter filter = filters.open(external(10, ""))) {
                Netmask wide = Netmask.parse("10.0.0.0/8");
                Netmask middle = Netmask.parse("10.1.0.0/16");
                Netmask narrow = Netmask.parse("10.1.1.0/24");
                filter.addRange(wide, MatchAction.DROP, false, FOREVER);
                filter.addRange(narrow, MatchAction.PASS, false, 100);
                filter.addRange(middle, MatchAction.DROP, false, 200);
                refused(Reason.DUPLICATE, () -> filter.addRange(wide, MatchAction.DROP, false, 300));
                filter.purge(100);
                assertThat(texts(filter))
                        .containsExactly("CIDR4 10.0.0.0/8 65535 Drop", "CIDR4 10.1.0.0/16 65535 Drop");
                filter.purge(200);
                assertThat(texts(filter)).containsExactly("CIDR4 10.0.0.0/8 65535 Drop");
                assertThat(filter.hits(narrow)).isZero();
            }
        });
    }

    @Test
    void blocksEndMoveTheirEndAndBecomePermanent() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (KernelFilter filter = filters.open(external(10, ""))) {
                filter.block(CLIENT4, MatchAction.DROP, 100);
                filter.block(CLIENT6, MatchAction.DROP, 100);
                filter.blockSuffix(Name.parse("a."), 1, MatchAction.DROP, 100);
                filter.block(CLIENT4, MatchAction.TRUNCATE, 200);
                assertThat(filter.entries().getFirst().endNanos()).isEqualTo(200);
                filter.purge(100);
                assertThat(texts(filter)).containsExactly("IPV4 192.0.2.1 65535 Truncate");
                filter.block(CLIENT4, MatchAction.DROP, 150);
                filter.block(CLIENT4, MatchAction.DROP, FOREVER);
                filter.purge(500);
                assertThat(texts(filter)).containsExactly("IPV4 192.0.2.1 65535 Drop");
                filter.unblock(CLIENT4);
                filter.block(CLIENT4, MatchAction.DROP, 600);
                filter.purge(599);
                assertThat(filter.entries()).hasSize(1);
                filter.purge(600);
                assertThat(filter.entries()).isEmpty();
            }
        });
    }

    @Test
    void theNextProcessTakesOverBlocksAndTheirEnds() throws Exception {
        KernelSandbox.run(sandbox -> {
            String directory = sandbox.bpffs() + "/d";
            FilterSpec spec = external(10, directory);
            try (KernelFilter before = filters.open(spec)) {
                before.block(CLIENT4, MatchAction.DROP, 100);
                before.block(CLIENT6, MatchAction.DROP, FOREVER);
                before.addRange(Netmask.parse("10.0.0.0/8"), MatchAction.DROP, false, 100);
                before.blockSuffix(Name.parse("a."), 1, MatchAction.DROP, 100);
                assertThatThrownBy(() -> filters.open(spec)).hasMessageContaining("give each filter a directory");
            }
            try (KernelFilter after = filters.open(spec)) {
                assertThat(after.entries()).hasSize(4);
                after.purge(99);
                assertThat(after.entries()).hasSize(4);
                after.purge(100);
                assertThat(texts(after)).containsExactly("IPV6 2001:db8::1 65535 Drop");
                assertThat(dump(Path.of(directory, "weir-ends4"))).isEmpty();
                assertThat(dump(Path.of(directory, "weir-ends-cidr4"))).isEmpty();
            }
            unpin(Path.of(directory));
        });
    }

    /** Killed between an end and its block: what another program blocks for good there later must stay. */
    @Test
    void endsLeftBehindLiftNothing() throws Exception {
        KernelSandbox.run(sandbox -> {
            String directory = sandbox.bpffs() + "/d";
            FilterSpec spec = external(10, directory);
            filters.open(spec).close();
            nowNanos = BlockTable.GRACE_NANOS + 5;
            put(Path.of(directory, "weir-ends4"), "010200c0", "0500000000000000");
            put(Path.of(directory, "weir-ends-cidr4"), "080000000a000000", "05000000000000000800000000000000");
            try (KernelFilter after = filters.open(spec)) {
                assertThat(dump(Path.of(directory, "weir-ends4"))).isEmpty();
                assertThat(dump(Path.of(directory, "weir-ends-cidr4"))).isEmpty();
                put(Path.of(directory, "weir-ends4"), "010200c0", "0500000000000000");
                after.block(CLIENT4, MatchAction.DROP, FOREVER);
                assertThat(dump(Path.of(directory, "weir-ends4"))).isEmpty();
                after.purge(1000);
                assertThat(after.entries()).hasSize(1);
            }
            unpin(Path.of(directory));
        });
    }

    private static void put(Path pin, String key, String value) throws Exception {
        byte[] keyOctets = HexFormat.of().parseHex(key);
        byte[] valueOctets = HexFormat.of().parseHex(value);
        try (BpfMap map = BpfMap.openPinned(Bpf.kernel(), pin)) {
            map.typed(Codec.bytes(keyOctets.length), Codec.bytes(valueOctets.length))
                    .put(keyOctets, valueOctets);
        }
    }

    @Test
    void countersAreReadAndSurviveAChangeOfAction() throws Exception {
        KernelSandbox.run(sandbox -> {
            String directory = sandbox.bpffs() + "/d";
            try (KernelFilter filter = filters.open(external(10, directory))) {
                put(Path.of(directory, "ipv4"), "010200c0", "070000000000000001deadbeefdeadbe");
                put(Path.of(directory, "cidr4"), "080000000a000000", "080000000000000063deadbeefdeadbe");
                assertThat(filter.hits(CLIENT4)).isEqualTo(7);
                assertThat(filter.hits(Netmask.parse("10.0.0.0/8"))).isEqualTo(8);
                KernelFilter.Entry unknown = filter.entries().get(1);
                assertThat(unknown.actionNumber()).isEqualTo(0x63);
                assertThat(unknown.action()).isEqualTo(MatchAction.PASS);
                filter.addRange(Netmask.parse("10.0.0.0/8"), MatchAction.DROP, true, FOREVER);
                assertThat(dump(Path.of(directory, "cidr4")))
                        .containsExactly(
                                "key: 08 00 00 00 0a 00 00 00 value: 08 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00");
            }
            unpin(Path.of(directory));
        });
    }

    @Test
    void fullTablesAreCountedAndToldOnce() throws Exception {
        KernelSandbox.run(sandbox -> {
            List<String> lines = new ArrayList<>();
            LogSink before =
                    Log.sink((level, line) -> lines.add(new String(line, java.nio.charset.StandardCharsets.UTF_8)));
            try (KernelFilter filter = filters.open(external(1, ""))) {
                filter.block(CLIENT4, MatchAction.DROP, FOREVER);
                filter.addRange(Netmask.parse("10.0.0.0/8"), MatchAction.DROP, false, FOREVER);
                for (int i = 2; i < 5; i++) {
                    var another = dev.weir.engine.acl.IpAddress.parse("192.0.2." + i);
                    refused(Reason.FULL, () -> filter.block(another, MatchAction.DROP, 100));
                }
                refused(
                        Reason.FULL,
                        () -> filter.addRange(Netmask.parse("11.0.0.0/8"), MatchAction.DROP, false, FOREVER));
                assertThat(filter.refused()).isEqualTo(4);
                filter.purge(100);
                assertThat(filter.entries()).as("nothing half-made").hasSize(2);
            } finally {
                Log.sink(before);
            }
            assertThat(lines).hasSize(2);
            assertThat(lines.getFirst())
                    .contains("full")
                    .contains("IPv4 addresses")
                    .contains("ipv4MaxItems");
        });
    }

    /** A guard that took up dnsdist's small tables made ours in its own size: the filter, and with it weir xdp ls, refused them all. */
    @Test
    void tablesOfOurOwnMayHaveMoreRoomButNotLess() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path directory = sandbox.bpffs().resolve("d");
            filters.open(external(50, directory.toString())).close();
            try (var tables = java.nio.file.Files.list(directory)) {
                for (Path table : tables.toList()) {
                    if (!String.valueOf(table.getFileName()).startsWith("weir-")) {
                        java.nio.file.Files.delete(table);
                    }
                }
            }
            try (KernelFilter smaller = filters.open(external(10, directory.toString()))) {
                smaller.block(CLIENT4, MatchAction.DROP, 100);
                assertThat(dump(directory.resolve("weir-ends4"))).hasSize(1);
            }
            assertThatThrownBy(() -> filters.open(external(60, directory.toString())))
                    .hasMessageContaining("ipv4 is another one: there is room for 10 entries, wanted 60")
                    // Tables grow one after the other.
                    .hasMessageNotContaining("weir-ends4");
            unpin(directory);
        });
    }

    @Test
    void everyDifferenceOfPinnedMapsIsListed() throws Exception {
        KernelSandbox.run(sandbox -> {
            String directory = sandbox.bpffs() + "/d";
            filters.open(external(10, directory)).close();
            int pins = Path.of(directory).toFile().list().length;
            assertThatThrownBy(() -> filters.open(external(11, directory)))
                    .hasMessageContaining(directory + "/ipv4 is another one: there is room for 10 entries, wanted 11")
                    .hasMessageContaining(directory + "/qnames is another one")
                    .hasMessageContaining("remove the pins");
            assertThatThrownBy(() -> filters.open(Filters.spec(false, 10, directory, FilterSpec.ANY_TYPE)))
                    .hasMessageContaining("values have 16 bytes, wanted 8");
            assertThat(Path.of(directory).toFile().list()).hasSize(pins);
            unpin(Path.of(directory));
        });
    }
}
