package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Configuration;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.log.LogSettings;
import dev.weir.engine.model.Model;
import dev.weir.engine.stat.StatShard;
import dev.weir.export.Carbon;
import dev.weir.testkit.Await;
import dev.weir.testkit.FakeBackend;
import dev.weir.wire.Name;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a running service does each second, while its script fails or does not come back. */
@Timeout(120)
class WeirServiceTest {
    private static final Duration SECONDS = Duration.ofSeconds(60);

    private static final Reloader.ConfigurationReader NOTHING_TO_READ = new Reloader.ConfigurationReader() {
        @Override
        public LuaScript read(Model staged, Configuration configuration) throws StartException {
            throw new StartException("planted");
        }

        @Override
        public LogSettings logging(LogSettings base) {
            return base;
        }

        @Override
        public boolean verbose() {
            return false;
        }
    };

    private final Model model = new Model();
    private final Configuration configuration = new Configuration();
    private final AtomicInteger turns = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private WeirService service;

    /** Whose {@code maintenance()} is the test's, and whose end fails. */
    private record Fake(Runnable work) implements Script {
        @Override
        public String evaluate(String line) {
            return "";
        }

        @Override
        public void maintenance() {
            work.run();
        }

        @Override
        public void exiting() {
            throw new StackOverflowError("planted");
        }

        @Override
        public void leave() {}

        @Override
        public void serverStateChanged(String nameWithAddress, boolean up) {}

        @Override
        public List<String> completions(String typed) {
            return List.of();
        }
    }

    private void start(Runnable maintenance) throws IOException {
        configuration.listeners.add(ListenSpec.of(Endpoint.parse("127.0.0.1:0", 53)));
        Running running = new Running(configuration, new Fake(maintenance));
        service = new WeirService(model, running, new Web(model, running), new Carbon(model), NOTHING_TO_READ);
        service.checkBackends();
        service.listen();
    }

    @AfterEach
    void stop() {
        end.countDown();
        service.stop();
    }

    @Test
    void errorsOfTheScriptEndOneTurnEach() throws IOException {
        start(() -> {
            switch (turns.incrementAndGet()) {
                case 1 -> throw new StackOverflowError("planted");
                case 2 -> throw new OutOfMemoryError("planted");
                case 3 -> throw new NoClassDefFoundError("planted");
                default -> {}
            }
        });
        Await.until("a turn after three errors", SECONDS, () -> turns.get() >= 4);
    }

    @Test
    void aScriptThatDoesNotComeBackHoldsUpNobody() throws IOException {
        try (FakeBackend server = FakeBackend.answering("192.0.2.1")) {
            BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse(server.hostPort(), 53));
            spec.checkName = Name.parse(FakeBackend.HEALTH_CHECK_NAME);
            Backend backend = new Backend(spec.build());
            model.addBackend(backend);
            model.engine().blocks().purgeInterval(1);
            start(() -> {
                turns.incrementAndGet();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Await.until("busy", SECONDS, () -> turns.get() == 1);
            assertThat(backend.isUp()).isTrue();

            StatShard mine = model.engine().statistics().takeShard();
            Await.until("rates are sampled", SECONDS, () -> {
                backend.querySent(mine);
                return backend.queryRate() > 0;
            });
            IpAddress client = IpAddress.parse("192.0.2.7");
            BlockSpec block = BlockSpec.of("flood", 1, Result.DROP);
            model.engine().blocks().insert(ClientRange.of(client, 32, 0, 0), block, System.nanoTime());
            Await.until(
                    "blocks that ended are taken out",
                    SECONDS,
                    () -> model.engine().blocks().size() == 0);
            server.setHealthy(false);
            Await.until("a server that is down is seen to be", SECONDS, () -> !backend.isUp());
            assertThat(turns).hasValue(1);
        }
    }
}
