package dev.weir.engine.walk;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockGroup;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.DynamicBlock;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.block.Limit;
import dev.weir.engine.block.Limit.Kind;
import dev.weir.engine.block.Masks;
import dev.weir.engine.block.SuffixRule;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSink;
import dev.weir.engine.model.Engine;
import dev.weir.engine.ring.RingSpec;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.Garbage;
import dev.weir.wire.Name;
import dev.weir.wire.Rcode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom does a group of limits find in the rings? */
class BlockGroupTest {
    private static final BlockSpec BLOCK = BlockSpec.of("limit", 60, Result.DROP);
    private static final long TICK = 100_000_000L;

    private final Walk walk = new Walk();
    private final Engine engine = walk.model.engine();
    private final DynamicBlocks blocks = engine.blocks();
    private long evaluationNanos;
    private final BlockGroup group = newGroup();

    private BlockGroup newGroup() {
        List<Long> readings = new ArrayList<>();
        return new BlockGroup(blocks, engine.rings(), engine.statistics(), () -> {
            readings.add(0L);
            return readings.size() % 2 == 0 ? evaluationNanos : 0;
        });
    }

    @BeforeEach
    void prepare() {
        walk.model.setAcl(NetmaskGroup.parse(List.of("0.0.0.0/0", "::/0")));
        walk.backend("192.0.2.1");
        group.quiet(true);
    }

    private void ask(String client, int count, String name, int type) {
        walk.peer = Endpoint.parse(client, 0);
        for (int i = 0; i < count; i++) {
            walk.send(DnsQuery.of(name, type));
        }
    }

    private void ask(String client, int count) {
        ask(client, count, "www.example.net.", A);
    }

    private void answered(String client, int count, int rcode) {
        answered(client, count, "www.example.net.", rcode);
    }

    private void answered(String client, int count, String name, int rcode) {
        for (int i = 0; i < count; i++) {
            ask(client, 1, name, A);
            if (!walk.inFlight.isEmpty()) {
                walk.answer(query -> query.reply(rcode));
            }
        }
    }

    private List<String> blocked() {
        return blocks.clients(walk.nowNanos).stream().map(DynamicBlock::key).toList();
    }

    private void apply() {
        group.apply(walk.nowNanos);
    }

    private static Limit rate(Kind kind, int code, double most, double warning, int seconds) {
        return Limit.rate(kind, code, most, warning, seconds, BLOCK);
    }

    @Test
    void aRateIsExceededByMoreThanRateTimesSeconds() {
        group.limit(rate(Kind.QUERY_RATE, 0, 3, 0, 2));
        ask("198.51.100.1:1", 6);
        apply();
        assertThat(blocked()).isEmpty();
        ask("198.51.100.1:2", 1);
        ask("198.51.100.2:2", 1);
        apply();
        assertThat(blocked()).containsExactly("198.51.100.1/32");
    }

    @Test
    void onlyTheLastSecondsCount() {
        group.limit(rate(Kind.QUERY_RATE, 0, 3, 0, 2));
        group.limit(rate(Kind.TYPE_RATE, A, 1, 0, 60));
        ask("198.51.100.1:1", 7);
        ask("198.51.100.2:1", 61);
        walk.passSeconds(3);
        apply();
        assertThat(blocked()).containsExactly("198.51.100.2/32");
    }

    @Test
    void sampledQueriesCountForMany() {
        engine.rings().configure(RingSpec.DEFAULT.withSamplingRate(10));
        group.limit(rate(Kind.QUERY_RATE, 0, 9, 0, 10));
        ask("198.51.100.1:1", 89);
        apply();
        assertThat(blocked()).isEmpty();
        ask("198.51.100.1:1", 11);
        apply();
        assertThat(blocked()).containsExactly("198.51.100.1/32");
    }

    @Test
    void typesAreToldApart() {
        group.limit(rate(Kind.TYPE_RATE, 16, 2, 0, 1));
        ask("198.51.100.1:1", 9);
        ask("198.51.100.2:1", 3, "www.example.net.", 16);
        apply();
        assertThat(blocked()).containsExactly("198.51.100.2/32");
    }

