package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Does each configuration of {@code examples/} load without a complaint? */
class ExampleConfigurationsTest {
    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "examples"))) {
            return files.filter(file -> file.toString().endsWith(".lua"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void loads(Path example) {
        World world = new World();
        LoadResult result = world.lua.load(example);
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).isEmpty();
        assertThat(world.configuration.listeners).isNotEmpty();
        assertThat(world.model.backends()).isNotEmpty();
        world.model.start();
        world.lua.started();
        assertThat(world.ask("showServers()")).startsWith("#   Name");
        assertThat(world.ask("showRules()")).startsWith("#   Name");
    }
}
