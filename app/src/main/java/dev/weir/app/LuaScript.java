package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.engine.model.Model;
import dev.weir.script.ConfigurationFiles;
import dev.weir.script.LoadResult;
import dev.weir.script.LuaRuntime;
import dev.weir.script.host.LuaHost;
import dev.weir.script.host.Purpose;
import java.time.Duration;
import java.util.List;

/**
 * A configuration file in Lua, or in YAML, as the running service's {@link Script}.
 *
 * @param complaints mistakes in it that did not stop it, with their places
 */
record LuaScript(LuaRuntime runtime, List<String> complaints) implements Script {
    /** An endless loop must not keep a process from ever reading its configuration again; service managers wait for 90 s. */
    private static final Duration MOST_WHILE_RUNNING = Duration.ofSeconds(60);

    /**
     * Reads a configuration into the model.
     *
     * @throws StartException with file and line of the first error
     */
    static LuaScript load(
            ConfigurationFiles files,
            Model model,
            Configuration configuration,
            ServiceLoader.Purpose purpose,
            LuaHost host)
            throws StartException {
        LuaRuntime runtime = new LuaRuntime(model, configuration, Purpose.valueOf(purpose.name()), host);
        if (model.isStaged()) {
            runtime.loadWithin(MOST_WHILE_RUNNING);
        }
        LoadResult result = runtime.load(files);
        LoadResult.ConfigError error = result.error();
        if (error != null) {
            runtime.leave();
            throw new StartException("Fatal error in the configuration", "path", files.named(), "error", error);
        }
        runtime.started();
        return new LuaScript(runtime, result.complaints());
    }

    @Override
    public String evaluate(String line) {
        return runtime.evaluate(line);
    }

    @Override
    public void maintenance() {
        runtime.maintenance();
    }

    @Override
    public void exiting() {
        runtime.exitCallbacks();
    }

    @Override
    public void leave() {
        runtime.leave();
    }

    @Override
    public void serverStateChanged(String nameWithAddress, boolean up) {
        runtime.serverStateChanged(nameWithAddress, up);
    }

    @Override
    public List<String> completions(String typed) {
        return runtime.completions(typed);
    }
}