    @Test
    void responseCodesAndOctetsAreCountedInResponses() {
        group.limit(rate(Kind.RCODE_RATE, Rcode.NXDOMAIN, 2, 0, 1));
        answered("198.51.100.1:1", 3, Rcode.NXDOMAIN);
        answered("198.51.100.2:1", 9, Rcode.SERVFAIL);
        apply();
        assertThat(blocked()).containsExactly("198.51.100.1/32");
        blocks.clear();
        group.limit(rate(Kind.BYTE_RATE, 0, 200, 0, 1));
        apply();
        assertThat(blocked()).containsExactly("198.51.100.1/32", "198.51.100.2/32");
    }

    @Test
    void ratiosNeedEnoughResponses() {
        group.limit(Limit.ratio(Kind.RCODE_RATIO, Rcode.SERVFAIL, 0.5, 0, 10, 4, BLOCK));
        answered("198.51.100.1:1", 3, Rcode.SERVFAIL); // all, but too few
        answered("198.51.100.2:1", 2, Rcode.SERVFAIL); // half is not more than half
        answered("198.51.100.2:1", 2, Rcode.NOERROR);
        answered("198.51.100.3:1", 3, Rcode.SERVFAIL);
        answered("198.51.100.3:1", 1, Rcode.NOERROR);
        apply();
        assertThat(blocked()).containsExactly("198.51.100.3/32");
    }

    @Test
    void codesThatAreNotAllowedCount() {
        Set<Integer> allowed = Set.of(Rcode.NOERROR, Rcode.NXDOMAIN);
        group.limit(new Limit(Kind.ALLOWED_RCODES_RATIO, 0, allowed, 0.5, 0, 10, 2, 0, BLOCK));
        answered("198.51.100.1:1", 4, Rcode.NXDOMAIN);
        answered("198.51.100.2:1", 2, Rcode.REFUSED);
        answered("198.51.100.2:1", 1, Rcode.NOERROR);
        apply();
        assertThat(blocked()).containsExactly("198.51.100.2/32");
    }

    @Test
    void cacheMissesCountOnceTheCacheIsWarm() {
        walk.cache();
        group.limit(new Limit(Kind.CACHE_MISS_RATIO, 0, Set.of(), 0.5, 0, 60, 2, 0.6, BLOCK));
        for (int i = 0; i < 3; i++) {
            answered("198.51.100.1:1", 1, "n" + i + ".example.", Rcode.NXDOMAIN);
        }
        apply();
        assertThat(blocked()).isEmpty();
        walk.peer = Endpoint.parse("198.51.100.2:1", 0);
        walk.send(DnsQuery.of("hot.example.", A));
        walk.answer(query -> query.reply(DnsMessage.NOERROR, DnsMessage.Rr.a("hot.example.", 300, "192.0.2.80")));
        for (int i = 0; i < 9; i++) {
            walk.ask(DnsQuery.of("hot.example.", A));
        }
        apply();
        assertThat(blocked()).containsExactly("198.51.100.1/32");
    }

    @Test
    void aWarningComesBeforeABlock() {
        group.limit(rate(Kind.QUERY_RATE, 0, 5, 2, 1));
        ask("198.51.100.1:1", 3);
        apply();
        DynamicBlock warning = blocks.clients(walk.nowNanos).getFirst();
        assertThat(warning.warning()).isTrue();
        assertThat(warning.action()).isEqualTo(Result.NO_OP);
        ask("198.51.100.1:1", 3);
        apply();
        DynamicBlock real = blocks.clients(walk.nowNanos).getFirst();
        assertThat(real.warning()).isFalse();
        assertThat(real.action()).isEqualTo(Result.DROP);
    }

    @Test
    void anotherLimitBlocksInSpiteOfAWarning() {
        group.limit(rate(Kind.QUERY_RATE, 0, 50, 2, 1));
        group.limit(rate(Kind.TYPE_RATE, A, 2, 0, 1));
        ask("198.51.100.1:1", 3);
        apply();
        assertThat(blocks.clients(walk.nowNanos).getFirst().warning()).isFalse();
    }

    @Test
    void theFirstLimitInTheOrderOfEvaluationGivesTheBlock() {
        group.limit(Limit.rate(Kind.TYPE_RATE, A, 1, 0, 1, BlockSpec.of("type", 60, Result.DROP)));
        group.limit(Limit.rate(Kind.QUERY_RATE, 0, 1, 0, 1, BlockSpec.of("queries", 60, Result.DROP)));
        ask("198.51.100.1:1", 3);
        apply();
        assertThat(blocks.clients(walk.nowNanos).getFirst().reason()).isEqualTo("queries");
    }

