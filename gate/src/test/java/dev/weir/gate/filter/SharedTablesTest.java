package dev.weir.gate.filter;

import static dev.weir.gate.filter.Filters.CLIENT4;
import static dev.weir.gate.filter.Filters.CLIENT6;
import static dev.weir.gate.filter.Filters.FOREVER;
import static dev.weir.gate.filter.Filters.dump;
import static dev.weir.gate.filter.Filters.external;
import static dev.weir.gate.filter.Filters.texts;
import static dev.weir.gate.filter.Filters.unpin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.gate.table.AddressKey;
import dev.weir.gate.table.RangeEnd;
import dev.weir.gate.table.RangeKey;
import dev.weir.gate.table.Verdict;
import dev.weir.sys.Bpf;
import dev.weir.sys.DirectoryLock;
import dev.weir.testkit.KernelSandbox;
import dev.weir.wire.Name;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A balancer and {@code weir xdp} on one directory of pins, each a {@link PacketFilters} of its own: whose blocks end, whose stay? */
class SharedTablesTest {
    private static final Netmask RANGE = Netmask.parse("10.0.0.0/8");
    private static final long GRACE = BlockTable.GRACE_NANOS;
    private static final long LOOK = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong now = new AtomicLong();
    private final PacketFilters balancer = new PacketFilters(Bpf.kernel(), now::get);
    private final PacketFilters tool = new PacketFilters(Bpf.kernel(), now::get);

    /** What a test does with a directory. */
    private interface Body {
        void run(Path directory, FilterSpec spec) throws Exception;
    }

    private static void inDirectory(Body body) throws Exception {
        KernelSandbox.run(sandbox -> {
            Path directory = sandbox.bpffs().resolve("d");
            body.run(directory, external(1000, directory.toString()));
            unpin(directory);
        });
    }

    /** The bug: whoever opened the tables between an end and its block took the end away, and the block stayed for ever. */
    @Test
    void openingTakesNoEndAwayWhoseBlockIsOnItsWay() throws Exception {
        inDirectory((directory, spec) -> {
            try (KernelFilter daemon = balancer.open(spec)) {
                // As far as a block with an end has come when it is interrupted.
                putEnds(directory, 100);
                tool.open(spec).close();
                putBlocks(directory);
                assertThat(daemon.entries()).hasSize(2).allMatch(entry -> entry.endNanos() == 100);

                // Even if its end passes meanwhile.
                daemon.unblock(CLIENT4);
                daemon.removeRange(RANGE);
                putEnds(directory, 100);
                now.set(100 + GRACE - 1);
                tool.open(spec).close();
                daemon.purge(now.get());
                putBlocks(directory);
                assertThat(daemon.entries()).hasSize(2).allMatch(entry -> entry.endNanos() == 100);
                now.set(100 + GRACE);
                tool.open(spec).close();
                assertThat(daemon.entries()).isEmpty();
                assertThat(dump(directory.resolve("weir-ends4"))).isEmpty();
                assertThat(dump(directory.resolve("weir-ends-cidr4"))).isEmpty();
            }
        });
    }

    /** An end whose process has died before the block came. */
    @Test
    void endsWithoutABlockGoWhenTheyHavePassed() throws Exception {
        inDirectory((directory, spec) -> {
            try (KernelFilter daemon = balancer.open(spec)) {
                putEnds(directory, LOOK + 100);
                now.set(LOOK);
                daemon.purge(LOOK);
                daemon.purge(LOOK + 100);
                assertThat(dump(directory.resolve("weir-ends4"))).hasSize(1);
                daemon.purge(LOOK + 100 + GRACE);
                assertThat(dump(directory.resolve("weir-ends4"))).isEmpty();
                assertThat(dump(directory.resolve("weir-ends-cidr4"))).isEmpty();
            }
        });
    }

    @Test
    void whatIsBlockedForEverIsNotLiftedByAnEndThatWasLeft() throws Exception {
        inDirectory((directory, spec) -> {
            putEndsBeforeOpening(directory, spec);
            try (KernelFilter daemon = balancer.open(spec);
                    KernelFilter other = tool.open(spec)) {
                other.block(CLIENT4, MatchAction.DROP, FOREVER);
                other.addRange(RANGE, MatchAction.DROP, false, FOREVER);
                assertThat(dump(directory.resolve("weir-ends4"))).isEmpty();
                daemon.purge(200);
                daemon.purge(LOOK + GRACE);
                assertThat(texts(daemon)).containsExactly("IPV4 192.0.2.1 65535 Drop", "CIDR4 10.0.0.0/8 65535 Drop");
            }
        });
    }

    private void putEndsBeforeOpening(Path directory, FilterSpec spec) throws Exception {
        tool.open(spec).close();
        putEnds(directory, 100);
    }

