package dev.weir.lua.pattern;

/** Finds octets among others, without patterns. */
public final class OctetSearch {
    private OctetSearch() {}

    /** Where {@code wanted} first stands in {@code subject} from {@code start} on, or -1. */
    public static int indexOf(byte[] subject, byte[] wanted, int start, StepCounter counter) {
        if (wanted.length == 0) {
            return start;
        }
        byte first = wanted[0];
        int last = subject.length - wanted.length;
        int steps = 0;
        for (int at = start; at <= last; at++) {
            if (subject[at] == first) {
                int same = 1;
                while (same < wanted.length && subject[at + same] == wanted[same]) {
                    same++;
                }
                if (same == wanted.length) {
                    return at;
                }
                steps += same;
                if (steps > 1000) {
                    counter.spend(steps);
                    steps = 0;
                }
            }
        }
        return -1;
    }
}
