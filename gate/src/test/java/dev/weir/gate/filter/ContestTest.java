package dev.weir.gate.filter;

import static dev.weir.gate.filter.Filters.CLIENT4;
import static dev.weir.gate.filter.Filters.FOREVER;
import static dev.weir.gate.filter.Filters.external;
import static dev.weir.gate.filter.Filters.unpin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilter.Term;
import dev.weir.engine.kernel.KernelFilter.Whose;
import dev.weir.engine.kernel.KernelFilter.Wish;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.gate.table.AddressKey;
import dev.weir.gate.table.Verdict;
import dev.weir.sys.Bpf;
import dev.weir.testkit.KernelSandbox;
import dev.weir.wire.Name;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An operator, two daemons and a program that is not Weir's want something of the same entry: what is it, and who lifts what? */
class ContestTest {
    private static final long LOOK = TimeUnit.MINUTES.toNanos(1);
    private static final Name NAME = Name.parse("bad.example.");

    private final AtomicLong now = new AtomicLong();

    /** Kinds of entries that may end. */
    enum Subject {
        ADDRESS {
            @Override
            void block(KernelFilter filter, Term term) throws KernelException {
                filter.block(CLIENT4, term);
            }

            @Override
            void lift(KernelFilter filter, Whose whose) throws KernelException {
                filter.lift(CLIENT4, whose);
            }
        },
        RANGE {
            private final Netmask range = Netmask.parse("10.0.0.0/8");

            @Override
            void block(KernelFilter filter, Term term) throws KernelException {
                filter.addRange(range, term);
            }

            @Override
            void lift(KernelFilter filter, Whose whose) throws KernelException {
                filter.lift(range, whose);
            }
        },
        SUFFIX {
            @Override
            void block(KernelFilter filter, Term term) throws KernelException {
                filter.blockSuffix(NAME, FilterSpec.ANY_TYPE, term);
            }

            @Override
            void lift(KernelFilter filter, Whose whose) throws KernelException {
                filter.lift(NAME, FilterSpec.ANY_TYPE, whose);
            }
        };

        abstract void block(KernelFilter filter, Term term) throws KernelException;

        abstract void lift(KernelFilter filter, Whose whose) throws KernelException;
    }

    /** Those who share a directory. */
    private record Parties(Path directory, KernelFilter operator, KernelFilter daemon, KernelFilter other) {}

    @FunctionalInterface
    private interface Body {
        void run(Parties parties) throws Exception;
    }

    private PacketFilters named(String name) {
        return PacketFilters.ofDaemon(Bpf.kernel(), now::get, name);
    }

    private void among(Body body) throws Exception {
        KernelSandbox.run(sandbox -> {
            Path directory = sandbox.bpffs().resolve("d");
            FilterSpec spec = external(100, directory.toString());
            try (KernelFilter operator = new PacketFilters(Bpf.kernel(), now::get).open(spec);
                    KernelFilter daemon = named("daemon one").open(spec);
                    KernelFilter other = named("daemon two").open(spec)) {
                body.run(new Parties(directory, operator, daemon, other));
            }
            unpin(directory);
        });
    }

    private static Term term(MatchAction action, long endNanos) {
        return new Term(action, endNanos, "");
    }

    /** The one entry, as "ACTION END", "none" if there is none. */
    private static String entry(Parties parties) throws Exception {
        List<KernelFilter.Entry> entries = parties.operator.entries();
        if (entries.isEmpty()) {
            return "none";
        }
        assertThat(entries).hasSize(1);
        KernelFilter.Entry entry = entries.getFirst();
        return entry.action() + " " + (entry.endNanos() == FOREVER ? "never" : entry.endNanos());
    }