    @Test
    void masksPutClientsTogetherAndPortsTellThemApart() {
        group.limit(rate(Kind.QUERY_RATE, 0, 2, 0, 1));
        group.masks(new Masks(24, 64, 0));
        ask("198.51.100.1:1", 1);
        ask("198.51.100.2:1", 2);
        ask("[2001:db8::1]:1", 2);
        ask("[2001:db8::2]:1", 1);
        ask("[2001:db8:0:1::2]:1", 1);
        apply();
        assertThat(blocked()).containsExactly("198.51.100.0/24", "2001:db8::/64");
        blocks.clear();
        group.masks(new Masks(32, 128, 2));
        ask("198.51.100.9:20000", 3);
        ask("198.51.100.9:1", 2);
        apply();
        assertThat(blocked()).containsExactly("198.51.100.9:16384/2");
    }

    @Test
    void excludedClientsDoNotCountNotEvenForTheirNetwork() {
        group.limit(rate(Kind.QUERY_RATE, 0, 2, 0, 1));
        group.masks(new Masks(24, 64, 0));
        group.exclude(Netmask.parse("198.51.100.0/28"));
        group.include(Netmask.parse("198.51.100.7/32"));
        ask("198.51.100.1:1", 9);
        ask("198.51.100.20:1", 2);
        apply();
        assertThat(blocked()).isEmpty();
        ask("198.51.100.7:1", 1);
        apply();
        assertThat(blocked()).containsExactly("198.51.100.0/24");
        blocks.clear();
        group.forget(Netmask.parse("198.51.100.7/32"));
        apply();
        assertThat(blocked()).isEmpty();
    }

    @Test
    void namesAreBlockedAsTheVisitorSays() {
        List<String> seen = new ArrayList<>();
        group.suffixRule(new SuffixRule(10, BLOCK, (node, self, subtree, usual) -> {
            seen.add(node.fullName() + " " + self.queries() + " " + subtree.nxdomains());
            return node.labels() == 2 && subtree.nxdomains() > 2 ? usual.withReason("water torture") : null;
        }));
        group.exclude(Name.parse("excluded.test."));
        for (int i = 0; i < 3; i++) {
            answered("198.51.100.1:1", 1, i + ".example.test.", Rcode.NXDOMAIN);
            answered("198.51.100.1:1", 1, i + ".Excluded.test.", Rcode.NXDOMAIN);
        }
        apply();
        List<DynamicBlock> names = blocks.suffixes(walk.nowNanos);
        assertThat(names.stream().map(DynamicBlock::key)).containsExactly("example.test.");
        assertThat(names.getFirst().reason()).isEqualTo("water torture");
        assertThat(seen).contains("0.example.test. 1 1", "example.test. 0 3", "test. 0 6");
    }

    @Test
    void theHookHearsOfNewBlocksOnly() {
        List<String> heard = new ArrayList<>();
        group.hook((name, key, block) -> heard.add(name + " " + key + " " + block.reason()));
        group.limit(rate(Kind.QUERY_RATE, 0, 2, 0, 10));
        ask("198.51.100.1:1", 21);
        apply();
        walk.passSeconds(1);
        apply();
        assertThat(heard).containsExactly("false 198.51.100.1/32 limit");
        assertThat(blocks.clients(walk.nowNanos).getFirst().endNanos()).isEqualTo(walk.nowNanos + 60_000_000_000L);
    }

    @Test
    void newBlocksAreLoggedUnlessQuiet() {
        List<String> lines = new ArrayList<>();
        LogSink before = Log.sink((level, line) -> lines.add(new String(line, StandardCharsets.UTF_8)));
        try {
            group.limit(rate(Kind.QUERY_RATE, 0, 5, 2, 1));
            ask("198.51.100.1:1", 3);
            apply();
            assertThat(lines).isEmpty();
            blocks.clear();
            group.quiet(false);
            apply();
            ask("198.51.100.1:1", 3);
            apply();
        } finally {
            Log.sink(before);
        }
        assertThat(lines.getFirst())
                .contains("Inserting (warning) dynamic block")
                .contains("198.51.100.1/32");
        assertThat(lines.get(1)).contains("Inserting dynamic block").contains("198.51.100.1/32");
        assertThat(lines).hasSize(2);
    }

