package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.export.Carbon;
import dev.weir.sys.OpenFileLimit;
import java.nio.file.Path;
import java.util.List;

/** Where all rooms meet: a configuration file becomes a {@link Service}. */
final class Wiring implements ServiceLoader {
    private static final int DNS_PORT = 53;

    @Override
    public Service load(CommandLine options, Purpose purpose, Exit exit) throws StartException {
        if (purpose == Purpose.RUN) {
            warmUp();
        }
        Model model = new Model();
        Configuration configuration = new Configuration();
        try {
            if (!options.acls().isEmpty()) {
                model.setAcl(NetmaskGroup.parse(options.acls()));
            }
            Web web = new Web(model, configuration);
            Carbon carbon = new Carbon(model);
            Script script = LuaScript.load(
                    Path.of(options.configOrDefault()), model, configuration, purpose, exit, web, carbon);
            applyCommandLine(options, model, configuration);
            if (purpose == Purpose.RUN) {
                LogTargets.follow(configuration);
            }
            return new WeirService(model, configuration, script, web, carbon);
        } catch (IllegalArgumentException e) {
            throw new StartException("Unable to start", "error", e.getMessage());
        }
    }

    /** The first system call through the FFM API takes tens of milliseconds to link: meanwhile the configuration is read. */
    private static void warmUp() {
        Thread.ofPlatform().daemon().name("warm-up").start(() -> {
            try {
                OpenFileLimit.current();
            } catch (Throwable e) {
                // Whoever makes the first real call is told the reason.
                Log.debug("Unable to read the limit of open files", "setup", "error", e);
            }
        });
    }

    private static void applyCommandLine(CommandLine options, Model model, Configuration configuration) {
        for (String address : options.addresses()) {
            model.addBackend(new Backend(
                    BackendSpec.of(Endpoint.parse(address, DNS_PORT)).build()));
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
