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
import dev.weir.sys.OpenFileLimit;
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

    /** Does what the first word asks for and returns the exit status; null if there is no such word. */
    private static @Nullable Integer tool(String[] arguments, Shutdown shutdown) throws UsageException {
        if (arguments.length == 0) {
            return null;
        }
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        return switch (arguments[0]) {
            case "demo" -> demo(DemoOptions.parse(rest), shutdown);
            case "lua" -> LuaTool.run(List.of(rest));
            case "convert" -> new ConvertTool(shutdown, System.out, System.err).run(List.of(rest));
            case "top" -> new TopTool(client(shutdown), System.out).run(List.of(rest));
            case "reload" -> new ReloadTool(client(shutdown), System.out, System.err).run(List.of(rest));
            case "explain" -> new ExplainTool(client(shutdown), System.out, System.err).run(List.of(rest));
            case "bpf" -> new BpfTool(Bpf.kernel(), System.out, System.err).run(rest);
            case "xdp" -> {
                PacketFilters filters =
                        PacketFilters.ofOperator(Bpf.kernel(), note -> System.err.println("weir xdp: " + note));
                yield new XdpTool(Bpf.kernel(), filters, System.out, System.err, shutdown::steps).run(rest);
            }
            default -> rest.length == 0 ? reference(arguments[0]) : null;
        };
    }

    /** Who talks to a console; the configuration that it may read for that has nothing to say here. */
    private static Client client(Shutdown shutdown) {
        Log.settings(Log.settings().withThreshold(Level.ERROR));
        return new Client(new Wiring(), shutdown, System.in, System.out, System.err);
    }

    /** Prints one of the texts that are made from tables; null if there is none of that name. */
    private static @Nullable Integer reference(String name) {
        String text =
                switch (name) {
                    case "schema" -> JsonSchema.text();
                    case "ledger" -> LedgerReference.text();
                    case "settings" -> SettingsReference.text();
                    default -> null;
                };
        if (text == null) {
            return null;
        }
        System.out.print(text);
        return 0;
    }

    private static int run(String[] arguments, Shutdown shutdown) {
        CommandLine options;
        try {
            Integer status = tool(arguments, shutdown);
            if (status != null) {
                return status;
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
            case CLIENT -> client(shutdown).run(options);
            case RUN -> {
                warmUp();
                Log.queueLines();
                yield daemon.run(options, System.in);
            }
        };
    }

    /** The first system call through the FFM API takes a hundred milliseconds to link: meanwhile the configuration is read. */
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

    private static int demo(@Nullable DemoOptions options, Shutdown shutdown) {
        if (options == null) {
            System.out.print(DemoOptions.HELP);
            return 0;
        }
        return new Demo(options, new Wiring(), shutdown).run();
    }
}
