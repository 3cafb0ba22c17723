package dev.weir.engine.log;

/** How the {@code ts} field of a structured line is written. */
public enum TimeFormat {
    /** Seconds since 1970 with milliseconds: {@code 1795356005.697}. */
    NUMERIC,
    /** Local time with its offset: {@code 2026-11-22T17:20:05+0100}. */
    ISO8601
}
