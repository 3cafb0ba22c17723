package dev.weir.app;

import dev.weir.web.console.ConsoleClient;
import dev.weir.web.console.TerminalScreen;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code weir top}: what a running Weir, or dnsdist, does now, drawn again and again from what its console says. Where the output is no
 * terminal, one page after the other.
 */
final class TopTool {
    private static final String HELP = """
            Usage: weir top [-C FILE] [-k KEY] [--interval SECONDS] [--once] [ADDRESS[:PORT]]
            Shows what a running Weir (or dnsdist) does, over its console. Key and address are those of the configuration,
            unless they are given.

              -C FILE                 the configuration of the running instance
              -k, --setkey KEY        its console's key
              --interval SECONDS      from one look to the next; 2
              --once                  one page with the rates of one interval, and end
              -h, --help              print this text

            q ends it.
            """;

    private static final double LEAST_SECONDS = 0.2;
    private static final double MOST_SECONDS = 3600;

    private final Client console;
    private final PrintStream out;
    private long intervalNanos = TimeUnit.SECONDS.toNanos(2);
    private boolean once;

    TopTool(Client console, PrintStream out) {
        this.console = console;
        this.out = out;
    }

    /** Runs until it is told to end; returns the exit status. */
    int run(List<String> arguments) throws UsageException {
        List<String> others = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "-h", "--help" -> {
                    out.print(HELP);
                    return 0;
                }
                case "--once" -> once = true;
                case "--interval" -> intervalNanos = nanos(++i < arguments.size() ? arguments.get(i) : null);
                default -> others.add(arguments.get(i));
            }
        }
        return console.converse(others, (client, name, completions) -> show(client, name));
    }

    private static long nanos(@Nullable String text) throws UsageException {
        try {
            double seconds = text == null ? -1 : Double.parseDouble(text);
            if (seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS) {
                return (long) (seconds * 1e9);
            }
        } catch (NumberFormatException e) {
            // The same words serve both.
        }
        throw new UsageException("--interval takes a number of seconds from " + LEAST_SECONDS + " on");
    }

    private void show(ConsoleClient client, String name) throws IOException {
        Function<String, String> ask = line -> {
            try {
                return client.execute(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        TopPage page = new TopPage(name);
        try {
            if (once || !Daemon.terminal()) {
                print(page, ask);
            } else {
                draw(page, ask);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void print(TopPage page, Function<String, String> ask) {
        // Rates need a look before the first.
        var _ = page.next(ask, System.nanoTime());
        do {
            pause();
            out.println(page.next(ask, System.nanoTime()));
        } while (!once && !out.checkError());
    }

    private void pause() {
        long end = System.nanoTime() + intervalNanos;
        for (long left = intervalNanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void draw(TopPage page, Function<String, String> ask) throws IOException {
        try (TerminalScreen screen = TerminalScreen.open()) {
            long next = System.nanoTime();
            int key = 0;
            while (key != 'q' && key != 'Q' && key != -1) {
                screen.draw(page.next(ask, System.nanoTime()));
                next += intervalNanos;
                do {
                    key = screen.key(TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime()));
                } while (key != 'q' && key != 'Q' && key != -1 && next - System.nanoTime() > 0);
            }
        }
    }
}
