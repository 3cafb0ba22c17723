package dev.weir.engine.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.action.Result;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TopOffendersTest {
    private static final long SECOND = BlockSpec.SECOND_NANOS;

    private final Statistics statistics = new Statistics();
    private final StatShard mine = statistics.takeShard();
    private final DynamicBlocks blocks = new DynamicBlocks(statistics);
    private long now = System.nanoTime();

    private void block(int host, String reason) {
        ClientRange range = ClientRange.of(Netmask.parse("192.0.2." + host + "/32"));
        blocks.insert(range, BlockSpec.of(reason, 3600, Result.DROP), now);
    }

    private void hit(int host, int times) {
        IpAddress address = IpAddress.parse("192.0.2." + host);
        Peer peer = new Peer();
        peer.set(4, 0, address.lo(), 1, 0);
        DynamicBlock block =
                Objects.requireNonNull(Objects.requireNonNull(blocks.inForce()).client(peer, now));
        for (int i = 0; i < times; i++) {
            block.hit(mine);
        }
    }

    @Test
    void theBusiestOfEachReasonComeFirst() {
        for (int host = 1; host <= 30; host++) {
            block(host, host <= 25 ? "many" : "few");
        }
        blocks.tick(now);
        assertThat(blocks.clientOffenders().top()).isEmpty();
        for (int host = 1; host <= 28; host++) {
            hit(host, 100 * host);
        }
        now += 5 * SECOND;
        blocks.tick(now);
        assertThat(blocks.clientOffenders().top()).as("not looked at yet").isEmpty();
        now += 5 * SECOND;
        blocks.tick(now);
        assertThat(blocks.clientOffenders().top())
                .extracting(TopOffenders.Offender::key)
                .hasSize(23)
                .startsWith("192.0.2.28/32", "192.0.2.27/32", "192.0.2.26/32", "192.0.2.25/32")
                .endsWith("192.0.2.6/32");
        assertThat(blocks.clientOffenders().top().getFirst().hitsPerSecond()).isCloseTo(280, within(0.01));
        assertThat(blocks.suffixOffenders().top()).isEmpty();
    }

    @Test
    void whoStopsIsForgottenAfterAMinute() {
        block(1, "r");
        blocks.tick(now);
        hit(1, 600);
        for (int look = 1; look <= 6; look++) {
            now += 10 * SECOND;
            blocks.tick(now);
            assertThat(blocks.clientOffenders().top().getFirst().hitsPerSecond())
                    .isCloseTo(60.0 / look, within(0.01));
        }
        now += 10 * SECOND;
        blocks.tick(now);
        assertThat(blocks.clientOffenders().top()).isEmpty();
    }

    /** Not what it stopped before counts for the block that takes its place, and none of it is lost. */
    @Test
    void aBlockThatIsReplacedCountsOn() {
        block(1, "first");
        blocks.tick(now);
        hit(1, 100);
        now += 10 * SECOND;
        blocks.tick(now);
        hit(1, 50);
        ClientRange range = ClientRange.of(Netmask.parse("192.0.2.1/32"));
        blocks.insert(range, BlockSpec.of("second", 7200, Result.DROP), now);
        hit(1, 50);
        now += 10 * SECOND;
        blocks.tick(now);
        assertThat(blocks.clientOffenders().top())
                .containsExactly(
                        new TopOffenders.Offender("first", "192.0.2.1/32", 5),
                        new TopOffenders.Offender("second", "192.0.2.1/32", 5));
    }

    @Test
    void amongManyTheBusiestOfAMinuteAreFound() {
        for (int host = 0; host < 250; host++) {
            block(host, "r");
        }
        blocks.tick(now);
        for (int look = 0; look < 6; look++) {
            for (int host = 0; host < 250; host++) {
                hit(host, 1 + (host + look * 40) % 250);
            }
            hit(77, 300);
            now += 10 * SECOND;
            blocks.tick(now);
        }
        assertThat(blocks.clientOffenders().top())
                .hasSize(20)
                .first()
                .extracting(TopOffenders.Offender::key)
                .isEqualTo("192.0.2.77/32");
    }
}
