package dev.weir.app;

import dev.weir.app.bpf.BpfTool;
import dev.weir.app.xdp.XdpTool;
import dev.weir.config.reference.LedgerReference;
import dev.weir.config.reference.SettingsReference;
import dev.weir.config.yaml.JsonSchema;
import dev.weir.engine.log.Level;
import dev.weir.engine.log.Log;
import dev.weir.engine.task.FaultGuard;
import dev.weir.gate.filter.PacketFilters;
import dev.weir.sys.Bpf;
import dev.weir.sys.HeldSignal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the program starts: reads the command line and hands over. */
public final class Main {
    private static final FaultGuard THREADS = new FaultGuard("A thread has ended", "setup");

    private Main() {}

    public static void main(String[] arguments) {
        Shutdown shutdown = new Shutdown();
        if (isScript(arguments)) {
            // There is nothing to stop in order: who waits for a script learns that a signal has ended it.
            Signals.awaitTermination(() -> shutdown.now(Signals.FROM_SIGNAL + HeldSignal.SIGTERM));
        } else {
            // First of all: a SIGTERM in the middle of a long configuration is a clean stop as well.
            shutdown.handleSignals();
        }
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> THREADS.caught(e));
        FaultGuard.whenStarved(() -> {
            Log.error("Out of memory for too long: the process ends, to be started anew", "setup");
            shutdown.now(1);
        });
        shutdown.exit(status(arguments, shutdown));
    }

    private static boolean isScript(String[] arguments) {
        return arguments.length > 0 && arguments[0].equals("lua");
    }

    private static int status(String[] arguments, Shutdown shutdown) {
        try {
            return run(arguments, shutdown);
        } catch (Throwable e) {
            // Nobody is helped by a stack trace; whoever is can have one from a debugger.
            System.err.println("weir: " + OneLine.of(e));
            return 1;
        }
    }

    private static int run(String[] arguments, Shutdown shutdown) {
        CommandLine options;
        try {
            if (arguments.length > 0 && arguments[0].equals("demo")) {
                return demo(DemoOptions.parse(Arrays.copyOfRange(arguments, 1, arguments.length)), shutdown);
            }
            if (isScript(arguments)) {
                return LuaTool.run(List.of(arguments).subList(1, arguments.length));
            }
            if (arguments.length > 0 && arguments[0].equals("top")) {
                Log.settings(Log.settings().withThreshold(Level.ERROR));
                return new TopTool(new Wiring(), shutdown, System.out, System.err)
                        .run(List.of(arguments).subList(1, arguments.length));
            }
            if (arguments.length > 0 && arguments[0].equals("reload")) {
                Log.settings(Log.settings().withThreshold(Level.ERROR));
                return new ReloadTool(new Wiring(), shutdown, System.out, System.err)
                        .run(List.of(arguments).subList(1, arguments.length));
            }
            if (arguments.length > 0 && arguments[0].equals("explain")) {
                Log.settings(Log.settings().withThreshold(Level.ERROR));
                return new ExplainTool(new Wiring(), shutdown, System.out, System.err)
                        .run(List.of(arguments).subList(1, arguments.length));
            }
            if (arguments.length == 1 && arguments[0].equals("schema")) {
                System.out.print(JsonSchema.text());
                return 0;
            }
            if (arguments.length == 1 && arguments[0].equals("ledger")) {
                System.out.print(LedgerReference.text());
                return 0;
            }
            if (arguments.length == 1 && arguments[0].equals("settings")) {
                System.out.print(SettingsReference.text());
                return 0;
            }
            if (arguments.length > 0 && arguments[0].equals("bpf")) {
                return new BpfTool(Bpf.kernel(), System.out, System.err)
                        .run(Arrays.copyOfRange(arguments, 1, arguments.length));
            }
            if (arguments.length > 0 && arguments[0].equals("xdp")) {
                PacketFilters filters =
                        PacketFilters.ofOperator(Bpf.kernel(), note -> System.err.println("weir xdp: " + note));
                return new XdpTool(Bpf.kernel(), filters, System.out, System.err, shutdown::steps)
                        .run(Arrays.copyOfRange(arguments, 1, arguments.length));
            }
            options = OptionParser.parse(arguments);
        } catch (UsageException e) {
            System.err.println("weir: " + e.getMessage() + "\nTry 'weir --help'.");
            return 1;
        }
        ServiceLoader loader = new Wiring();
        Daemon daemon = new Daemon(loader, ServiceManager.ofEnvironment(), shutdown);
        return switch (options.mode()) {
            case HELP -> {
                System.out.print(Usage.help());
                yield 0;
            }
            case VERSION -> {
                System.out.println(Usage.version() + '\n' + Usage.features());
                yield 0;
            }
            case CHECK_CONFIG -> daemon.check(options);
            case CLIENT -> {
                Log.settings(Log.settings().withThreshold(Level.ERROR));
                yield new Client(loader, shutdown, System.in, System.out, System.err).run(options);
            }
            case RUN -> {
                Log.queueLines();
                yield daemon.run(options, System.in);
            }
        };
    }

    private static int demo(@Nullable DemoOptions options, Shutdown shutdown) {
        if (options == null) {
            System.out.print(DemoOptions.HELP);
            return 0;
        }
        return new Demo(options, new Wiring(), shutdown).run();
    }
}
