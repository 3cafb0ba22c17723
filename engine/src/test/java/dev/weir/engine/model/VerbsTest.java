package dev.weir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.backend.BackendSpec.HealthMode;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Is each verb one step, on a model that runs and on one that waits for its turn? */
class VerbsTest {
    private static final int THREADS = 4;
    private static final int NETWORKS = 250;

    private final Model model = new Model();

    private static Backend server(String address) {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse(address, 53));
        spec.healthMode = HealthMode.UP;
        return new Backend(spec.build());
    }

    /** Of two who each read the list, add to it and set it, one would lose. */
    @Test
    void networksThatSeveralAddAtOnceAreAllThere() throws Exception {
        model.setAcl(new NetmaskGroup());
        model.start();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int network = 0; network < NETWORKS; network++) {
                    model.verbs().allow(Netmask.parse("10." + thread + "." + network + ".0/24"));
                }
            }));
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        NetmaskGroup known = model.engine().snapshot().acl();
        for (int thread = 0; thread < THREADS; thread++) {
            for (int network = 0; network < NETWORKS; network++) {
                assertThat(known.match(IpAddress.parse("10." + thread + "." + network + ".1")))
                        .isTrue();
            }
        }
        assertThat(model.verbs().disallow(Netmask.parse("10.0.0.0/24"))).isTrue();
        assertThat(model.verbs().disallow(Netmask.parse("10.0.0.0/24"))).isFalse();
        assertThat(model.engine().snapshot().acl().match(IpAddress.parse("10.0.0.1")))
                .isFalse();
    }

    @Test
    void serversGoByWhatIsSaid() {
        Backend first = server("192.0.2.1");
        Backend second = server("192.0.2.2");
        model.addBackend(first);
        model.addBackend(second);
        model.start();
        model.verbs().order(first, 7);
        assertThat(model.backends()).containsExactly(second, first);
        model.verbs().weigh(second, 9);
        assertThat(second.weight()).isEqualTo(9);
        model.verbs().force(second, false, Verbs.By.OPERATOR);
        assertThat(second.isUp()).isFalse();
        assertThat(second.health().mode()).isEqualTo(HealthMode.DOWN);
        model.verbs().automatic(second, HealthMode.LAZY, true);
        assertThat(second.isUp()).isTrue();
        assertThat(second.health().mode()).isEqualTo(HealthMode.LAZY);
    }

    @Test
    void blocksOfAConfigurationThatDoesNotRunYetWait() {
        model.start();
        Model staged = model.staged();
        BlockSpec spec = BlockSpec.of("why", 10, Result.NONE);
        ClientRange client = ClientRange.of(Netmask.parse("192.0.2.1/32"));
        staged.verbs().block(client, "192.0.2.1", spec, System.nanoTime());
        staged.verbs().block(Name.parse("a.test."), "a.test", spec, System.nanoTime());
        assertThat(model.engine().blocks().size()).isZero();
        model.replaceBy(staged);
        assertThat(model.engine().blocks().clients(System.nanoTime())).hasSize(1);
        assertThat(model.engine().blocks().suffixes(System.nanoTime())).hasSize(1);
        assertThat(model.verbs().unblock(client, System.nanoTime())).isTrue();
        assertThat(model.verbs().unblock(client, System.nanoTime())).isFalse();
        model.verbs().unblockAll();
        assertThat(model.engine().blocks().suffixes(System.nanoTime())).isEmpty();
    }
}
