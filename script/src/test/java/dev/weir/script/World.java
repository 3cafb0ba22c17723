package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Configuration;
import dev.weir.engine.model.Model;
import dev.weir.script.host.Purpose;

/** A runtime with everything that it writes to. */
final class World {
    final Model model = new Model();
    final Configuration configuration = new Configuration();
    final TestHost host = new TestHost();
    final LuaRuntime lua;

    World() {
        this(Purpose.RUN);
    }

    World(Purpose purpose) {
        lua = new LuaRuntime(model, configuration, purpose, host);
    }

    LoadResult load(String text) {
        return lua.load("test.lua", text);
    }

    /** Loads a configuration that must be good, and starts. */
    World with(String text) {
        LoadResult result = load(text);
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).isEmpty();
        model.start();
        lua.started();
        return this;
    }

    /** What the console says. */
    String ask(String line) {
        return lua.evaluate(line);
    }

    /** Why a configuration is refused. */
    static String refusal(String text) {
        return String.valueOf(new World().load(text).error());
    }
}
