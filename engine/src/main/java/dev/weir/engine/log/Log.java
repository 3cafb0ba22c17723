package dev.weir.engine.log;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The log of this process: {@code Log.info("Listening on Do53 frontend", "setup", "frontend.address", address)}.
 *
 * <p>A call names what happened, the subsystem that speaks, and then keys and values in turn. The text is fixed, whatever
 * varies is a value, so that text and subsystem together identify the line; keys are those of dnsdist's structured-logging
 * dictionary where it has one ({@code error}, {@code backend.address}, {@code path}, …).
 *
 * <p>Any thread may log. One line is one write to standard output, and to each further sink; a daemon {@link #queueLines queues} lines, so
 * that nobody waits for who reads them. {@link #debug} does nothing but
 * one comparison while verbose logging is off, and allocates nothing: it has no variable-arity form for that reason. The
 * other levels are for the control plane; on the path of a query put a {@link LogLimit} in front of them.
 */
public final class Log {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Object[] NO_PAIRS = {};

    private static volatile LogSettings settings = LogSettings.DEFAULT;
    private static volatile int severity = LogSettings.DEFAULT.threshold().severity;

    // All below: only under LOCK.
    private static LogSink sink = new StdoutSink();
    private static @Nullable LogSink secondSink;
    private static @Nullable LogSink verboseSink;
    private static @Nullable LogSink journalSink;
    private static @Nullable LineComposer composer;

    private Log() {}

    /** How lines look now. */
    public static LogSettings settings() {
        return settings;
    }

    /** Changes how lines look, from the next line on. */
    public static void settings(LogSettings newSettings) {
        settings = newSettings;
        severity = newSettings.threshold().severity;
    }

    /** Whether {@link #debug} writes: {@code --verbose} or {@code setVerbose(true)}. */
    public static boolean verbose() {
        return severity >= Level.DEBUG.severity;
    }

    /** Switches {@link #debug} on or off. */
    public static void verbose(boolean on) {
        settings(settings.withThreshold(on ? Level.DEBUG : Level.INFO));
    }

    /**
     * Sends lines elsewhere than to standard output.
     *
     * @return the sink in use until now, for a test to put back
     */
    public static LogSink sink(LogSink newSink) {
        LOCK.lock();
        try {
            LogSink old = sink;
            sink = newSink;
            return old;
        } finally {
            LOCK.unlock();
        }
    }

    /** Sends each line to one more place as well (syslog); null for none. */
    public static void secondSink(@Nullable LogSink newSink) {
        LOCK.lock();
        try {
            secondSink = newSink;
        } finally {
            LOCK.unlock();
        }
    }

    /** Sends lines of the level debug elsewhere, and nowhere else; null: where the others go. */
    public static void verboseSink(@Nullable LogSink newSink) {
        LOCK.lock();
        try {
            verboseSink = newSink;
        } finally {
            LOCK.unlock();
        }
    }

    /** Where lines of {@link LogFormat#JOURNAL} go, and nowhere else; null: there is no journal, and they are written as structured ones. */
    public static void journalSink(@Nullable LogSink newSink) {
        LOCK.lock();
        try {
            journalSink = newSink;
        } finally {
            LOCK.unlock();
        }
    }

    /** From now on lines are written by a thread of their own. What ends the process calls {@link #flush}. */
    public static void queueLines() {
        LOCK.lock();
        try {
            sink = new QueuedSink("log", sink);
        } finally {
            LOCK.unlock();
        }
    }

    /** Writes text as it is to where lines go, but not to the second sink: what a script prints. */
    public static void print(byte[] text) {
        LOCK.lock();
        try {
            sink.write(Level.INFO, text);
        } finally {
            LOCK.unlock();
        }
    }

    /** Waits until all lines are out, at most so long, and shorter where nobody reads them. */
    public static void flush(long millis) {
        LogSink first;
        LogSink second;
        LogSink verbose;
        LogSink journal;
        try {
            // Without a queue somebody may hold the lock and wait for the reader.
            if (!LOCK.tryLock(millis, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            first = sink;
            second = secondSink;
            verbose = verboseSink;
            journal = journalSink;
        } finally {
            LOCK.unlock();
        }
        first.flush(millis);
        if (journal != null) {
            journal.flush(millis);
        }
        if (second != null) {
            second.flush(millis);
        }
        if (verbose != null) {
            verbose.flush(millis);
        }
    }

    public static void error(String text, String subsystem, @Nullable Object... pairs) {
        write(Level.ERROR, subsystem, text, null, pairs);
    }

    public static void error(Message message, @Nullable Object... pairs) {
        write(Level.ERROR, message.subsystem(), message.text(), message.plain(), pairs);
    }

    public static void warning(String text, String subsystem, @Nullable Object... pairs) {
        write(Level.WARNING, subsystem, text, null, pairs);
    }

    public static void warning(Message message, @Nullable Object... pairs) {
        write(Level.WARNING, message.subsystem(), message.text(), message.plain(), pairs);
    }

    public static void notice(String text, String subsystem, @Nullable Object... pairs) {
        write(Level.NOTICE, subsystem, text, null, pairs);
    }

    public static void notice(Message message, @Nullable Object... pairs) {
        write(Level.NOTICE, message.subsystem(), message.text(), message.plain(), pairs);
    }

    public static void info(String text, String subsystem, @Nullable Object... pairs) {
        write(Level.INFO, subsystem, text, null, pairs);
    }

    public static void info(Message message, @Nullable Object... pairs) {
        write(Level.INFO, message.subsystem(), message.text(), message.plain(), pairs);
    }

    public static void debug(String text, String subsystem) {
        if (verbose()) {
            write(Level.DEBUG, subsystem, text, null, NO_PAIRS);
        }
    }

    public static void debug(String text, String subsystem, String key, @Nullable Object value) {
        if (verbose()) {
            write(Level.DEBUG, subsystem, text, null, key, value);
        }
    }

    public static void debug(
            String text, String subsystem, String key1, @Nullable Object value1, String key2, @Nullable Object value2) {
        if (verbose()) {
            write(Level.DEBUG, subsystem, text, null, key1, value1, key2, value2);
        }
    }

    public static void debug(
            String text,
            String subsystem,
            String key1,
            @Nullable Object value1,
            String key2,
            @Nullable Object value2,
            String key3,
            @Nullable Object value3) {
        if (verbose()) {
            write(Level.DEBUG, subsystem, text, null, key1, value1, key2, value2, key3, value3);
        }
    }

    private static void write(
            Level level, String subsystem, String text, @Nullable String plain, @Nullable Object... pairs) {
        if (level.severity > severity) {
            return;
        }
        long nowMs = System.currentTimeMillis();
        LOCK.lock();
        try {
            LineComposer lines = composer;
            if (lines == null) {
                lines = composer = new LineComposer(ZoneId::systemDefault);
            }
            LogSettings form = settings;
            LogSink alone = level == Level.DEBUG ? verboseSink : null;
            if (form.format() == LogFormat.JOURNAL) {
                if (alone != null || journalSink == null) {
                    form = form.withFormat(LogFormat.STRUCTURED);
                } else {
                    alone = journalSink;
                }
            }
            byte[] line = lines.compose(form, level, subsystem, text, plain, nowMs, pairs)
                    .getBytes(StandardCharsets.UTF_8);
            if (alone != null) {
                alone.write(level, line);
                return;
            }
            sink.write(level, line);
            LogSink second = secondSink;
            if (second != null) {
                second.write(level, line);
            }
        } finally {
            LOCK.unlock();
        }
    }
}
