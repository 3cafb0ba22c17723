package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.model.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Does each example say the same in YAML as in Lua? */
class TwinExamplesTest {
    private static final List<String> QUESTIONS = List.of(
            "showRules()",
            "showResponseRules()",
            "showCacheHitResponseRules()",
            "showPools()",
            "showACL()",
            "showServerPolicy()",
            "showServers()",
            "for _, p in ipairs(getPoolNames()) do show(p .. ': ') showPoolServerPolicy(p) end",
            "for _, p in ipairs(getPoolNames()) do show(tostring(getPool(p):getCache():isFull())) end",
            "show(tostring(maintenance ~= nil))",
            "show(getServerID())");

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "examples", "yaml"))) {
            return files.filter(file -> file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        }
    }

    private static World load(Path file) {
        World world = new World();
        LoadResult result = world.lua.load(file);
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).isEmpty();
        world.model.start();
        world.lua.started();
        return world;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void saysTheSame(Path yaml) {
        World ours = load(yaml);
        String name = yaml.getFileName().toString().replace(".yml", ".lua");
        World twin = load(Path.of("..", "examples", name));
        for (String question : QUESTIONS) {
            assertThat(ours.ask(question)).as(question).isEqualTo(twin.ask(question));
        }
        assertThat(ours.configuration.listeners).isEqualTo(twin.configuration.listeners);
        assertThat(ours.configuration.consoleKey).isEqualTo(twin.configuration.consoleKey);
        assertThat(ours.configuration.consoleAddress).isEqualTo(twin.configuration.consoleAddress);
        for (Setting each : Setting.values()) {
            if (each != Setting.HASH_PERTURBATION) {
                assertThat(ours.model.settings().bits(each))
                        .as(each.name())
                        .isEqualTo(twin.model.settings().bits(each));
            }
        }
        for (int i = 0; i < ours.model.backends().size(); i++) {
            assertThat(ours.model.backends().get(i).spec())
                    .usingRecursiveComparison()
                    .ignoringFields("id", "identity.id")
                    .isEqualTo(twin.model.backends().get(i).spec());
        }
        ours.model.pools().forEach(pool -> {
            var other = java.util.Objects.requireNonNull(twin.model.findPool(pool.name()));
            assertThat(pool.cache() == null ? null : pool.cache().spec())
                    .isEqualTo(other.cache() == null ? null : other.cache().spec());
        });
    }
}
