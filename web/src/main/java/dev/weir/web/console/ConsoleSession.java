package dev.weir.web.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A conversation at the {@code "> "} prompt: lines from a terminal or from a pipe, answers to standard output.
 *
 * <p>The client ({@code -c}) holds it with a server, the foreground console with its own process; the difference is the
 * {@link Executor}. Ends at {@code quit} or at the end of input.
 */
public final class ConsoleSession {
    /** Runs a line and returns its answer. */
    @FunctionalInterface
    public interface Executor {
        /** @throws EOFException if the other side ended the conversation */
        String execute(String line) throws IOException;
    }

    private final Executor executor;
    private final PrintStream out;

    /** A session that prints to {@code out}. */
    public ConsoleSession(Executor executor, PrintStream out) {
        this.executor = executor;
        this.out = out;
    }

    /**
     * Reads lines from a pipe or a file, without prompt.
     *
     * @throws EOFException if the other side ended the conversation
     */
    public void readFrom(InputStream in) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
        String line = reader.readLine();
        while (line != null && handle(line, UnaryOperator.identity())) {
            line = reader.readLine();
        }
    }

    /**
     * Talks with a person at the terminal, with line editing, history and completion.
     *
     * @param history the file that keeps what was typed, one statement a line; null keeps none
     * @param completions asked at each TAB
     * @param unfinished whether what was typed needs further lines before it can run
     * @throws EOFException if the other side ended the conversation
     */
    public void talk(@Nullable Path history, LineCompletion completions, Predicate<String> unfinished)
            throws IOException {
        try (TerminalPrompt prompt = TerminalPrompt.open(history, completions, unfinished)) {
            String line = prompt.next();
            while (line != null && handle(line, prompt::shown)) {
                line = prompt.next();
            }
        }
    }

    /** Runs one line; false ends the session. */
    private boolean handle(String typed, UnaryOperator<String> shown) throws IOException {
        String line = typed.strip();
        if (line.equals("quit")) {
            return false;
        }
        if (line.isEmpty()) {
            return true;
        }
        String answer = executor.execute(line.equals("help") || line.equals("?") ? "help()" : line);
        print(out, shown.apply(answer));
        if (!answer.isEmpty() && !answer.endsWith("\n")) {
            out.write('\n');
        }
        out.flush();
        return true;
    }

    /** Prints an answer as it is, in UTF-8 whatever the locale says. */
    public static void print(PrintStream out, String answer) {
        byte[] bytes = answer.getBytes(UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }
}
