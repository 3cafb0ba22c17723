package dev.weir.gate.table;

/**
 * What the guard counts, in the order of {@code enum counter}. {@link #SEEN} is the sum of the five that follow it; the others say why.
 */
public enum GuardCounter {
    SEEN("Frames that came by, of any kind."),
    PASSED("Frames handed to the kernel's network stack."),
    DROPPED("Packets dropped."),
    TRUNCATED("Queries answered with TC=1."),
    REFUSED("Queries answered with REFUSED."),
    NXDOMAIN("Queries answered with NXDOMAIN."),
    ALLOWED("Packets passed because an entry says so."),
    LIMITED("Packets over the rate of their prefix: dropped, or truncated by slip."),
    MALFORMED(
            "Packets whose question was wanted, but that are unlike a query or whose lengths contradict each other: entries of clients and rates hold for them, too."),
    UNANSWERABLE(
            "Packets that an entry would answer, but the program can't; dropped if the entry is their client's, else passed."),
    UNKNOWN_ACTION("Packets whose entry holds an action nobody has given a meaning; passed."),
    EVENTS_LOST("Events that the full ring had no room for."),
    SOURCES_LOST("Sources of a limit per source that were forgotten too early, as others wanted their place.");

    private final String meaning;

    GuardCounter(String meaning) {
        this.meaning = meaning;
    }

    /** One sentence for people. */
    public String meaning() {
        return meaning;
    }
}
