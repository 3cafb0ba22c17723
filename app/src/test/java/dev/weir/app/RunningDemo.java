package dev.weir.app;

import java.util.Arrays;
import java.util.Objects;

/** A main class for {@link DemoTest}: the demo over {@link RunningDaemon}'s service of the kind that the first argument names. */
final class RunningDemo {
    private RunningDemo() {}

    public static void main(String[] arguments) throws UsageException {
        Shutdown shutdown = new Shutdown();
        shutdown.handleSignals();
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        DemoOptions options = Objects.requireNonNull(DemoOptions.parse(rest));
        ServiceLoader loader = (daemonOptions, purpose, exit) -> new RunningDaemon.Steps(arguments[0], null, exit);
        shutdown.exit(new Demo(options, loader, shutdown).run());
    }
}