    /** The bug: a block of 3 s on an address that the operator had blocked for an hour shortened and softened it. */
    @ParameterizedTest
    @EnumSource(Subject.class)
    void theLaterEndAndTheStricterActionStay(Subject subject) throws Exception {
        among(parties -> {
            subject.block(parties.operator, term(MatchAction.DROP, 3600));
            subject.block(parties.daemon, term(MatchAction.TRUNCATE, 3));
            assertThat(entry(parties)).isEqualTo("Drop 3600");
            subject.block(parties.other, term(MatchAction.REFUSED, 7200));
            assertThat(entry(parties)).isEqualTo("Drop 7200");
            now.set(3);
            parties.daemon.purge(3);
            assertThat(entry(parties)).isEqualTo("Drop 7200");
            now.set(3600);
            parties.daemon.purge(3600);
            assertThat(entry(parties)).isEqualTo("Refused 7200");
            now.set(7200);
            parties.operator.purge(7200);
            parties.daemon.purge(LOOK + 7200);
            assertThat(entry(parties)).isEqualTo("none");
        });
    }

    @ParameterizedTest
    @EnumSource(Subject.class)
    void eachLiftsOnlyItsOwn(Subject subject) throws Exception {
        among(parties -> {
            subject.block(parties.operator, term(MatchAction.TRUNCATE, FOREVER));
            subject.block(parties.daemon, term(MatchAction.DROP, 100));
            subject.block(parties.other, term(MatchAction.REFUSED, 200));
            assertThat(entry(parties)).isEqualTo("Drop never");
            subject.lift(parties.daemon, Whose.OURS_THAT_END);
            assertThat(entry(parties)).isEqualTo("Refused never");
            assertThatThrownBy(() -> subject.lift(parties.daemon, Whose.OURS)).hasMessageContaining("Error removing");
            subject.lift(parties.operator, Whose.OURS);
            assertThat(entry(parties)).isEqualTo("Refused 200");
            assertThatThrownBy(() -> subject.lift(parties.operator, Whose.OURS)).hasMessageContaining("Error removing");
            subject.lift(parties.other, Whose.OURS);
            assertThat(entry(parties)).isEqualTo("none");

            subject.block(parties.operator, term(MatchAction.DROP, FOREVER));
            assertThatThrownBy(() -> subject.lift(parties.daemon, Whose.OURS)).hasMessageContaining("Error removing");
            subject.block(parties.daemon, term(MatchAction.DROP, 100));
            subject.lift(parties.operator, Whose.ANYBODY);
            assertThat(entry(parties)).isEqualTo("none");
            parties.other.purge(LOOK);
            assertThat(entry(parties)).isEqualTo("none");
        });
    }

    /** What a daemon's configuration blocks for good is not what its dynamic blocks lift. */
    @ParameterizedTest
    @EnumSource(Subject.class)
    void configurationAndDynamicBlocksOfOneDaemon(Subject subject) throws Exception {
        among(parties -> {
            subject.block(parties.daemon, term(MatchAction.REFUSED, FOREVER));
            assertThatThrownBy(() -> subject.block(parties.daemon, term(MatchAction.DROP, FOREVER)))
                    .isInstanceOf(KernelException.class)
                    .hasMessageContaining("already blocked");
            subject.block(parties.daemon, term(MatchAction.DROP, 100));
            assertThat(entry(parties)).isEqualTo("Drop never");
            // Another end is what a daemon may give its own.
            subject.block(parties.daemon, term(MatchAction.TRUNCATE, 50));
            assertThat(entry(parties)).isEqualTo("Refused never");
            subject.lift(parties.daemon, Whose.OURS_THAT_END);
            assertThat(entry(parties)).isEqualTo("Refused never");
            subject.lift(parties.daemon, Whose.OURS);
            assertThat(entry(parties)).isEqualTo("none");
        });
    }

    @ParameterizedTest
    @EnumSource(Subject.class)
    void whatIsLetThroughForGoodIsNotStoppedByWhatEnds(Subject subject) throws Exception {
        among(parties -> {
            subject.block(parties.operator, term(MatchAction.PASS, FOREVER));
            subject.block(parties.daemon, term(MatchAction.DROP, 100));
            assertThat(entry(parties)).isEqualTo("Pass never");
            subject.block(parties.other, term(MatchAction.DROP, FOREVER));
            assertThat(entry(parties)).isEqualTo("Drop never");
        });
    }

