package dev.weir.app;

import dev.weir.config.LinuxCapability;
import dev.weir.config.change.ReloadReport;
import dev.weir.engine.model.Engine;
import dev.weir.engine.model.Model;
import dev.weir.web.console.ConsoleEvaluator;
import dev.weir.web.console.ConsoleKey;
import dev.weir.web.console.ConsoleSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A main class for {@link DaemonTest}: the real daemon over a service that prints each step it is asked for. The name of the
 * configuration file says how the service behaves; the console key is the first argument.
 */
final class RunningDaemon {
    private RunningDaemon() {}

    public static void main(String[] arguments) throws UsageException {
        Shutdown shutdown = new Shutdown();
        shutdown.handleSignals();
        ServiceLoader loader = (options, purpose, exit) -> switch (options.configOrDefault()) {
            case "bad" -> throw new StartException("Bad configuration", "path", "bad", "line", 7);
            case "exit" -> {
                exit.now(42);
                throw new AssertionError("now() returned");
            }
            default -> new Steps(options.configOrDefault(), ConsoleKey.parse(arguments[0]), exit);
        };
        Daemon daemon = new Daemon(loader, ServiceManager.ofEnvironment(), shutdown);
        CommandLine options = OptionParser.parse(
                List.of(arguments).subList(1, arguments.length).toArray(String[]::new));
        shutdown.exit(
                options.mode() == CommandLine.Mode.CHECK_CONFIG
                        ? daemon.check(options)
                        : daemon.run(options, System.in));
    }

    record Steps(String kind, @Nullable ConsoleKey key, ServiceLoader.Exit exit) implements Service {
        @Override
        public void checkBackends() {
            System.out.println("checked");
        }

        @Override
        public void listen() throws IOException {
            switch (kind) {
                case "unbindable" -> throw new IOException("Address already in use");
                case "unchecked" -> throw new IllegalStateException("one line\nand another");
                case "overflow" -> throw new StackOverflowError();
                case "memory" -> throw new OutOfMemoryError("Java heap space");
                case "linkage" -> throw new ExceptionInInitializerError(new UnsupportedOperationException("no libc"));
                default -> {}
            }
            System.out.println("listening");
        }

        @Override
        public ReloadReport reload(boolean dryRun) {
            System.out.println("reloading");
            return ReloadReport.failed("planted");
        }

        @Override
        public void onReload(Runnable beginning, Runnable ending) {}

        @Override
        public InetSocketAddress consoleAddress() {
            return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        }

        @Override
        public boolean consoleBindFatal() {
            return true;
        }

        @Override
        public Set<LinuxCapability> retainedCapabilities() {
            return Set.of();
        }

        @Override
        public ConsoleSettings consoleSettings() {
            return ConsoleSettings.DEFAULT.withKey(key);
        }

        @Override
        public ConsoleEvaluator console() {
            return line -> {
                if (line.equals("shutdown()")) {
                    exit.shutdown();
                }
                return "<" + line + ">\n";
            };
        }

        @Override
        public List<String> completions(String typed) {
            return List.of();
        }

        @Override
        public boolean alive() {
            return !kind.equals("hangs");
        }

        @Override
        public Engine engine() {
            return new Model().engine();
        }

        @Override
        public void stop() {
            System.out.println("stopping");
            if (kind.equals("hangs")) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            System.out.println("stopped");
        }
    }
}