    // ---- between two applications

    private void tick() {
        walk.nowNanos += TICK;
        blocks.tick(walk.nowNanos);
    }

    private void applyTwice() {
        apply();
        walk.passSeconds(1);
        apply();
    }

    /** Budget P10: the script ticks once a second, the flood is found within a tenth of that. */
    @Test
    void aSteadilyAppliedGroupFindsAFloodAtTheNextTick() {
        group.limit(rate(Kind.QUERY_RATE, 0, 5, 0, 1));
        applyTwice();
        ask("198.51.100.1:1", 6);
        tick();
        assertThat(blocked()).containsExactly("198.51.100.1/32");
    }

    @Test
    void aGroupThatWasAppliedOnceIsLeftAlone() {
        group.limit(rate(Kind.QUERY_RATE, 0, 5, 0, 1));
        apply();
        ask("198.51.100.1:1", 6);
        tick();
        assertThat(blocked()).isEmpty();
    }

    @Test
    void nothingIsEvaluatedAfterTheScriptHasStopped() {
        group.limit(rate(Kind.QUERY_RATE, 0, 5, 0, 1));
        applyTwice();
        walk.passSeconds(4);
        ask("198.51.100.1:1", 6);
        tick();
        assertThat(blocked()).isEmpty();
        applyTwice();
        ask("198.51.100.1:1", 6);
        tick();
        assertThat(blocked()).containsExactly("198.51.100.1/32");
    }

    @Test
    void liftedBlocksComeBackWithTheScriptOnly() {
        group.limit(rate(Kind.QUERY_RATE, 0, 5, 0, 1));
        applyTwice();
        ask("198.51.100.1:1", 6);
        tick();
        blocks.clear();
        ask("198.51.100.1:1", 1);
        tick();
        assertThat(blocked()).isEmpty();
        apply();
        assertThat(blocked()).containsExactly("198.51.100.1/32");
    }

    @Test
    void blocksAreMadeLongerByTheScriptOnly() {
        group.limit(rate(Kind.QUERY_RATE, 0, 1, 0, 5));
        ask("198.51.100.1:1", 6);
        applyTwice();
        long end = blocks.clients(walk.nowNanos).getFirst().endNanos();
        ask("198.51.100.1:1", 1);
        tick();
        assertThat(blocks.clients(walk.nowNanos).getFirst().endNanos()).isEqualTo(end);
    }

    @Test
    void aSlowEvaluationIsNotRepeatedAtOnce() {
        group.limit(rate(Kind.QUERY_RATE, 0, 5, 0, 1));
        applyTwice();
        evaluationNanos = 20_000_000;
        ask("198.51.100.2:1", 1);
        tick(); // takes 20 ms: the next one may come 400 ms later
        ask("198.51.100.1:1", 6);
        tick();
        tick();
        tick();
        assertThat(blocked()).isEmpty();
        tick();
        assertThat(blocked()).containsExactly("198.51.100.1/32");
    }

    @Test
    void namesAreNotLookedAtBetweenApplications() {
        List<String> seen = new ArrayList<>();
        group.suffixRule(new SuffixRule(10, BLOCK, (node, self, subtree, usual) -> {
            seen.add(node.fullName());
            return null;
        }));
        applyTwice();
        seen.clear();
        answered("198.51.100.1:1", 3, Rcode.NXDOMAIN);
        tick();
        assertThat(seen).isEmpty();
    }

    /** Counting a hundred thousand clients makes garbage once, not each time. */
    @Test
    void evaluationReusesItsTables() throws Exception {
        engine.rings().configure(RingSpec.DEFAULT.withEntries(20_000));
        group.limit(rate(Kind.QUERY_RATE, 0, 5, 0, 60));
        for (int i = 0; i < 20_000; i++) {
            ask("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + ":1", 1);
            walk.inFlight.clear();
            walk.sent.clear();
        }
        assertThat(Garbage.leastBytes(10_000, this::apply)).isLessThanOrEqualTo(10_000);
    }
}
