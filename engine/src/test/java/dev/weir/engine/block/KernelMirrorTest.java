package dev.weir.engine.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.action.Result;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSink;
import dev.weir.engine.stat.Statistics;
import dev.weir.wire.Name;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which blocks does the kernel get, and what is left to user space? */
class KernelMirrorTest {
    private static final long SECOND = 1_000_000_000L;
    private static final ClientRange CLIENT = ClientRange.of(Netmask.parse("192.0.2.1"));

    private final DynamicBlocks blocks = new DynamicBlocks(new Statistics());
    private boolean everyPacketPasses;
    private long now = 77 * SECOND;

    private FakeFilter filter(boolean external, int room) {
        Map<Kind, FilterSpec.Table> tables = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            tables.put(kind, new FilterSpec.Table(room, ""));
        }
        FakeFilter filter = new FakeFilter(new FilterSpec(tables, external, false, FilterSpec.ANY_TYPE));
        blocks.mirrorTo(() -> filter, () -> everyPacketPasses);
        return filter;
    }

    private static BlockSpec spec(Result action, int seconds) {
        return BlockSpec.of("test", seconds, action);
    }

    private void block(String range, Result action) {
        blocks.insert(ClientRange.of(Netmask.parse(range)), spec(action, 10), now);
    }

    private DynamicBlock only() {
        return blocks.clients(now).getFirst();
    }

    @Test
    void addressesNetworksAndNamesGoIntoTheKernelWithTheirEnd() {
        FakeFilter filter = filter(true, 10);
        block("192.0.2.1", Result.NONE);
        block("2001:db8::1", Result.TRUNCATE);
        block("198.51.100.0/24", Result.REFUSED);
        block("2001:db8:1::/48", Result.NXDOMAIN);
        blocks.insert(Name.parse("example."), spec(Result.DROP, 10), now);
        assertThat(filter.lines())
                .containsExactly(
                        "192.0.2.1 Drop",
                        "2001:db8::1 Truncate",
                        "198.51.100.0/24 Refused",
                        "2001:db8:1::/48 NXDomain",
                        "example. Drop");
        assertThat(filter.end(0)).isEqualTo(now + 10 * SECOND);
        assertThat(blocks.clients(now)).allMatch(DynamicBlock::inKernel);
        assertThat(blocks.suffixes(now)).allMatch(DynamicBlock::inKernel);
    }

    @Test
    void whatTheKernelCannotExpressStaysInUserSpace() {
        FakeFilter filter = filter(true, 10);
        block("192.0.2.1", Result.NO_OP);
        block("192.0.2.2", Result.SET_TAG);
        block("192.0.2.3", Result.NO_RECURSE);
        blocks.insert(ClientRange.of(IpAddress.parse("192.0.2.4"), 32, 0, 2), spec(Result.DROP, 10), now);
        assertThat(filter.lines()).isEmpty();
        FakeFilter internal = filter(false, 10);
        block("192.0.2.5", Result.TRUNCATE);
        assertThat(internal.lines()).isEmpty();
        assertThat(blocks.clients(now)).noneMatch(DynamicBlock::inKernel);
    }

    @Test
    void warningsStayOutAndTheRealBlockGoesIn() {
        FakeFilter filter = filter(false, 10);
        blocks.insert(CLIENT, spec(Result.DROP, 10).asWarning(), now);
        assertThat(filter.lines()).isEmpty();
        blocks.insert(CLIENT, spec(Result.DROP, 10), now);
        assertThat(filter.lines()).containsExactly("192.0.2.1 Drop");
    }

    @Test
    void aLongerBlockMovesTheEnd() {
        FakeFilter filter = filter(false, 10);
        block("192.0.2.1", Result.DROP);
        now += SECOND;
        block("192.0.2.1", Result.DROP);
        assertThat(filter.end(0)).isEqualTo(now + 10 * SECOND);
    }

    @Test
    void aBlockThatTheKernelCannotGoOnWithLeavesIt() {
        FakeFilter filter = filter(false, 10);
        block("192.0.2.1", Result.DROP);
        filter.counters.put("192.0.2.1", 5L);
        blocks.insert(CLIENT, spec(Result.NO_OP, 60), now);
        assertThat(filter.lines()).isEmpty();
        assertThat(only().inKernel()).isFalse();
        assertThat(only().blocks()).isEqualTo(5);
    }

    @Test
    void clearingTakesAllOut() {
        FakeFilter filter = filter(true, 10);
        block("192.0.2.1", Result.DROP);
        block("192.0.2.0/24", Result.DROP);
        blocks.insert(Name.parse("example."), spec(Result.DROP, 10), now);
        blocks.clear();
        assertThat(filter.lines()).isEmpty();
    }

    @Test
    void kernelCountersComeBack() {
        FakeFilter filter = filter(true, 10);
        filter.counters.put("192.0.2.1", 100L); // left by an earlier block
        block("192.0.2.1", Result.DROP);
        only().hit(new Statistics().takeShard());
        filter.counters.put("192.0.2.1", 107L);
        blocks.refreshKernelHits();
        assertThat(only().blocks()).isEqualTo(8);
        blocks.insert(CLIENT, BlockSpec.of("other", 60, Result.TRUNCATE), now);
        filter.counters.put("192.0.2.1", 109L);
        blocks.refreshKernelHits();
        assertThat(only().blocks()).isEqualTo(10);
    }

    @Test
    void theOperatorsOwnEntriesAreLeftAlone() throws KernelException {
        FakeFilter filter = filter(true, 10);
        filter.block(IpAddress.parse("192.0.2.1"), MatchAction.PASS, KernelFilter.FOREVER);
        filter.addRange(Netmask.parse("198.51.100.0/24"), MatchAction.PASS, false, KernelFilter.FOREVER);
        block("192.0.2.1", Result.DROP);
        block("198.51.100.0/24", Result.DROP);
        assertThat(filter.lines()).containsExactly("192.0.2.1 Pass", "198.51.100.0/24 Pass");
        assertThat(blocks.clients(now)).noneMatch(DynamicBlock::inKernel);
        blocks.clear();
        assertThat(filter.lines()).hasSize(2);
    }

    @Test
    void aFullTableIsLoggedOnceAndTheBlockStaysInForce() {
        List<String> lines = new ArrayList<>();
        LogSink before = Log.sink((level, line) -> lines.add(new String(line, StandardCharsets.UTF_8)));
        FakeFilter filter = filter(false, 1);
        everyPacketPasses = true;
        try {
            block("192.0.2.1", Result.DROP);
            assertThat(blocks.inForce()).isNull();
            block("192.0.2.2", Result.DROP);
            block("192.0.2.3", Result.DROP);
        } finally {
            Log.sink(before);
        }
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).contains("Table full when trying to block 192.0.2.2");
        assertThat(filter.refused()).isEqualTo(2);
        assertThat(blocks.clients(now).stream().map(DynamicBlock::inKernel)).containsExactly(true, false, false);
        assertThat(blocks.inForce()).isNotNull();
    }

    @Test
    void userSpaceLooksOnlyForWhatTheKernelMayLetThrough() {
        filter(false, 10);
        everyPacketPasses = true;
        block("192.0.2.1", Result.DROP);
        assertThat(blocks.inForce()).isNull();
        everyPacketPasses = false; // such as when the filter is taken off a socket
        blocks.tick(now);
        assertThat(blocks.inForce()).isNotNull();
        everyPacketPasses = true;
        blocks.tick(now);
        assertThat(blocks.inForce()).isNull();
        block("192.0.2.0/24", Result.DROP);
        assertThat(blocks.inForce()).isNotNull();
        blocks.clear();
        blocks.insert(Name.parse("example."), spec(Result.DROP, 10), now);
        assertThat(blocks.inForce()).isNotNull();
    }

    @Test
    void anExternalFilterNeverReplacesUserSpace() {
        filter(true, 10);
        everyPacketPasses = true;
        block("192.0.2.1", Result.DROP);
        assertThat(blocks.inForce()).isNotNull();
    }

    @Test
    void anEndedBlockIsForgottenAndTheNextOneCountsFromZero() {
        FakeFilter filter = filter(false, 10);
        everyPacketPasses = true;
        blocks.tick(now);
        block("192.0.2.1", Result.DROP);
        filter.counters.put("192.0.2.1", 9L);
        now += 10 * SECOND;
        block("192.0.2.1", Result.DROP);
        blocks.refreshKernelHits();
        assertThat(only().blocks()).isZero();
        now += 60 * SECOND;
        blocks.tick(now);
        assertThat(blocks.size()).isZero();
    }

    @Test
    void aNewDefaultActionReachesTheKernel() {
        FakeFilter filter = filter(true, 10);
        long real = System.nanoTime();
        blocks.insert(CLIENT, spec(Result.NONE, 10), real);
        blocks.defaultAction(Result.REFUSED);
        assertThat(filter.lines()).containsExactly("192.0.2.1 Refused");
        blocks.defaultAction(Result.NO_OP);
        assertThat(filter.lines()).isEmpty();
    }
}
