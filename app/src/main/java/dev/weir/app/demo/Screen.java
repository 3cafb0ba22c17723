package dev.weir.app.demo;

import dev.weir.engine.log.Level;
import dev.weir.engine.log.LogSink;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where log lines, texts and a status line that is always the last come together. Any thread. */
public final class Screen implements LogSink {
    /** Back to the first column, and erase to the end of the line (ECMA-48 8.3.41). */
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final boolean quiet;
    private String status = "";
    private boolean ended;

    /**
     * @param terminal whether a line can be written over; otherwise each status is a line of its own
     * @param quiet whether to leave out the status and all log lines but warnings and errors
     */
    public Screen(PrintStream out, boolean terminal, boolean quiet) {
        this.out = out;
        this.terminal = terminal;
        this.quiet = quiet;
    }

    @Override
    public void write(Level level, byte[] line) {
        if (!quiet || level.compareTo(Level.WARNING) <= 0) {
            say(new String(line, StandardCharsets.UTF_8));
        }
    }

    /** Writes text that ends with a newline. */
    public synchronized void say(String text) {
        // One write, so that a redirected output that others share does not mix.
        out.print(terminal && !status.isEmpty() ? ERASE + text + status : text);
        out.flush();
    }

    /** Replaces the status line. */
    public synchronized void status(String line) {
        if (quiet || ended) {
            return;
        }
        if (terminal) {
            status = line;
            out.print(ERASE + line);
        } else {
            out.println(line);
        }
        out.flush();
    }

    /** Leaves the last status where it stands: what comes next starts on a new line, and is no status. */
    public synchronized void endStatus() {
        ended = true;
        if (!status.isEmpty()) {
            status = "";
            out.println();
            out.flush();
        }
    }
}
