package dev.weir.app.xdp;

import org.jspecify.annotations.Nullable;

/** The options of {@code weir xdp}. */
enum Option {
    INTERFACE('i', "interface", "NAME", "a network interface; may be said more than once"),
    MODE("mode", "native|generic|auto", "in the driver, behind it, or what works (auto)"),
    PORT("port", "PORT,...", "destination ports of queries (53)"),
    MAX_ADDRESSES("max-addresses", "N[,N6]", "room for addresses: of IPv4, of IPv6; tables that have less grow (1024)"),
    MAX_RANGES("max-ranges", "N[,N6]", "room for ranges (1024)"),
    MAX_NAMES("max-names", "N", "room for names (1024)"),
    MAX_SUFFIXES("max-suffixes", "N", "room for suffixes (1024)"),
    MAX_LIMITS("max-limits", "N[,N6]", "room for rate limits (1024)"),
    MAX_ITEMS("max-items", "N", "room in all tables for which nothing else is said"),
    MAX_SOURCES("max-sources", "N", "room for sources of limits with --per, for each interface (65536)"),
    FRESH("fresh", null, "forget what the guard that is there was told when it was attached"),
    UNANSWERABLE(
            "unanswerable",
            "drop|pass",
            "what clients send that are to be answered, where no answer can be made (drop)"),
    ANY_IS_255("any-is-255", null, "type 255 in the tables means every type, as dnsdist before 2.0 writes it"),
    LOCAL("local", null, "judge only packets to this host's own addresses, as routers and bridges need it"),
    CHAIN("chain", null, "come before the program that is there, which gets what passes"),
    XSK("xsk", null, "redirect to AF_XDP sockets"),
    REPLACE("replace", null, "take a stranger's program off the interface"),
    ALL("all", null, "all interfaces that have a guard"),
    PURGE("purge", null, "remove the tables' pins, too"),
    EVERYTHING("everything", null, "yes, all addresses of a family, or all names"),
    SUFFIX("suffix", null, "the name and everything below it"),
    TYPE("type", "TYPE", "only this query type (any)"),
    ACTION("action", "ACTION", "drop, truncate, refused, nxdomain or pass (drop)"),
    FOR("for", "TIME", "ends by itself after a time such as 90s, 10m, 2h or 1d"),
    REASON("reason", "TEXT", "why, for those who read the list"),
    WHOEVER("whoever", null, "lift it whoever wants it, not only what commands like this one wanted"),
    BURST("burst", "N", "so many queries may come at once (as many as QPS)"),
    SLIP("slip", "N", "over the rate, one in N queries is answered with TC=1; 0 drops all (0)"),
    PER("per", "/BITS", "each network of so many bits has that rate to itself, such as --per /24"),
    SAMPLE("sample", "N", "one packet in N makes an event (1)"),
    COUNT('n', "count", "N", "how many"),
    INTERVAL("interval", "SECONDS", "time between two looks (1)"),
    ONCE("once", null, "look over one interval, print, end"),
    MAPS("maps", "DIR", "where everything is pinned (/sys/fs/bpf/dnsdist)"),
    JSON("json", null, "for programs: JSON, as docs/xdp.schema.json describes it"),
    HELP('h', "help", null, "this");

    final char letter;
    final String word;
    /** What its value is, null if it has none. */
    final @Nullable String value;

    final String meaning;

    Option(String word, @Nullable String value, String meaning) {
        this('\0', word, value, meaning);
    }

    Option(char letter, String word, @Nullable String value, String meaning) {
        this.letter = letter;
        this.word = word;
        this.value = value;
        this.meaning = meaning;
    }

    @Override
    public String toString() {
        return "--" + word;
    }
}
