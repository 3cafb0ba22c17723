package dev.weir.web.console;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Line editing on the terminal: the only class that loads JLine, so that {@code -e} and pipes start without it. */
public final class TerminalPrompt implements AutoCloseable {
    private final Terminal terminal;
    private final LineReader reader;

    private TerminalPrompt(Terminal terminal, LineReader reader) {
        this.terminal = terminal;
        this.reader = reader;
    }

    /**
     * Takes the process's terminal.
     *
     * @param history the file that lines are kept in; null to forget them
     * @param completions the names that Tab completes
     */
    public static TerminalPrompt open(@Nullable Path history, Supplier<Collection<String>> completions)
            throws IOException {
        Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build();
        DefaultParser parser = new DefaultParser();
        parser.setEscapeChars(new char[0]); // a backslash in a Lua string is the operator's own
        parser.setQuoteChars(new char[0]);
        parser.setRegexCommand(null);
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .appName("weir")
                .terminal(terminal)
                .parser(parser)
                .completer((reader, line, candidates) -> complete(line, completions.get(), candidates))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // "!" is not a history reference in Lua
                .option(LineReader.Option.HISTORY_IGNORE_DUPS, true)
                .option(LineReader.Option.HISTORY_TIMESTAMPED, false); // plain lines, as dnsdist writes them
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        return new TerminalPrompt(terminal, builder.build());
    }

    /** The next line; null at the end of input (Ctrl-D). Ctrl-C drops what was typed so far. */
    @Nullable String next() {
        return next("> ");
    }

    /**
     * The same.
     *
     * @param prompt what stands before it
     */
    public @Nullable String next(String prompt) {
        while (true) {
            try {
                return reader.readLine(prompt);
            } catch (EndOfFileException e) {
                return null;
            } catch (UserInterruptException e) {
                if (e.getPartialLine().isEmpty()) {
                    return null;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }

    private static void complete(ParsedLine line, Collection<String> names, List<Candidate> candidates) {
        String word = line.word().substring(0, line.wordCursor());
        int start = identifierStart(word);
        String typed = word.substring(start);
        String before = word.substring(0, start);
        for (String name : names) {
            if (name.startsWith(typed)) {
                // Not "complete": no blank is to follow, the argument list is.
                candidates.add(new Candidate(before + name, name, null, null, null, null, false));
            }
        }
    }

    /** Where the identifier that ends the word begins: {@code addAction(QName} completes {@code QName}. */
    private static int identifierStart(String word) {
        int start = word.length();
        while (start > 0 && (Character.isLetterOrDigit(word.charAt(start - 1)) || word.charAt(start - 1) == '_')) {
            start--;
        }
        return start;
    }
}
