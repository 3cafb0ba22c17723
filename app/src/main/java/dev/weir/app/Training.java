package dev.weir.app;

import dev.weir.engine.log.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * What the build runs while the JVM records its start-up cache: the daemon and, in the same process because one process makes one
 * cache, what else people wait for: {@code --check-config}, a console command and a script. Takes the daemon's arguments; the last one is
 * the configuration, beside which there may be one in Lua and one in YAML, to be checked: {@code training.lua} and {@code training-yaml.yml}.
 */
final class Training {
    /** Half a minute: machines that build are busy. */
    private static final int ATTEMPTS = 300;

    private static final int PAUSE_MS = 100;

    private static final String ALL_UP = """
            (function() for _, server in ipairs(getServers()) do if not server:isUp() then return 'not yet' end end return 'all are up' end)()
            """.strip();

    private Training() {}

    public static void main(String[] arguments) {
        String config = arguments[arguments.length - 1];
        toPem(Path.of(config).resolveSibling("training-rsa.p12"));
        Thread.ofPlatform().daemon().name("training").start(() -> others(config));
        Main.main(arguments);
    }

    private static void untilSaid(String text, String config, String question, Shutdown shutdown)
            throws UsageException, InterruptedException {
        CommandLine command = OptionParser.parse(new String[] {"-C", config, "-e", question});
        for (int i = 0; i < ATTEMPTS; i++) {
            Thread.sleep(PAUSE_MS);
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
            int status = new Client(new Wiring(), shutdown, System.in, out, System.err).run(command);
            if (status == 0 && said.toString(StandardCharsets.UTF_8).contains(text)) {
                return;
            }
        }
    }

    /** What goes to syslog and journal, to a place where nobody is. */
    private static void logElsewhere(Path nobody) {
        byte[] line = {'-', '\n'};
        String socket = nobody.toString();
        new SyslogSink(socket, () -> 0, 1).write(Level.INFO, line);
        SyslogSink.local();
        new JournalSink(socket, (level, fields) -> {}).write(Level.INFO, line.clone());
    }

    /** Writes a key and its certificate as the files that most have. */
    private static void toPem(Path keystore) {
        if (!Files.exists(keystore)) {
            return;
        }
        try {
            char[] password = "training".toCharArray();
            KeyStore store = KeyStore.getInstance(keystore.toFile(), password);
            Files.writeString(
                    Path.of(keystore + ".pem"),
                    block("PRIVATE KEY", store.getKey("training", password).getEncoded())
                            + block(
                                    "CERTIFICATE",
                                    store.getCertificate("training").getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String block(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder().encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    private static void others(String config) {
        try {
            // The console accepts connections shortly after the start.
            Shutdown shutdown = new Shutdown();
            untilSaid("weir", config, "showVersion()", shutdown);
            String name = config.substring(0, config.lastIndexOf('.'));
            for (String each : List.of(config, name + ".lua", name + "-yaml.yml")) {
                if (!Files.exists(Path.of(each))) {
                    continue;
                }
                CommandLine check = OptionParser.parse(new String[] {"-C", each, "--check-config"});
                new Daemon(new Wiring(), ServiceManager.none(), shutdown).check(check);
            }
            LuaTool.run(List.of("-e", "print(string.format('%d %s', 7, ('a,b'):gsub(',', ';')))"));
            // Health checks are queries: what listens and what answers has been at work.
            untilSaid("all are up", config, ALL_UP, shutdown);
            logElsewhere(Path.of(config).resolveSibling("nobody"));
            Files.createFile(Path.of(config).resolveSibling("trained"));
        } catch (UsageException | IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
