package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.log.LogSettings;
import dev.weir.engine.model.Model;
import dev.weir.export.Carbon;
import dev.weir.script.ConfigurationFiles;
import java.nio.file.Path;
import java.util.List;

/** Where all rooms meet: a configuration file becomes a {@link Service}. */
final class Wiring implements ServiceLoader {
    private static final int DNS_PORT = 53;

    @Override
    public Service load(CommandLine options, Purpose purpose, Exit exit) throws StartException {
        ConfigurationFiles files = ConfigurationFiles.of(file(options));
        Model model = new Model();
        Running running = new Running(new Configuration());
        Web web = new Web(model, running);
        Carbon carbon = new Carbon(model);
        Reader reader = new Reader(options, purpose, exit, running, web, carbon);
        running.become(running.configuration(), reader.read(files, model, running.configuration()));
        if (purpose == Purpose.RUN) {
            LogTargets.follow(running.configuration());
        }
        return new WeirService(model, running, web, carbon, reader);
    }

    private static Path file(CommandLine options) {
        return Path.of(options.configOrDefault());
    }

    /** Reads the same file with the same command line, again and again. */
    private static final class Reader implements Reloader.ConfigurationReader {
        private final CommandLine options;
        private final Purpose purpose;
        private final ProcessHost host;

        Reader(CommandLine options, Purpose purpose, Exit exit, Running running, Web web, Carbon carbon) {
            this.options = options;
            this.purpose = purpose;
            this.host = new ProcessHost(file(options), purpose, exit, running, web, carbon);
        }

        @Override
        public LuaScript read(Model model, Configuration configuration) throws StartException {
            return read(ConfigurationFiles.of(file(options)), model, configuration);
        }

        LuaScript read(ConfigurationFiles files, Model model, Configuration configuration) throws StartException {
            try {
                if (!options.acls().isEmpty()) {
                    model.setAcl(NetmaskGroup.parse(options.acls()));
                }
                LuaScript script = LuaScript.load(files, model, configuration, purpose, host);
                applyCommandLine(options, model, configuration);
                return script;
            } catch (IllegalArgumentException e) {
                throw new StartException("Unable to start", "error", e.getMessage());
            }
        }

        @Override
        public LogSettings logging(LogSettings base) {
            return options.logging(base);
        }

        @Override
        public boolean verbose() {
            return options.verbose();
        }
    }

    private static void applyCommandLine(CommandLine options, Model model, Configuration configuration) {
        for (String address : options.addresses()) {
            model.addBackend(model.backend(
                    BackendSpec.of(Endpoint.parse(address, DNS_PORT)).build(), false));
        }
        List<ListenSpec> locals = options.locals().stream()
                .<ListenSpec>map(local -> ListenSpec.of(Endpoint.parse(local, DNS_PORT)))
                .toList();
        if (!locals.isEmpty()) {
            configuration.listeners.removeIf(ListenSpec.Plain.class::isInstance);
            configuration.listeners.addAll(locals);
        }
    }
}
