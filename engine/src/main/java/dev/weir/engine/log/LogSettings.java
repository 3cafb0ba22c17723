package dev.weir.engine.log;

/**
 * How log lines look and which are written: one immutable value behind {@link Log#settings}.
 *
 * @param threshold the least important level that is written
 * @param format the form of a line
 * @param timeFormat the form of the {@code ts} field
 * @param timestampPrefix whether each line starts with the local time ({@code --log-timestamps})
 * @param instance the value of an {@code instance} field in each structured line, empty for none
 *     ({@code setInstanceFromServerID})
 */
public record LogSettings(
        Level threshold, LogFormat format, TimeFormat timeFormat, boolean timestampPrefix, String instance) {

    /** What a process starts with: structured lines up to info, numeric time. */
    public static final LogSettings DEFAULT =
            new LogSettings(Level.INFO, LogFormat.STRUCTURED, TimeFormat.NUMERIC, false, "");

    public LogSettings withThreshold(Level level) {
        return new LogSettings(level, format, timeFormat, timestampPrefix, instance);
    }

    public LogSettings withFormat(LogFormat newFormat) {
        return new LogSettings(threshold, newFormat, timeFormat, timestampPrefix, instance);
    }

    public LogSettings withTimeFormat(TimeFormat newTimeFormat) {
        return new LogSettings(threshold, format, newTimeFormat, timestampPrefix, instance);
    }

    public LogSettings withTimestampPrefix(boolean on) {
        return new LogSettings(threshold, format, timeFormat, on, instance);
    }

    public LogSettings withInstance(String name) {
        return new LogSettings(threshold, format, timeFormat, timestampPrefix, name);
    }
}
