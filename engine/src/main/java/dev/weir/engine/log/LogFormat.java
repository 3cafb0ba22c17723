package dev.weir.engine.log;

/** The form of a log line. */
public enum LogFormat {
    /** {@code msg="…" subsystem="…" level="0" prio="Info" ts="…" key="value"}: dnsdist's default since 2.1. */
    STRUCTURED,
    /** The same fields as one JSON object a line, all values strings. */
    JSON,
    /**
     * The fields of systemd's journal, sent to it and nowhere else; where there is none ({@link Log#journalSink}), as {@link #STRUCTURED}.
     *
     * @see <a href="https://systemd.io/JOURNAL_NATIVE_PROTOCOL/">Native Journal Protocol</a>
     */
    JOURNAL,
    /** A sentence, for people. */
    PLAIN
}
