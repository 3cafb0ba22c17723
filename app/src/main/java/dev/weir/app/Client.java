package dev.weir.app;

import dev.weir.sys.InetEndpoint;
import dev.weir.web.console.ConsoleClient;
import dev.weir.web.console.ConsoleKey;
import dev.weir.web.console.ConsoleSession;
import dev.weir.web.console.ConsoleSettings;
import dev.weir.web.console.LineCompletion;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The console client: {@code --client} and {@code --execute}.
 *
 * <p>Address and key are those of the command line, else those of the configuration, which is read only if one of them is
 * missing. Answers go to standard output, everything else to standard error.
 */
final class Client {
    private static final String NO_KEY =
            "no valid console key: setKey(\"...\") in the configuration, or --setkey, takes 32 bytes in base64";

    private final ServiceLoader loader;
    private final ServiceLoader.Exit exit;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    Client(ServiceLoader loader, ServiceLoader.Exit exit, InputStream in, PrintStream out, PrintStream err) {
        this.loader = loader;
        this.exit = exit;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** What is done over a connection. */
    @FunctionalInterface
    interface Conversation {
        /**
         * @param name of the server, its console's address
         * @param completions what TAB completes, as far as the configuration was read
         * @throws EOFException if the server closes
         */
        void hold(ConsoleClient client, String name, LineCompletion completions) throws IOException;
    }

    /** Talks to the server and returns the exit status: 1 when no connection comes about. */
    int run(CommandLine options) {
        return converse(options, (client, name, completions) -> {
            if (options.command() != null) {
                ConsoleSession.print(out, client.execute(options.command()));
            } else if (Daemon.terminal()) {
                new ConsoleSession(client::execute, out)
                        .talk(Daemon.history(System.getenv("HOME")), completions, new UnfinishedLua());
            } else {
                new ConsoleSession(client::execute, out).readFrom(in);
            }
        });
    }

    /**
     * Connects as {@code weir -c} with these arguments does, for a tool that asks a running instance.
     *
     * @throws UsageException if they are none of {@code weir -c}
     */
    int converse(List<String> arguments, Conversation conversation) throws UsageException {
        List<String> all = new ArrayList<>(List.of("-c"));
        all.addAll(arguments);
        return converse(OptionParser.parse(all.toArray(String[]::new)), conversation);
    }

    /** Connects to the server; the same. */
    int converse(CommandLine options, Conversation conversation) {
        String text = options.addresses().isEmpty() ? null : options.addresses().getFirst();
        InetSocketAddress address = text == null ? null : AddressText.parse(text, ConsoleSettings.DEFAULT_PORT);
        if (text != null && address == null) {
            return fail("not an address: " + text);
        }
        ConsoleKey key = options.consoleKey() == null ? null : ConsoleKey.parse(options.consoleKey());
        if (options.consoleKey() != null && key == null) {
            return fail(NO_KEY);
        }
        Service configured = null;
        if (address == null || key == null) {
            try {
                configured = configuration(options);
            } catch (StartException e) {
                return fail(e.words());
            }
        }
        if (address == null) {
            address = configured == null ? null : configured.consoleAddress();
        }
        if (key == null) {
            key = configured == null ? null : configured.consoleSettings().key();
        }
        if (key == null) {
            return fail(NO_KEY);
        }
        int maxBytes = configured == null
                ? ConsoleSettings.DEFAULT_MAX_MESSAGE_BYTES
                : configured.consoleSettings().maxMessageBytes();
        LineCompletion completions = configured == null ? LineCompletion.NONE : configured::completions;
        return hold(conversation, address == null ? local() : address, key, maxBytes, completions);
    }

    private int hold(
            Conversation conversation,
            InetSocketAddress address,
            ConsoleKey key,
            int maxBytes,
            LineCompletion completions) {
        try (ConsoleClient client = ConsoleClient.connect(address, key, maxBytes)) {
            try {
                conversation.hold(client, InetEndpoint.of(address).toString(), completions);
            } catch (EOFException e) {
                err.println("Connection closed by the server."); // what shutdown() looks like from here
            }
            return 0;
        } catch (IOException e) {
            return fail("console at " + InetEndpoint.of(address) + ": " + e.getMessage());
        }
    }

    private @Nullable Service configuration(CommandLine options) throws StartException {
        if (options.config() == null && !Files.exists(Path.of(CommandLine.DEFAULT_CONFIG))) {
            return null;
        }
        return loader.load(options, ServiceLoader.Purpose.CLIENT, exit);
    }

    private int fail(String message) {
        err.println("weir: " + message);
        return 1;
    }

    private static InetSocketAddress local() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), ConsoleSettings.DEFAULT_PORT);
    }
}
