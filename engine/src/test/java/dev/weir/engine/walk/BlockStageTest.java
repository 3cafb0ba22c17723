package dev.weir.engine.walk;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.rule.ContextSelector;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.Name;
import dev.weir.wire.Rcode;
import org.junit.jupiter.api.Test;

/** What happens to a query that a dynamic block stands against? The counters are those of dnsdist 1.7.3. */
class BlockStageTest {
    private static final DnsQuery QUERY = DnsQuery.of("www.example.net.", A);
    private static final ClientRange CLIENT = ClientRange.of(Netmask.parse("127.0.0.9"));

    private final Walk walk = new Walk();
    private final DynamicBlocks blocks = walk.model.engine().blocks();

    private void block(Result action) {
        blocks.insert(CLIENT, BlockSpec.of("test", 10, action), walk.nowNanos);
    }

    private long hits() {
        return blocks.clients(walk.nowNanos).getFirst().blocks();
    }

    @Test
    void nothingIsLookedAtWithoutBlocks() {
        assertThat(blocks.inForce()).isNull();
        walk.backend("192.0.2.1");
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
    }

    @Test
    void blocksDropByDefault() {
        block(Result.NONE);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.count(Counter.DYN_BLOCKED)).isEqualTo(1);
        assertThat(hits()).isEqualTo(1);
    }

    @Test
    void theDefaultMayChangeWhileBlocksAreInForce() {
        block(Result.NONE);
        blocks.defaultAction(Result.REFUSED);
        assertThat(walk.ask(QUERY).rcode()).isEqualTo(Rcode.REFUSED);
    }

    @Test
    void refusedAndNxdomainAreAnswersOfOurs() {
        block(Result.REFUSED);
        assertThat(walk.ask(QUERY).rcode()).isEqualTo(Rcode.REFUSED);
        blocks.clear();
        block(Result.NXDOMAIN);
        assertThat(walk.ask(QUERY).rcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(walk.count(Counter.SELF_ANSWERED)).isEqualTo(2);
        assertThat(walk.count(Counter.DYN_BLOCKED)).isEqualTo(2);
        assertThat(walk.count(Counter.RULE_REFUSED)).isZero();
        assertThat(walk.count(Counter.RULE_NXDOMAIN)).isZero();
    }

    @Test
    void truncateIsForDatagrams() {
        block(Result.TRUNCATE);
        DnsMessage answer = walk.ask(QUERY);
        assertThat(answer.has(DnsMessage.TC)).isTrue();
        assertThat(answer.rcode()).isZero();
        assertThat(walk.count(Counter.DYN_BLOCKED)).isEqualTo(1);
    }

    @Test
    void truncateLetsStreamsPassUncounted() {
        walk.protocol = Protocol.DO_TCP;
        walk.backend("192.0.2.1");
        block(Result.TRUNCATE);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.count(Counter.DYN_BLOCKED)).isZero();
        assertThat(hits()).isZero();
    }

    @Test
    void noRecurseClearsRdAndSkipsTheRules() {
        walk.backend("192.0.2.1");
        walk.rule(new LogicSelector.All(), new Action.Drop());
        block(Result.NO_RECURSE);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.seenByBackend().has(DnsMessage.RD)).isFalse();
        assertThat(walk.count(Counter.DYN_BLOCKED)).isEqualTo(1);
    }

    @Test
    void setTagGoesOnToTheRules() {
        walk.backend("192.0.2.1");
        walk.rule(new ContextSelector.Tag("why", "flood"), new Action.Drop());
        blocks.insert(CLIENT, new BlockSpec("test", 10, Result.SET_TAG, false, "why", "flood"), walk.nowNanos);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.count(Counter.RULE_DROP)).isEqualTo(1);
        assertThat(hits()).isEqualTo(1);
    }

    @Test
    void noOpOnlyCounts() {
        walk.backend("192.0.2.1");
        block(Result.NO_OP);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        assertThat(hits()).isEqualTo(1);
        assertThat(walk.count(Counter.DYN_BLOCKED)).isZero();
    }

    @Test
    void whatDoesNotStopAClientDoesNotHideItsName() {
        block(Result.NO_OP);
        blocks.insert(Name.parse("example.net."), BlockSpec.of("name", 10, Result.REFUSED), walk.nowNanos);
        assertThat(walk.ask(QUERY).rcode()).isEqualTo(Rcode.REFUSED);
        assertThat(blocks.suffixes(walk.nowNanos).getFirst().blocks()).isEqualTo(1);
    }

    @Test
    void namesAreBlockedWithAllBelow() {
        walk.backend("192.0.2.1");
        blocks.insert(Name.parse("eXample.net."), BlockSpec.of("name", 10, Result.DROP), walk.nowNanos);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.send(DnsQuery.of("Example.NET.", A))).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.send(DnsQuery.of("notexample.net.", A))).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.send(DnsQuery.of("net.", A))).isEqualTo(WalkVerdict.PARK);
    }

    @Test
    void aBlockedQueryIsStillRecorded() {
        block(Result.DROP);
        walk.send(QUERY);
        assertThat(walk.model.engine().rings().queries().all().next()).isTrue();
    }

    @Test
    void otherClientsAndPortsPass() {
        walk.backend("192.0.2.1");
        blocks.insert(
                ClientRange.of(IpAddress.parse("127.0.0.9"), 32, 4000, 4),
                BlockSpec.of("ports", 10, Result.DROP),
                walk.nowNanos);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
        walk.peer = dev.weir.engine.acl.Endpoint.parse("127.0.0.9:4096", 0);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        walk.peer = dev.weir.engine.acl.Endpoint.parse("127.0.0.8:4000", 0);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
    }

    @Test
    void anEndedBlockIsIgnoredAtOnce() {
        walk.backend("192.0.2.1");
        block(Result.DROP);
        walk.passSeconds(9);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
        walk.passSeconds(1);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        assertThat(blocks.clients(walk.nowNanos)).isEmpty();
        assertThat(blocks.size()).isEqualTo(1);
    }
}
