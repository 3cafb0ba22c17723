package dev.weir.engine.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Composes one log line; the only place that knows the forms.
 *
 * <p>Reused for line after line by one thread at a time ({@link Log} holds the lock). Control characters in values are
 * escaped in every form: names and error texts come from the network and from scripts, and a line feed in one must not
 * forge a second line.
 */
final class LineComposer {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    /** Keys that mean something to the journal already (systemd.journal-fields(7)), as dnsdist's documentation lists them. */
    private static final Set<String> OF_JOURNAL = Set.of(
            "MESSAGE",
            "MESSAGE_ID",
            "PRIORITY",
            "CODE_FILE",
            "CODE_LINE",
            "CODE_FUNC",
            "ERRNO",
            "INVOCATION_ID",
            "USER_INVOCATION_ID",
            "SYSLOG_FACILITY",
            "SYSLOG_IDENTIFIER",
            "SYSLOG_PID",
            "SYSLOG_TIMESTAMP",
            "SYSLOG_RAW",
            "DOCUMENTATION",
            "TID",
            "UNIT",
            "USER_UNIT",
            "OBJECT_PID");

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder line = new StringBuilder(256);
    private final Supplier<ZoneId> zone;

    /** @param zone asked only for lines that show local time: to find it out takes long at start */
    LineComposer(Supplier<ZoneId> zone) {
        this.zone = zone;
    }

    /**
     * Composes a line, newline included; for the journal a line for each field.
     *
     * @param plain the sentence of the plain form, or null to derive it from the text and the pairs
     * @param pairs keys and values in turn
     */
    String compose(
            LogSettings settings,
            Level level,
            String subsystem,
            String text,
            @Nullable String plain,
            long nowMs,
            @Nullable Object[] pairs) {
        if (pairs.length % 2 != 0) {
            throw new IllegalArgumentException("a key without a value in the log line \"" + text + '"');
        }
        line.setLength(0);
        if (settings.format() == LogFormat.JOURNAL) {
            journal(settings, level, subsystem, text, nowMs, pairs);
            return line.toString();
        }
        if (settings.timestampPrefix()) {
            prefix(nowMs);
        }
        switch (settings.format()) {
            case STRUCTURED -> structured(settings, level, subsystem, text, nowMs, pairs);
            case JSON -> json(settings, level, subsystem, text, nowMs, pairs);
            case PLAIN -> plain(text, plain, pairs);
            case JOURNAL -> throw new AssertionError("composed above");
        }
        return line.append('\n').toString();
    }

    private void structured(
            LogSettings settings, Level level, String subsystem, String text, long nowMs, @Nullable Object[] pairs) {
        line.append("msg=");
        quoted(text);
        line.append(" subsystem=");
        quoted(subsystem);
        // dnsdist writes a detail level that nothing uses: always 0.
        line.append(" level=\"0\" prio=\"").append(level.word).append("\" ts=\"");
        timestamp(settings.timeFormat(), nowMs);
        line.append('"');
        if (!settings.instance().isEmpty()) {
            line.append(" instance=");
            quoted(settings.instance());
        }
        for (int i = 0; i < pairs.length; i += 2) {
            line.append(' ').append(pairs[i]).append('=');
            quoted(words(pairs[i + 1]));
        }
    }

