package dev.weir.engine.log;

/** How much a log line matters, in the numbers of syslog (RFC 5424, section 6.2.1) and the words of structured lines. */
public enum Level {
    /** Something that was asked for does not happen. */
    ERROR(3, "Error"),
    /** Something looks wrong, and Weir goes on. */
    WARNING(4, "Warning"),
    /** Rare and normal, and worth seeing in any log. */
    NOTICE(5, "Notice"),
    /** What Weir does at start and when its state changes. */
    INFO(6, "Info"),
    /** Only with {@code --verbose} or {@code setVerbose(true)}. */
    DEBUG(7, "Debug");

    /** The severity of RFC 5424: smaller is worse. */
    public final int severity;

    /** The word of the {@code prio} field. */
    public final String word;

    Level(int severity, String word) {
        this.severity = severity;
        this.word = word;
    }
}
