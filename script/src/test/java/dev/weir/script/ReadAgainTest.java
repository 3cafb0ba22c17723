package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Configuration;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.script.host.Purpose;
import dev.weir.testkit.TempDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a configuration that is read beside the one that runs does to things that both have: nothing, until it takes the other one's place. */
class ReadAgainTest {
    private static final long LATER_NANOS = 600_000_000_000L;

    /** A second world beside the first. */
    private static final class Draft {
        final World running;
        final Model model;
        final LuaRuntime lua;

        Draft(World running, String text) {
            this.running = running;
            this.model = running.model.staged();
            this.lua = new LuaRuntime(model, new Configuration(), Purpose.RUN, running.host);
            LoadResult result = lua.load("test.lua", text);
            assertThat(result.error()).isNull();
            assertThat(result.complaints()).isEmpty();
            lua.started();
        }

        void takesThePlace() {
            running.model.replaceBy(model);
            running.lua.leave();
            running.model.retire(System.nanoTime() + LATER_NANOS);
        }

        String ask(String line) {
            return lua.evaluate(line).strip();
        }
    }

    @Test
    void aServerIsTheSameAndIsChangedLater() {
        World world = new World().with("newServer({address='192.0.2.1', name='one'}) newServer('192.0.2.2')");
        Backend one = world.model.backends().getFirst();
        Draft draft = new Draft(
                world,
                "local s = newServer({address='192.0.2.1', name='one'}) s.weight = 5 s.order = 7 s:setQPS(9)\n"
                        + "s:setUp() s.name = 'changed' newServer('192.0.2.3'):setUp()");
        assertThat(draft.model.backends()).contains(one).hasSize(2);
        assertThat(one.weight()).isEqualTo(1);
        assertThat(one.isUp()).isFalse();
        assertThat(one.name()).isEqualTo("one");
        assertThat(one.qpsLimit()).isZero();
        Backend fresh = draft.model.newBackends().getFirst();
        assertThat(fresh.isUp()).as("nobody else has it").isTrue();
        Backend gone = world.model.backends().get(1);

        draft.takesThePlace();
        assertThat(world.model.backends()).containsExactly(fresh, one);
        assertThat(world.model.engine().snapshot().backends()).containsExactly(fresh, one);
        assertThat(one.weight()).isEqualTo(5);
        assertThat(one.isUp()).isTrue();
        assertThat(one.name()).isEqualTo("changed");
        assertThat(one.qpsLimit()).isEqualTo(9);
        assertThat(gone.isRemoved()).isTrue();
        // The world that left changes nothing any more.
        world.ask("newServer('192.0.2.9')");
        assertThat(world.model.backends()).hasSize(2);
    }

    /** Else nobody could ever have the configuration read again. */
    @Test
    void anEndlessLoopEndsWithItsLine() {
        World world = new World();
        world.lua.loadWithin(Duration.ofMillis(200));
        LoadResult result =
                world.lua.load("c.conf", "local n = 0\nwhile true do\n  pcall(function() n = n + 1 end)\nend\n");
        assertThat(String.valueOf(result.error())).matches("c\\.conf:[234]: time limit exceeded");
    }

    @Test
    void aDraftThatIsGivenUpLeavesNothing() {
        World world = new World().with("newServer({address='192.0.2.1'})");
        var snapshot = world.model.engine().snapshot();
        Draft draft = new Draft(
                world,
                "newServer({address='192.0.2.1'}):setUp() newServer('192.0.2.2') setDynBlocksAction(DNSAction.Refused)"
                        + " addDynBlocks({[newCA('192.0.2.3')]=1}, 'x') declareMetric('mine', 'counter', 'x')"
                        + " setRingBuffersSize(7) setQueryCount(true) clearDynBlocks()");
        draft.model.abandon();
        assertThat(world.model.engine().snapshot()).isSameAs(snapshot);
        assertThat(world.model.backends().getFirst().isUp()).isFalse();
        assertThat(world.model.engine().blocks().size()).isZero();
        assertThat(world.model.engine().blocks().defaultAction()).isEqualTo(Result.DROP);
        assertThat(world.model.engine().customMetrics().find("mine")).isNull();
        assertThat(world.model.engine().rings().spec().entries()).isEqualTo(10_000);
        assertThat(world.model.engine().queryCounts().enabled()).isFalse();
    }

