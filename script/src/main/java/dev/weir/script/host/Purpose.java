package dev.weir.script.host;

/** Why a configuration is loaded: what {@code inConfigCheck()} and {@code inClientStartup()} answer. */
public enum Purpose {
    RUN,
    /** {@code --check-config}. */
    CHECK,
    /** Only the console's address and key are wanted. */
    CLIENT
}
