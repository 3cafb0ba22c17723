package dev.weir.ebpf.prog;

/** What the verifier is to write about a program that it accepts. */
public enum VerifierLogLevel {
    /** Nothing. */
    NONE(0),
    /** How much it walked, in a few lines. Since Linux 5.2. */
    STATISTICS(4),
    /** Each instruction on each way, with the registers' states, and the statistics: long. */
    TRACE(2 | 4);

    private final int number;

    VerifierLogLevel(int number) {
        this.number = number;
    }

    /** Returns {@code log_level} of bpf(2). */
    int number() {
        return number;
    }
}
