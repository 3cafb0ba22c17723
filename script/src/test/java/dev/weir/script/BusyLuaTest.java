package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.web.WebHandler;
import dev.weir.config.web.WebRequest;
import dev.weir.config.web.WebResponse;
import dev.weir.engine.export.Exporter;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.testkit.Await;
import dev.weir.wire.RecordType;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While one thread is in Lua, and after a function of the operator failed as badly as it can. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BusyLuaTest {
    private static final Duration SECONDS = Duration.ofSeconds(20);

    /** Lua is busy as long as this is open. */
    private static final class Busy implements AutoCloseable {
        private final CountDownLatch end = new CountDownLatch(1);
        private final Thread thread;

        Busy(World world) throws InterruptedException {
            CountDownLatch begun = new CountDownLatch(1);
            thread = Thread.ofPlatform().start(() -> {
                world.lua.context().lock.lock();
                try {
                    begun.countDown();
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    world.lua.context().lock.unlock();
                }
            });
            begun.await();
        }

        @Override
        public void close() throws InterruptedException {
            end.countDown();
            thread.join();
        }
    }

    @Test
    void whoReportsAChangeOfStateDoesNotWaitAndTheOrderIsKept() throws InterruptedException {
        World world = new World().with("""
                seen = ''
                addServerStateChangeCallback(function(name, up) seen = seen .. name .. tostring(up) .. ' ' end)
                """);
        StringBuilder expected = new StringBuilder();
        try (Busy _ = new Busy(world)) {
            for (int i = 0; i < 100; i++) {
                world.lua.serverStateChanged("s" + i, i % 2 == 0);
                expected.append('s').append(i).append(i % 2 == 0).append(' ');
            }
        }
        Await.until("all told", SECONDS, () -> world.ask("seen").equals(expected + "\n"));
    }

    /** The process ends all the same, and the rest of the clean-up is done. */
    @Test
    void theEndDoesNotWaitForEver() throws InterruptedException {
        World world = new World().with("addExitCallback(function() called = true end)");
        boolean[] cleaned = {false};
        world.model.engine().exports().add(new Exporter() {
            @Override
            public void query(Query query) {}

            @Override
            public void response(Query query) {}

            @Override
            public void reload() {}

            @Override
            public void end() {
                cleaned[0] = true;
            }

            @Override
            public void close() {}

            @Override
            public long lost() {
                return 0;
            }

            @Override
            public String target() {
                return "";
            }
        });
        try (Busy _ = new Busy(world)) {
            world.lua.exitCallbacks();
        }
        assertThat(cleaned[0]).isTrue();
        assertThat(world.ask("called")).isEmpty();
    }

    @Test
    void afterAnErrorTheLockIsFree() throws InterruptedException {
        World world = new World().with("""
                newServer({address='127.0.0.1:5301', healthCheckMode='up'})
                function deep(n) return 1 + deep(n + 1) end
                addAction(QNameRule("deep."), LuaAction(function(dq) return deep(1) end))
                addAction(LuaRule(function(dq) return deep(1) > 0 end), DropAction())
                """);
        Thread data = Thread.ofPlatform().start(() -> new Walk(world).ask("deep.", RecordType.A));
        data.join();
        assertThat(world.model.engine().statistics().value(Counter.LUA_ERRORS)).isPositive();
        assertThat(world.lua.context().lock.isLocked()).isFalse();
        assertThat(world.ask("1 + 1")).isEqualTo("2\n");
        assertThat(world.ask("deep(1)")).startsWith("Error: ");
        assertThat(world.ask("1 + 1")).isEqualTo("2\n");
    }

    /** An endless loop ends with an error that names its line, wherever it is, and the service goes on. */
    @Test
    void anEndlessLoopEnds() {
        World world = new World().with("""
                setLuaTimeLimit(0.2)
                newServer({address='127.0.0.1:5301', healthCheckMode='up'})
                addAction(LuaRule(function(dq)
                  while dq.qtype == DNSQType.TXT do pcall(function() while true do end end) end
                  return false
                end), DropAction())
                for i = 1, 3e6 do end
                """);
        world.lua.started();
        Walk walk = new Walk(world);
        assertThat(walk.ask("loop.", RecordType.TXT)).isEqualTo(WalkVerdict.PARK);
        assertThat(world.model.engine().statistics().value(Counter.LUA_ERRORS)).isEqualTo(1);
        assertThat(walk.ask("loop.", RecordType.A)).isEqualTo(WalkVerdict.PARK);
        assertThat(world.ask("while true do end")).isEqualTo("Error: time limit exceeded");
        assertThat(world.ask("setLuaTimeLimit(0) for i = 1, 3e6 do end")).isEmpty();
        assertThat(world.ask("setLuaTimeLimit(-1)")).startsWith("Error: ");
    }

    /** Each counts, and one that fails does not hide another. */
    @Test
    void webHandlersThatFailHaveNoResponse() throws Exception {
        World world = new World().with("""
                registerWebHandler("/fails", function(request, response) response.status = 200 error("planted") end)
                registerWebHandler("/works", function(request, response) response.status = 202 end)
                """);
        WebRequest request = new WebRequest("GET", "/fails", 11, Map.of(), Map.of(), Map.of(), "");
        Map<String, WebHandler> handlers = world.configuration.webHandlers;
        assertThat(Objects.requireNonNull(handlers.get("/fails")).handle(request))
                .isNull();
        assertThat(world.model.engine().statistics().value(Counter.LUA_ERRORS)).isEqualTo(1);
        assertThat(Objects.requireNonNull(handlers.get("/works")).handle(request))
                .extracting(WebResponse::status)
                .isEqualTo(202);
    }

    /** A flood is blocked between two ticks of the script while Lua is busy; the hook hears of it afterwards. */
    @Test
    void aBlockDoesNotWaitForItsHook() throws InterruptedException {
        World world = new World().with("""
                newServer({address="192.0.2.1", healthCheckMode="up"})
                local dbr = dynBlockRulesGroup()
                dbr:setQuiet(true)
                dbr:setQueryRate(2, 10, "flood", 60, DNSAction.Refused)
                dbr:setNewBlockInsertedHook(function(kind, key) heard = key end)
                function maintenance() dbr:apply() end
                """);
        Walk walk = new Walk(world);
        world.lua.maintenance();
        world.lua.maintenance();
        for (int i = 0; i < 100; i++) {
            walk.ask("www.example.net.", RecordType.A);
        }
        try (Busy _ = new Busy(world)) {
            world.model.engine().blocks().tick(System.nanoTime());
            assertThat(walk.ask("www.example.net.", RecordType.A)).isEqualTo(WalkVerdict.ANSWER);
        }
        Await.until("heard", SECONDS, () -> world.ask("heard").equals("127.0.0.9/32\n"));
    }
}