    @Test
    void listsSayWhoAndWhy() throws Exception {
        among(parties -> {
            parties.operator.block(CLIENT4, term(MatchAction.TRUNCATE, FOREVER));
            assertThat(parties.operator.entries().getFirst().wishes()).isEmpty();
            parties.daemon.block(CLIENT4, new Term(MatchAction.DROP, 100, "too many queries"));
            assertThat(parties.operator.entries().getFirst().wishes())
                    .containsExactly(
                            new Wish("", MatchAction.TRUNCATE.number(), FOREVER, ""),
                            new Wish("daemon one", MatchAction.DROP.number(), 100, "too many queries"));
            parties.daemon.lift(CLIENT4, Whose.OURS);
            assertThat(parties.operator.entries().getFirst().wishes()).isEmpty();
            parties.operator.lift(CLIENT4, Whose.OURS);
            parties.operator.block(CLIENT4, new Term(MatchAction.DROP, FOREVER, "ü".repeat(40)));
            assertThat(parties.operator.entries().getFirst().wishes())
                    .containsExactly(new Wish("", MatchAction.DROP.number(), FOREVER, "ü".repeat(20)));
        });
        assertThat(new Claim("daemon /a/very/long/way/to/its.conf", false, 0, 0, "").origin())
                .isEqualTo("daemon …long/way/to/its.conf")
                .satisfies(origin -> assertThat(origin.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .hasSizeLessThanOrEqualTo(30));
    }

    /** A program that is not Weir's leaves no name, and knows nothing of ours. */
    @Test
    void programsThatAreNotOurs() throws Exception {
        among(parties -> {
            try (BpfMap map = BpfMap.openPinned(Bpf.kernel(), parties.directory.resolve("ipv4"))) {
                var theirs = map.typed(AddressKey.V4, Verdict.CODEC);
                theirs.put(CLIENT4, Verdict.of(MatchAction.TRUNCATE));
                parties.daemon.block(CLIENT4, term(MatchAction.DROP, 100));
                assertThat(entry(parties)).isEqualTo("Drop never");
                parties.daemon.lift(CLIENT4, Whose.OURS);
                assertThat(entry(parties)).isEqualTo("Truncate never");

                // They lift theirs by taking the entry away; ours comes back when one of us looks.
                parties.daemon.block(CLIENT4, term(MatchAction.DROP, 2 * LOOK));
                theirs.delete(CLIENT4);
                now.set(LOOK);
                parties.other.purge(LOOK);
                assertThat(entry(parties)).isEqualTo("Drop " + 2 * LOOK);
            }
        });
    }

    /** As a process that died between writing down what it wants and the entry left it. */
    @Test
    void whatWasLeftHalfDoneIsCompleted() throws Exception {
        among(parties -> {
            try (BpfMap map = BpfMap.openPinned(Bpf.kernel(), parties.directory.resolve("weir-claims"))) {
                map.typed(ClaimKey.CODEC, Claim.LIST)
                        .put(
                                new ClaimKey(FilterSpec.Kind.SUFFIXES, null, NAME, FilterSpec.ANY_TYPE),
                                List.of(new Claim("daemon one", true, MatchAction.DROP.number(), 100, "")));
            }
            named("daemon three")
                    .open(external(100, parties.directory.toString()))
                    .close();
            assertThat(entry(parties)).isEqualTo("Drop 100");
            parties.other.purge(LOOK);
            assertThat(entry(parties)).isEqualTo("none");
        });
    }

    /** Where nothing is pinned the same holds, among the orders of one process. */
    @Test
    void tablesThatNobodyShares() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (KernelFilter filter = named("daemon").open(external(10, ""))) {
                filter.block(CLIENT4, MatchAction.REFUSED, FOREVER);
                filter.block(CLIENT4, MatchAction.DROP, 100);
                assertThat(filter.entries().getFirst().action()).isEqualTo(MatchAction.DROP);
                now.set(100);
                filter.purge(100);
                assertThat(filter.entries().getFirst().action()).isEqualTo(MatchAction.REFUSED);
                filter.unblock(CLIENT4);
                assertThat(filter.entries()).isEmpty();
            }
        });
    }
}
