package dev.weir.script.host;

/** Why a configuration is loaded: what {@code inConfigCheck()} and {@code inClientStartup()} answer. */
public enum Purpose {
    RUN,
    /** {@code --check-config}. */
    CHECK,
    /** It is written down in another language: what it says when it runs, but nothing begins. */
    CONVERT,
    /** Only the console's address and key are wanted. */
    CLIENT
}
