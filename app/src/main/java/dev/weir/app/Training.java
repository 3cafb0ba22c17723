package dev.weir.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the build runs while the JVM records its start-up cache: the daemon and, in the same process because one process makes one
 * cache, what else people wait for: {@code --check-config}, a console command and a script. Takes the daemon's arguments; the last one is
 * the configuration, beside which there may be one in Lua and one in YAML, to be checked.
 */
final class Training {
    private static final int ATTEMPTS = 20;
    private static final int PAUSE_MS = 100;

    private Training() {}

    public static void main(String[] arguments) {
        String config = arguments[arguments.length - 1];
        Thread.ofPlatform().daemon().name("training").start(() -> others(config));
        Main.main(arguments);
    }

    private static void others(String config) {
        try {
            // The console accepts connections shortly after the start.
            Shutdown shutdown = new Shutdown();
            CommandLine command = OptionParser.parse(new String[] {"-C", config, "-e", "showVersion()"});
            for (int i = 0; i < ATTEMPTS; i++) {
                Thread.sleep(PAUSE_MS);
                if (new Client(new Wiring(), shutdown, System.in, System.out, System.err).run(command) == 0) {
                    break;
                }
            }
            String name = config.substring(0, config.lastIndexOf('.'));
            for (String each : List.of(config, name + ".lua", name + ".yml")) {
                if (!Files.exists(Path.of(each))) {
                    continue;
                }
                CommandLine check = OptionParser.parse(new String[] {"-C", each, "--check-config"});
                new Daemon(new Wiring(), ServiceManager.none(), shutdown).check(check);
            }
            LuaTool.run(List.of("-e", "print(string.format('%d %s', 7, ('a,b'):gsub(',', ';')))"));
            Files.createFile(Path.of(config).resolveSibling("trained"));
        } catch (UsageException | IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
