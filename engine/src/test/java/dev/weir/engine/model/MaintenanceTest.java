package dev.weir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.task.FaultGuard;
import dev.weir.testkit.Await;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Is the house kept without a script, and whatever goes wrong in one turn? */
@Timeout(120)
class MaintenanceTest {
    private static final long SECOND = 1_000_000_000L;

    private final Model model = new Model();
    private final Backend backend =
            new Backend(BackendSpec.of(Endpoint.parse("192.0.2.1", 53)).build());

    @Test
    void ratesAreThoseOfTheSecondsBetween() {
        model.addBackend(backend);
        Maintenance maintenance = new Maintenance(model, 0);
        maintenance.eachSecond(SECOND);
        StatShard mine = model.engine().statistics().takeShard();
        for (int i = 0; i < 30; i++) {
            backend.querySent(mine);
        }
        maintenance.eachSecond(3 * SECOND);
        assertThat(backend.queryRate()).isEqualTo(15.0);
        maintenance.eachSecond(4 * SECOND);
        assertThat(backend.queryRate()).isZero();
    }

    @Test
    void itIsKnownWhetherHousekeepingGoesOn() {
        Maintenance maintenance = new Maintenance(model, 0);
        assertThat(maintenance.alive(10 * SECOND)).isTrue();
        assertThat(maintenance.alive(30 * SECOND)).isFalse();
        maintenance.eachSecond(30 * SECOND);
        assertThat(maintenance.alive(40 * SECOND)).isTrue();
        assertThat(maintenance.alive(51 * SECOND)).isFalse();
    }

    @Test
    void theThreadsDoItWithoutAScript() {
        model.addBackend(backend);
        model.engine().blocks().purgeInterval(1);
        BlockSpec block = BlockSpec.of("flood", 1, Result.DROP);
        ClientRange client = ClientRange.of(IpAddress.parse("192.0.2.7"), 32, 0, 0);
        model.engine().blocks().insert(client, block, System.nanoTime());
        StatShard mine = model.engine().statistics().takeShard();
        AtomicInteger turns = new AtomicInteger();
        try (Maintenance maintenance = new Maintenance(model, System.nanoTime())) {
            maintenance.start();
            maintenance.every(1, "planted", new FaultGuard("Error in a test", "test"), () -> {
                turns.incrementAndGet();
                throw new StackOverflowError("planted");
            });
            Await.until("rates", Await.PATIENCE, () -> {
                backend.querySent(mine);
                return backend.queryRate() > 0;
            });
            Await.until(
                    "the block's end",
                    Await.PATIENCE,
                    () -> model.engine().blocks().size() == 0);
            Await.until("turns after an error", Await.PATIENCE, () -> turns.get() > 2);
        }
    }
}
