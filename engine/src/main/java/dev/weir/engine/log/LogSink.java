package dev.weir.engine.log;

/** Where finished log lines go. Called under the logger's lock, one line at a time. */
@FunctionalInterface
public interface LogSink {
    /**
     * Takes one line.
     *
     * @param level the line's level, for sinks that carry it beside the text (syslog)
     * @param line UTF-8, ends with a newline and contains no other, except that each field of the journal's has its own; the sink owns it
     */
    void write(Level level, byte[] line);

    /** Waits until what was written has arrived where it goes, so long at the most; for sinks that write later than they are asked to. */
    default void flush(long millis) {}
}