    @Test
    void whatTheProcessHasOnceFollowsTheConfiguration() {
        World world =
                new World().with("setDynBlocksAction(DNSAction.Refused) setRingBuffersSize(77) setQueryCount(true)");
        world.model.engine().queryCounts().putBack(java.util.List.of());
        new Draft(
                        world,
                        "setDynBlocksAction(DNSAction.Truncate) setRingBuffersSize(77) declareMetric('mine', 'counter', 'x')"
                                + " addDynBlocks({[newCA('192.0.2.3')]=1}, 'x')")
                .takesThePlace();
        assertThat(world.model.engine().blocks().defaultAction()).isEqualTo(Result.TRUNCATE);
        assertThat(world.model.engine().rings().spec().entries()).isEqualTo(77);
        assertThat(world.model.engine().queryCounts().enabled()).isFalse();
        assertThat(world.model.engine().customMetrics().find("mine")).isNotNull();
        assertThat(world.model.engine().blocks().size()).isEqualTo(1);
        new Draft(world, "").takesThePlace();
        assertThat(world.model.engine().blocks().defaultAction()).isEqualTo(Result.DROP);
        assertThat(world.model.engine().rings().spec().entries()).isEqualTo(10_000);
        assertThat(world.model.engine().blocks().size()).as("blocks stay").isEqualTo(1);
    }

    @Test
    void theLogIsSetLater() {
        boolean before = Log.verbose();
        try {
            World world = new World().with("setVerbose(false)");
            Draft draft = new Draft(world, "setVerbose(true)");
            assertThat(Log.verbose()).isFalse();
            draft.takesThePlace();
            assertThat(Log.verbose()).isTrue();
        } finally {
            Log.verbose(before);
        }
    }

    @Test
    void aPacketFilterGoesOnWithItsEntries() {
        String filter = "bpf = newBPFFilter({ipv4MaxItems=10, qnamesMaxItems=10}) setDefaultBPFFilter(bpf) ";
        World world = new World().with(filter + "bpf:block(newCA('192.0.2.1'))");
        KernelFilter made = world.model.filters().all().getFirst();
        Draft draft = new Draft(
                world,
                filter
                        + "bpf:block(newCA('192.0.2.1')) bpf:block(newCA('192.0.2.2')) bpf:blockQName(newDNSName('a.'), 1)");
        assertThat(draft.model.filters().all()).containsExactly(made);
        assertThat(world.ask("bpf:getStats()")).contains("192.0.2.1").doesNotContain("192.0.2.2");
        draft.takesThePlace();
        assertThat(world.model.filters().standard()).isSameAs(made);
        assertThat(draft.ask("bpf:getStats()")).contains("192.0.2.1", "192.0.2.2", "a.");
        Draft other = new Draft(world, "bpf = newBPFFilter({ipv4MaxItems=20})");
        assertThat(other.model.filters().all()).doesNotContain(made);
        other.takesThePlace();
        assertThat(world.model.filters().standard()).isNull();
    }

    @Test
    void aUnixSocketGoesOnAndTellsTheNewWorld() {
        String listener =
                "local l = newNetworkListener() l:addUnixListeningEndpoint('/a', 1, function(id, data) seen = data end)"
                        + " l:start() ";
        World world = new World().with(listener);
        assertThat(world.host.receivers).hasSize(1);
        Draft draft = new Draft(world, listener);
        assertThat(world.host.receivers).hasSize(1);
        draft.takesThePlace();
        assertThat(world.host.receivers).hasSize(2);
        world.host.receivers.getLast().received(new byte[] {'x'}, "");
        assertThat(draft.ask("seen")).isEqualTo("x");
        new Draft(world, "").takesThePlace();
        assertThat(world.host.receivers).as("closed").isEmpty();
    }

    @Test
    void filesAndSocketsOfActionsAreKeptOrClosed() {
        try (TempDirectory directory = TempDirectory.create("weir-again")) {
            Path log = directory.path().resolve("log");
            String actions = "addAction(AllRule(), LogAction('" + log + "', false, false))\n"
                    + "addAction(AllRule(), TeeAction('127.0.0.1:1'))\n";
            World world = new World().with(actions);
            long open = descriptorsOf(log);
            assertThat(open).isEqualTo(1);
            for (int i = 0; i < 3; i++) {
                Draft draft = new Draft(world, actions);
                assertThat(descriptorsOf(log)).isEqualTo(1);
                draft.takesThePlace();
            }
            assertThat(descriptorsOf(log)).isEqualTo(1);
            Draft given = new Draft(world, "addAction(AllRule(), LogAction('" + log + "', true, true))\n");
            assertThat(descriptorsOf(log)).isEqualTo(2);
            given.model.abandon();
            dev.weir.testkit.Await.until(
                    "its own is closed", dev.weir.testkit.Await.PATIENCE, () -> descriptorsOf(log) == 1);
            new Draft(world, "").takesThePlace();
            dev.weir.testkit.Await.until("closed", dev.weir.testkit.Await.PATIENCE, () -> descriptorsOf(log) == 0);
        }
    }

    private static long descriptorsOf(Path file) {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> {
                        try {
                            return Files.readSymbolicLink(fd).equals(file);
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
