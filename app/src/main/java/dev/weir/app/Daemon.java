package dev.weir.app;

import dev.weir.engine.log.Level;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSettings;
import dev.weir.engine.log.Message;
import dev.weir.engine.log.QueuedSink;
import dev.weir.sys.InetEndpoint;
import dev.weir.web.console.ConsoleServer;
import dev.weir.web.console.ConsoleSession;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Brings a configuration to life and keeps it running: load, check backends, console, listen, drop privileges, say that it is
 * ready, run, stop.
 *
 * <p>The order is a promise to scripts: backends have been checked once before the first query is accepted, and everything
 * listens when the service manager hears {@code READY=1}.
 */
final class Daemon {
    private static final Message CONFIGURATION_OK =
            new Message("setup", "Configuration OK", "Configuration '{path}' OK!");

    private static final long LOG_PATIENCE_MILLIS = 500;

    private final ServiceLoader loader;
    private final ServiceManager manager;
    private final Shutdown shutdown;
    private @Nullable Service running;
    private boolean reloadWanted;

    Daemon(ServiceLoader loader, ServiceManager manager, Shutdown shutdown) {
        this.loader = loader;
        this.manager = manager;
        this.shutdown = shutdown;
    }

    /** Loads the configuration, prints one line, and returns the exit status. */
    int check(CommandLine options) {
        // Beside the result only what the configuration says itself is printed, also with --verbose: scripts compare
        // the
        // output.
        Log.settings(options.logging(LogSettings.DEFAULT).withThreshold(Level.INFO));
        try {
            loader.load(options, ServiceLoader.Purpose.CHECK, shutdown);
        } catch (Throwable e) {
            return failed(e);
        }
        Log.settings(Log.settings().withThreshold(Level.INFO));
        Log.info(CONFIGURATION_OK, "path", options.configOrDefault());
        return 0;
    }

    /**
     * Starts and runs until the process is told to stop.
     *
     * @param stdin where the foreground console reads when it is no terminal
     * @return the exit status of a start that failed; a successful one ends in {@link Shutdown}
     */
    int run(CommandLine options, InputStream stdin) {
        Log.settings(options.logging(LogSettings.DEFAULT));
        if (options.syslog()) {
            Log.secondSink(new QueuedSink("syslog", SyslogSink.local()));
        }
        if (JournalSink.isThere()) {
            Log.journalSink(new QueuedSink("journal", JournalSink.local()));
        }
        try {
            Signals.answer(options.supervised(), shutdown, this::reload);
            Service service = start(options);
            service.onReload(manager::reloading, manager::ready);
            service.ready();
            begin(service);
            Log.flush(LOG_PATIENCE_MILLIS);
            if (options.supervised()) {
                manager.ready();
                manager.watch(service::alive);
            } else {
                foreground(service, stdin);
                shutdown.shutdown();
            }
        } catch (Throwable e) {
            return failed(e);
        }
        untilTheProcessEnds();
        return 0;
    }

    /** Who sent SIGHUP meanwhile may have changed the file after it was read. */
    private synchronized void begin(Service service) {
        running = service;
        if (reloadWanted) {
            Thread.ofPlatform().daemon().name("reload").start(this::reload);
        }
    }

    /** Whoever sent SIGHUP reads in the log what became of it. */
    private void reload() {
        Service service;
        synchronized (this) {
            service = running;
            reloadWanted = true;
        }
        if (service != null) {
            var _ = service.reload(false);
        }
    }

    private Service start(CommandLine options) throws StartException {
        if (manager.present() && (options.user() != null || options.group() != null)) {
            throw new StartException(
                    "--uid and --gid cannot be used under a service manager: set User= and Group= in its unit");
        }
        Service service = loader.load(options, ServiceLoader.Purpose.RUN, shutdown);
        if (options.verbose()) {
            Log.verbose(true); // whatever the configuration's setVerbose says
        }
        try {
            shutdown.steps(() -> {
                manager.stopping();
                service.stop();
            });
            open(service);
            Identity.assume(options.user(), options.group(), service.retainedCapabilities());
            return service;
        } catch (Throwable e) {
            service.stop();
            throw e;
        }
    }

    /** Listeners come last: scripts take an open port as the sign that the rest is up. */
    private static void open(Service service) throws StartException {
        try {
            service.checkBackends();
            openConsole(service);
            service.listen();
        } catch (IOException e) {
            throw new StartException("Unable to listen", "error", e.getMessage());
        }
    }

    private static void openConsole(Service service) throws StartException {
        InetSocketAddress address = service.consoleAddress();
        if (address == null) {
            return;
        }
        try {
            ConsoleServer.open(address, service::consoleSettings, service.console());
        } catch (IOException e) {
            if (service.consoleBindFatal()) {
                throw new StartException(
                        "Unable to bind the console", "address", InetEndpoint.of(address), "error", e.getMessage());
            }
            Log.warning("Unable to bind the console", "console", "address", InetEndpoint.of(address), "error", e);
        }
    }

    /** The console on the terminal or on a pipe: its end is the end of the process, as with dnsdist. */
    private static void foreground(Service service, InputStream stdin) {
        ConsoleSession session = new ConsoleSession(line -> answer(service, line), System.out);
        try {
            if (terminal()) {
                session.talk(history(System.getProperty("user.home")), service::completions, new UnfinishedLua());
            } else {
                session.readFrom(stdin);
            }
        } catch (IOException e) {
            Log.warning("Error on the console", "console", "error", e);
        }
    }

    /** What a command logs comes before its answer. */
    private static String answer(Service service, String line) {
        String answer = service.console().evaluate(line);
        Log.flush(LOG_PATIENCE_MILLIS);
        return answer;
    }

    /** Whether a person sits at both ends, standard input and output. */
    @SuppressWarnings("SystemConsoleNull") // JDK 25 returns null again unless both are terminals
    static boolean terminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** The history file, which is dnsdist's: plain lines, so both programs may share it. */
    static Path history(@Nullable String home) {
        return Path.of(home == null || home.isEmpty() ? "." : home, ".dnsdist_history");
    }

    /** One line, also for what nobody foresaw: an error of the JVM, a fault of ours. */
    private static int failed(Throwable e) {
        if (e instanceof StartException foreseen) {
            Log.error(String.valueOf(foreseen.getMessage()), "setup", foreseen.pairs());
        } else {
            Log.error("Unable to start", "setup", "error", OneLine.of(e));
        }
        return 1;
    }

    private static void untilTheProcessEnds() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
