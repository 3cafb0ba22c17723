package dev.weir.engine.log;

/** The form of a log line. */
public enum LogFormat {
    /** {@code msg="…" subsystem="…" level="0" prio="Info" ts="…" key="value"}: dnsdist's default since 2.1. */
    STRUCTURED,
    /** The same fields as one JSON object a line, all values strings. */
    JSON,
    /** A sentence, for people. */
    PLAIN
}
