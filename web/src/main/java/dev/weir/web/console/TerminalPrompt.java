package dev.weir.web.console;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.jline.reader.Candidate;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultHighlighter;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp;
import org.jspecify.annotations.Nullable;

/** Line editing on the terminal: the only class that loads JLine, so that {@code -e} and pipes start without it. */
public final class TerminalPrompt implements AutoCloseable {
    private final Terminal terminal;
    private final LineReader reader;
    private final boolean coloured;

    private TerminalPrompt(Terminal terminal, LineReader reader) {
        this.coloured = isColoured(terminal);
        this.terminal = terminal;
        this.reader = reader;
    }

    /**
     * Takes the process's terminal.
     *
     * @param history the file that lines are kept in; null to forget them
     * @param completion asked at each TAB
     * @param unfinished whether what was typed needs further lines, which are then asked for and edited, kept and dropped together with it
     */
    public static TerminalPrompt open(@Nullable Path history, LineCompletion completion, Predicate<String> unfinished)
            throws IOException {
        Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build();
        DefaultParser parser = new StatementParser(unfinished);
        parser.setEscapeChars(new char[0]); // a backslash in a Lua string is the operator's own
        parser.setQuoteChars(new char[0]);
        parser.setRegexCommand(null);
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .appName("weir")
                .terminal(terminal)
                .parser(parser)
                .highlighter(isColoured(terminal) ? new LuaColours() : new DefaultHighlighter())
                .completer((reader, line, candidates) -> complete(line, completion, candidates))
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, ">> ")
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // "!" is not a history reference in Lua
                .option(LineReader.Option.HISTORY_IGNORE_DUPS, true)
                .option(LineReader.Option.HISTORY_TIMESTAMPED, false); // plain lines, as dnsdist writes them
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        return new TerminalPrompt(terminal, builder.build());
    }

    /** Whether the terminal has colours and the operator wants them: https://no-color.org. */
    private static boolean isColoured(Terminal terminal) {
        String unwanted = System.getenv("NO_COLOR");
        Integer colours = terminal.getNumericCapability(InfoCmp.Capability.max_colors);
        return (unwanted == null || unwanted.isEmpty()) && colours != null && colours >= 8;
    }

    /** What a command has answered, as it is to be seen here. */
    String shown(String answer) {
        return coloured ? AnswerColours.paint(answer) : answer;
    }

    /** Takes Enter for a new line where a statement is not finished, and for its end elsewhere. */
    private static final class StatementParser extends DefaultParser {
        private final Predicate<String> unfinished;

        StatementParser(Predicate<String> unfinished) {
            this.unfinished = unfinished;
        }

        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            if (context == ParseContext.ACCEPT_LINE && unfinished.test(line)) {
                throw new EOFError(-1, cursor, "unfinished");
            }
            return super.parse(line, cursor, context);
        }
    }

    /** The next statement, of one line or more; null at the end of input (Ctrl-D). Ctrl-C drops what was typed so far. */
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

    private static void complete(ParsedLine line, LineCompletion completion, List<Candidate> candidates) {
        String typed = line.line().substring(0, line.cursor());
        String word = line.word().substring(0, line.wordCursor());
        String before = word.substring(0, identifierStart(word));
        for (String name : completion.after(typed)) {
            // Not "complete": no blank is to follow, the argument list is. What is shown of a list are the names alone.
            candidates.add(new Candidate(before + name, name, null, null, null, null, false));
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
