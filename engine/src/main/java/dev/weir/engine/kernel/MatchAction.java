package dev.weir.engine.kernel;

import org.jspecify.annotations.Nullable;

/** What the kernel does with a packet that an entry of a filter matches. Numbers are those of the pinned maps. */
public enum MatchAction {
    /** Lets it through, whatever less specific entries say. */
    PASS(0, "Pass"),
    /** Drops it. */
    DROP(1, "Drop"),
    /** Answers a UDP query with TC=1, so that an honest client asks again over TCP; TCP passes. Needs an external filter. */
    TRUNCATE(2, "Truncate"),
    /** Answers REFUSED. Our own: programs made for dnsdist don't know it. Needs an external filter. */
    REFUSED(128, "Refused"),
    /** Answers NXDOMAIN. Our own, as {@link #REFUSED}. */
    NXDOMAIN(129, "NXDomain");

    private final int number;
    private final String text;

    MatchAction(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** The action's number in the maps. */
    public int number() {
        return number;
    }

    /** Returns the action of that number, null for a number nobody has given a meaning. */
    public static @Nullable MatchAction ofNumber(int number) {
        for (MatchAction action : values()) {
            if (action.number == number) {
                return action;
            }
        }
        return null;
    }

    /** The action's name as people write it. */
    @Override
    public String toString() {
        return text;
    }
}