    @Test
    void onePurgesWhatTheOtherHasBlockedMovedOrMadeToStay() throws Exception {
        inDirectory((directory, spec) -> {
            try (KernelFilter daemon = balancer.open(spec);
                    KernelFilter other = tool.open(spec)) {
                Name name = Name.parse("a.");
                daemon.block(CLIENT4, MatchAction.DROP, 100);
                daemon.block(CLIENT6, MatchAction.DROP, 100);
                daemon.addRange(RANGE, MatchAction.DROP, false, 100);
                daemon.blockSuffix(name, 1, MatchAction.DROP, 100);
                other.block(CLIENT4, MatchAction.TRUNCATE, 200);
                other.block(CLIENT6, MatchAction.DROP, FOREVER);
                other.addRange(RANGE, MatchAction.REFUSED, true, 200);
                other.blockSuffix(name, 1, MatchAction.DROP, 200);
                daemon.purge(150);
                assertThat(texts(other))
                        .containsExactly(
                                "IPV4 192.0.2.1 65535 Truncate",
                                "IPV6 2001:db8::1 65535 Drop",
                                "CIDR4 10.0.0.0/8 65535 Refused",
                                "SUFFIXES a. 1 Drop");
                daemon.purge(200);
                other.purge(200);
                assertThat(texts(other)).containsExactly("IPV6 2001:db8::1 65535 Drop");

                // Of what the other adds alone nobody tells the daemon; it looks once a minute.
                other.block(CLIENT4, MatchAction.DROP, 300);
                other.blockSuffix(name, 1, MatchAction.DROP, 300);
                other.close();
                daemon.purge(300);
                assertThat(daemon.entries()).hasSize(3);
                daemon.purge(LOOK);
                assertThat(texts(daemon)).containsExactly("IPV6 2001:db8::1 65535 Drop");
            }
        });
    }

    /** Two that block and purge the same addresses all the time: whatever the order, no block without an end is left, and no end. */
    @Test
    void twoAtOnceLeaveNoBlockForEver() throws Exception {
        inDirectory((directory, spec) -> {
            try (KernelFilter daemon = balancer.open(spec);
                    KernelFilter other = tool.open(spec)) {
                AtomicReference<Throwable> failure = new AtomicReference<>();
                List<Thread> threads = new ArrayList<>();
                for (KernelFilter filter : List.of(daemon, other)) {
                    threads.add(Thread.ofPlatform().start(() -> {
                        try {
                            contend(filter);
                        } catch (Throwable t) {
                            failure.set(t);
                        }
                    }));
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(failure.get()).isNull();
                assertThat(daemon.entries()).noneMatch(entry -> entry.endNanos() == FOREVER);
                now.set(LOOK + GRACE);
                daemon.purge(now.get());
                assertThat(daemon.entries()).isEmpty();
                assertThat(dump(directory.resolve("weir-ends4"))).isEmpty();
            }
        });
    }

    private static void contend(KernelFilter filter) throws KernelException {
        for (int i = 1; i <= 3000; i++) {
            filter.block(IpAddress.v4(i % 3), MatchAction.DROP, i);
            filter.purge(i);
        }
    }

    @Test
    void whoeverHoldsTheLockForLongIsNotWaitedFor() throws Exception {
        inDirectory((directory, spec) -> {
            try (KernelFilter daemon = balancer.open(spec);
                    DirectoryLock stopped = DirectoryLock.open(directory)) {
                assertThat(stopped.tryLock()).isTrue();
                daemon.block(CLIENT4, MatchAction.DROP, 100);
                assertThat(daemon.entries()).hasSize(1);
            }
        });
    }

    private static void putEnds(Path directory, long endNanos) throws Exception {
        try (BpfMap map = BpfMap.openPinned(Bpf.kernel(), directory.resolve("weir-ends4"))) {
            map.typed(AddressKey.V4, dev.weir.ebpf.map.Codec.U64).put(CLIENT4, endNanos);
        }
        try (BpfMap map = BpfMap.openPinned(Bpf.kernel(), directory.resolve("weir-ends-cidr4"))) {
            map.typed(RangeKey.V4, RangeEnd.CODEC).put(RANGE, new RangeEnd(endNanos, RANGE.prefix()));
        }
    }

    private static void putBlocks(Path directory) throws Exception {
        try (BpfMap map = BpfMap.openPinned(Bpf.kernel(), directory.resolve("ipv4"))) {
            map.typed(AddressKey.V4, Verdict.CODEC).put(CLIENT4, Verdict.of(MatchAction.DROP));
        }
        try (BpfMap map = BpfMap.openPinned(Bpf.kernel(), directory.resolve("cidr4"))) {
            map.typed(RangeKey.V4, Verdict.CODEC).put(RANGE, Verdict.of(MatchAction.DROP));
        }
    }
}
