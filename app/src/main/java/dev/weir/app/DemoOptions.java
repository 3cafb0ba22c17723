package dev.weir.app;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@code weir demo}.
 *
 * @param listen where the demo answers
 * @param seconds how long it runs; 0 until Ctrl-C
 * @param load whether clients of its own ask it
 * @param quiet whether to leave out the status line and log lines less important than warnings
 */
record DemoOptions(InetSocketAddress listen, int seconds, boolean load, boolean quiet) {
    static final String HELP = """
            Usage: weir demo [--listen ADDRESS:PORT] [--for SECONDS] [--no-load] [--quiet]
            Runs Weir with a sample configuration and backends of its own: needs no root, no network, no configuration.

              --listen ADDRESS:PORT   answer queries here instead of on 127.0.0.1:5300
              --for SECONDS           end after that time instead of with Ctrl-C
              --no-load               no clients of its own: nothing but your queries
              -q, --quiet             no status line, no log lines but warnings and errors
              -h, --help              print this text
            """;

    private static final int DEFAULT_PORT = 5300;
    private static final String DEFAULT_ADDRESS = "127.0.0.1";

    /** Reads the arguments behind {@code demo}; null when they ask for help. */
    static @Nullable DemoOptions parse(String... arguments) throws UsageException {
        String listen = DEFAULT_ADDRESS;
        int seconds = 0;
        boolean load = true;
        boolean quiet = false;
        for (int i = 0; i < arguments.length; i++) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : null;
            switch (arguments[i]) {
                case "-h", "--help" -> {
                    return null;
                }
                case "--no-load" -> load = false;
                case "-q", "--quiet" -> quiet = true;
                case "--listen" -> {
                    listen = needed(value, "--listen", "ADDRESS:PORT");
                    i++;
                }
                case "--for" -> {
                    seconds = positive(needed(value, "--for", "SECONDS"));
                    i++;
                }
                default -> throw new UsageException("unknown argument of demo: " + arguments[i]);
            }
        }
        InetSocketAddress address = AddressText.parse(listen, DEFAULT_PORT);
        if (address == null) {
            throw new UsageException("--listen takes ADDRESS:PORT, not " + listen);
        }
        return new DemoOptions(address, seconds, load, quiet);
    }

    private static String needed(@Nullable String value, String flag, String what) throws UsageException {
        if (value == null) {
            throw new UsageException(flag + " needs a value: " + what);
        }
        return value;
    }

    private static int positive(String text) throws UsageException {
        try {
            int seconds = Integer.parseInt(text);
            if (seconds > 0) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // Reported below, with what is wanted.
        }
        throw new UsageException("--for takes a number of seconds, not " + text);
    }
}