    private void json(
            LogSettings settings, Level level, String subsystem, String text, long nowMs, @Nullable Object[] pairs) {
        // dnsdist's objects have their keys in order, and line-based tools have come to rely on that.
        TreeMap<String, String> fields = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put(String.valueOf(pairs[i]), words(pairs[i + 1]));
        }
        fields.put("msg", text);
        fields.put("subsystem", subsystem);
        fields.put("level", "0");
        fields.put("prio", level.word);
        fields.put("priority", Integer.toString(level.severity));
        fields.put("ts", "");
        if (!settings.instance().isEmpty()) {
            fields.put("instance", settings.instance());
        }
        String before = "{";
        for (Map.Entry<String, String> field : fields.entrySet()) {
            line.append(before);
            quoted(field.getKey());
            line.append(": \"");
            if (field.getKey().equals("ts")) {
                timestamp(settings.timeFormat(), nowMs);
            } else {
                escaped(field.getValue(), true);
            }
            line.append('"');
            before = ", ";
        }
        line.append('}');
    }

    private void journal(
            LogSettings settings, Level level, String subsystem, String text, long nowMs, @Nullable Object[] pairs) {
        field("MESSAGE", text);
        field("PRIORITY", Integer.toString(level.severity));
        field("SYSLOG_IDENTIFIER", "weir");
        field("SUBSYSTEM", subsystem);
        field("LEVEL", "0");
        line.append("TIMESTAMP=");
        timestamp(settings.timeFormat(), nowMs);
        line.append('\n');
        if (!settings.instance().isEmpty()) {
            field("INSTANCE", settings.instance());
        }
        for (int i = 0; i < pairs.length; i += 2) {
            String key = String.valueOf(pairs[i]).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
            field(OF_JOURNAL.contains(key) ? "PDNS_" + key : key, words(pairs[i + 1]));
        }
    }

    /** A value without line feeds stands behind its name as it is. */
    private void field(String name, String value) {
        line.append(name).append('=');
        escaped(value, false);
        line.append('\n');
    }

    private void plain(String text, @Nullable String plain, @Nullable Object[] pairs) {
        if (plain != null) {
            filled(plain, pairs);
            return;
        }
        escaped(text, false);
        for (int i = 0; i < pairs.length; i += 2) {
            line.append(i == 0 ? " (" : ", ").append(pairs[i]).append('=');
            escaped(words(pairs[i + 1]), false);
        }
        if (pairs.length > 0) {
            line.append(')');
        }
    }

    /** A failure without a message says what its class is called: "closed channel" of a ClosedChannelException. */
    private static String words(@Nullable Object value) {
        if (!(value instanceof Throwable failure)) {
            return String.valueOf(value);
        }
        String message = failure.getMessage();
        if (message != null && !message.isBlank()) {
            return message;
        }
        String name = failure.getClass().getSimpleName().replaceFirst("(Exception|Error)$", "");
        return name.isEmpty()
                ? failure.getClass().getSimpleName()
                : name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    /** Appends a template with each <code>{key}</code> replaced by its value; an unknown key stays as it is. */
    private void filled(String template, @Nullable Object[] pairs) {
        int from = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
            int close = template.indexOf('}', open);
            if (close < 0) {
                break;
            }
            line.append(template, from, open);
            String key = template.substring(open + 1, close);
            int at = indexOf(key, pairs);
            if (at < 0) {
                line.append(template, open, close + 1);
            } else {
                escaped(words(pairs[at + 1]), false);
            }
            from = close + 1;
        }
        line.append(template, from, template.length());
    }

    private static int indexOf(String key, @Nullable Object[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (key.equals(pairs[i])) {
                return i;
            }
        }
        return -1;
    }

    private void quoted(String value) {
        line.append('"');
        escaped(value, true);
        line.append('"');
    }

    /** The escapes are JSON's (RFC 8259, section 7), which the default form shares for quotes and backslashes. */
    private void escaped(String value, boolean quotes) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quotes && (c == '"' || c == '\\')) {
                line.append('\\').append(c);
            } else if (c >= ' ' && c != 0x7f) {
                line.append(c);
            } else if (c == '\n') {
                line.append("\\n");
            } else if (c == '\t') {
                line.append("\\t");
            } else if (c == '\r') {
                line.append("\\r");
            } else {
                line.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xf]);
            }
        }
    }

    private void timestamp(TimeFormat format, long nowMs) {
        if (format == TimeFormat.NUMERIC) {
            line.append(nowMs / 1000).append('.');
            long ms = nowMs % 1000;
            line.append((char) ('0' + ms / 100));
            twoDigits((int) (ms % 100));
            return;
        }
        ZonedDateTime time = Instant.ofEpochMilli(nowMs).atZone(zone.get());
        line.append(time.getYear()).append('-');
        twoDigits(time.getMonthValue()).append('-');
        twoDigits(time.getDayOfMonth()).append('T');
        clock(time);
        int offsetMinutes = time.getOffset().getTotalSeconds() / 60;
        line.append(offsetMinutes < 0 ? '-' : '+');
        twoDigits(Math.abs(offsetMinutes) / 60);
        twoDigits(Math.abs(offsetMinutes) % 60);
    }

    private void prefix(long nowMs) {
        ZonedDateTime time = Instant.ofEpochMilli(nowMs).atZone(zone.get());
        line.append(MONTHS[time.getMonthValue() - 1]).append(' ');
        twoDigits(time.getDayOfMonth()).append(' ');
        clock(time);
        line.append(' ');
    }

    private void clock(ZonedDateTime time) {
        twoDigits(time.getHour()).append(':');
        twoDigits(time.getMinute()).append(':');
        twoDigits(time.getSecond());
    }

    private StringBuilder twoDigits(int value) {
        return line.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }
}
