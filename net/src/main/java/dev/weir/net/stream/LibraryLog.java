package dev.weir.net.stream;

import dev.weir.engine.log.Log;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Takes what libraries say through {@code java.util.logging} into our log; its own handler would write two lines to standard error. */
final class LibraryLog extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    private LibraryLog() {}

    /** Takes the place of all handlers there are; once is enough. */
    static void install() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler instanceof LibraryLog) {
                return;
            }
        }
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new LibraryLog());
    }

    @Override
    public void publish(LogRecord line) {
        if (!isLoggable(line)) {
            return;
        }
        String message = formatter.formatMessage(line);
        if (line.getLevel().intValue() >= Level.SEVERE.intValue()) {
            Log.error(
                    "A library reports",
                    "net",
                    "message",
                    message,
                    "logger",
                    line.getLoggerName(),
                    "error",
                    error(line));
        } else {
            Log.warning(
                    "A library reports",
                    "net",
                    "message",
                    message,
                    "logger",
                    line.getLoggerName(),
                    "error",
                    error(line));
        }
    }

    private static Object error(LogRecord line) {
        return line.getThrown() == null ? "" : line.getThrown();
    }

    @Override
    public void flush() {
        // Each line is written at once.
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
