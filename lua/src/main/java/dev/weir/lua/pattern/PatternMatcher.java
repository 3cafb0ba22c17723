package dev.weir.lua.pattern;

import java.util.Arrays;

/**
 * Matches one pattern against one subject by backtracking over the pattern's text, as the manual's section 5.4.1 describes patterns.
 *
 * <p>Nothing is prepared: a fault in a pattern shows only when the match gets to it, as in the reference implementation. A pattern ends
 * at its first zero octet. Matching calls itself for each capture, each {@code ?} and each try to go on after a repetition; beyond
 * {@value #MAX_DEPTH} calls the pattern is too complex. Time can be exponential, so each step is told to a {@link StepCounter}.
 *
 * <p>Captures are numbered from 0. One thread uses a matcher.
 */
public final class PatternMatcher {
    private static final int MAX_CAPTURES = 32;
    private static final int USUAL_CAPTURES = 4;
    private static final int MAX_DEPTH = 200;
    private static final int STEPS_AT_ONCE = 1000;

    /** What {@link #captureLength} says of a capture that stands for a position: {@code ()}. */
    public static final int POSITION = -2;

    @SuppressWarnings("OrphanedFormatString")
    private static final String MISSING_SET = "missing '[' after '%f' in pattern";

    private static final int UNFINISHED = -1;
    private static final int NO_MATCH = -1;
    private static final int NONE_REQUIRED = -1;

    private final byte[] subject;
    private final byte[] pattern;
    private final StepCounter counter;

    private int[] starts = new int[USUAL_CAPTURES];
    private int[] lengths = new int[USUAL_CAPTURES];
    private int end;
    private int captures;
    private int depth;
    private int steps;

    public PatternMatcher(byte[] subject, byte[] pattern, StepCounter counter) {
        this.subject = subject;
        this.pattern = pattern;
        this.counter = counter;
    }

    /** Whether matching these octets is more than a search for the octets themselves. */
    public static boolean isPattern(byte[] octets) {
        for (byte octet : octets) {
            switch (octet) {
                case '^', '$', '*', '+', '?', '.', '(', '[', '%', '-' -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    /**
     * Matches the pattern from its octet {@code patternStart} at the subject's octet {@code start}, and nowhere else.
     *
     * @return where the match ends, or -1
     * @throws PatternFault where the pattern is malformed or too complex
     */
    public int match(int start, int patternStart) {
        captures = 0;
        depth = 0;
        int end = matchFrom(start, patternStart);
        if (steps > STEPS_AT_ONCE) {
            spend();
        }
        return end;
    }

    /**
     * Looks for the first match at or behind an octet of the subject. Where a pattern can only match at one sort of octet, all others are
     * passed over without trying.
     *
     * @return where the match starts, or -1; {@link #end} says where it ends
     * @throws PatternFault where the pattern is malformed or too complex
     */
    public int search(int from, int patternStart) {
        int first = firstItem(patternStart);
        boolean selective = isSelective(first);
        for (int at = from; at <= subject.length; at++) {
            if (selective) {
                int start = at;
                at = firstPossible(at, first);
                steps += at - start;
                if (at == subject.length) {
                    return NO_MATCH;
                }
            }
            end = match(at, patternStart);
            if (end != NO_MATCH) {
                return at;
            }
        }
        return NO_MATCH;
    }

    /** The next octet that an item, an octet itself or a class, matches; the end of the subject if none does. */
    private int firstPossible(int from, int p) {
        int octet = octetAt(p);
        if (octet == '%') {
            return OctetClass.skip(subject, from, octetAt(p + 1), false);
        }
        byte wanted = (byte) octet;
        int at = from;
        while (at < subject.length && subject[at] != wanted) {
            at++;
        }
        return at;
    }

    /** Where the last match that was looked for ends. */
    public int end() {
        return end;
    }

    /** Where the first item stands, behind the beginnings of captures. */
    private int firstItem(int patternStart) {
        int p = patternStart;
        while (p - patternStart < MAX_CAPTURES && octetAt(p) == '(' && octetAt(p + 1) != ')') {
            p++;
        }
        return p;
    }

    /** Whether this item, the first of the pattern, is an octet or a class that must be there. */
    private boolean isSelective(int item) {
        int octet = octetAt(item);
        int next = octetAt(item + 1);
        boolean single = octet != 0 && octet != '(' && octet != ')' && octet != '$' && octet != '.' && octet != '[';
        if (!single || octet == '%' && (next == 0 || next == 'b' || next == 'f' || OctetClass.isDigit(next))) {
            return false;
        }
        int repeat = octetAt(octet == '%' ? item + 2 : item + 1);
        return repeat != '*' && repeat != '?' && repeat != '-';
    }

    /** How many captures the last match made. */
    public int captures() {
        return captures;
    }

    /** Where a capture starts in the subject. */
    public int captureStart(int index) {
        return starts[index];
    }

    /** How many octets a capture has, or {@link #POSITION}; faults where it was never closed. */
    public int captureLength(int index) {
        if (lengths[index] == UNFINISHED) {
            throw new PatternFault("unfinished capture");
        }
        return lengths[index];
    }

    private void spend() {
        int done = steps;
        steps = 0;
        counter.spend(done);
    }

    private int octetAt(int at) {
        return at < pattern.length ? pattern[at] & 0xff : 0;
    }

    private int matchFrom(int start, int patternStart) {
        if (++depth > MAX_DEPTH) {
            throw new PatternFault("pattern too complex");
        }
        int end = matchHere(start, patternStart);
        depth--;
        return end;
    }

    /** One round for each item of the pattern that needs no way back. */
    private int matchHere(int start, int patternStart) {
        int s = start;
        int p = patternStart;
        while (true) {
            if (++steps > STEPS_AT_ONCE) {
                spend();
            }
            int octet = octetAt(p);
            switch (octet) {
                case 0 -> {
                    return s;
                }
                case '(' -> {
                    return octetAt(p + 1) == ')' ? open(s, p + 2, POSITION) : open(s, p + 1, UNFINISHED);
                }
                case ')' -> {
                    return close(s, p + 1);
                }
                case '$' -> {
                    if (octetAt(p + 1) == 0) {
                        return s == subject.length ? s : NO_MATCH;
                    }
                }
                default -> {}
            }
            int special = octet == '%' ? octetAt(p + 1) : 0;
            if (special == 'b') {
                s = balanced(s, p + 2);
                p += 4;
            } else if (special == 'f') {
                p += 2;
                int end = setAfterFrontier(p);
                s = frontier(s, p, end) ? s : NO_MATCH;
                p = end;
            } else if (OctetClass.isDigit(special)) {
                s = again(s, special);
                p += 2;
            } else {
                int end = itemEnd(p);
                switch (octetAt(end)) {
                    case '?' -> {
                        int rest = matchesOne(s, p, end) ? matchFrom(s + 1, end + 1) : NO_MATCH;
                        if (rest != NO_MATCH) {
                            return rest;
                        }
                        p = end + 1;
                    }
                    case '*' -> {
                        return longest(s, p, end, 0);
                    }
                    case '+' -> {
                        return longest(s, p, end, 1);
                    }
                    case '-' -> {
                        return shortest(s, p, end);
                    }
                    default -> {
                        s = matchesOne(s, p, end) ? s + 1 : NO_MATCH;
                        p = end;
                    }
                }
            }
            if (s == NO_MATCH) {
                return NO_MATCH;
            }
        }
    }

    /** Where the single item at {@code start} ends: an octet, a class or a set. */
    private int itemEnd(int start) {
        return switch (octetAt(start)) {
            case '%' -> {
                if (octetAt(start + 1) == 0) {
                    throw new PatternFault("malformed pattern (ends with '%')");
                }
                yield start + 2;
            }
            case '[' -> setEnd(start + 1);
            default -> start + 1;
        };
    }

    private int setEnd(int start) {
        int p = octetAt(start) == '^' ? start + 1 : start;
        do {
            int octet = octetAt(p++);
            if (octet == 0 || octet == '%' && octetAt(p++) == 0) {
                throw new PatternFault("malformed pattern (missing ']')");
            }
        } while (octetAt(p) != ']');
        return p + 1;
    }

    private boolean matchesOne(int s, int p, int end) {
        if (s >= subject.length) {
            return false;
        }
        int octet = subject[s] & 0xff;
        int first = octetAt(p);
        return switch (first) {
            case '.' -> true;
            case '%' -> OctetClass.matches(octet, octetAt(p + 1));
            case '[' -> inSet(octet, p, end - 1);
            default -> octet == first;
        };
    }

    /** Whether an octet is in the set between {@code [} at {@code start} and {@code ]} at {@code end}. */
    private boolean inSet(int octet, int start, int end) {
        int p = start + 1;
        boolean found = true;
        if (octetAt(p) == '^') {
            found = false;
            p++;
        }
        for (; p < end; p++) {
            int first = octetAt(p);
            if (first == '%') {
                p++;
                if (OctetClass.matches(octet, octetAt(p))) {
                    return found;
                }
            } else if (octetAt(p + 1) == '-' && p + 2 < end) {
                p += 2;
                if (first <= octet && octet <= octetAt(p)) {
                    return found;
                }
            } else if (first == octet) {
                return found;
            }
        }
        return !found;
    }

    /** As many as there are, then fewer. */
    private int longest(int start, int p, int end, int least) {
        int count = run(start, p, end);
        steps += count;
        if (count < least) {
            return NO_MATCH;
        }
        int next = required(end + 1);
        int nextEnd = next == NONE_REQUIRED ? next : itemEnd(next);
        for (; count >= least; count--) {
            if (next != NONE_REQUIRED && !matchesOne(start + count, next, nextEnd)) {
                steps++;
                continue;
            }
            int rest = matchFrom(start + count, end + 1);
            if (rest != NO_MATCH) {
                return rest;
            }
        }
        return NO_MATCH;
    }

    /**
     * The single item that has to match right behind a repetition if the rest is to match at all, so that most tries need not begin. Only what
     * is sure to be reached without a fault is looked at: captures that are open may end before it.
     */
    private int required(int start) {
        int p = start;
        int octet = octetAt(p);
        if (octet == ')') {
            int open = 0;
            for (int i = 0; i < captures; i++) {
                open += lengths[i] == UNFINISHED ? 1 : 0;
            }
            for (; octet == ')' && open > 0; open--) {
                octet = octetAt(++p);
            }
        }
        int next = octetAt(p + 1);
        boolean single =
                switch (octet) {
                    case 0, '(', ')' -> false;
                    case '$' -> next != 0;
                    case '%' -> next != 0 && next != 'b' && next != 'f' && !OctetClass.isDigit(next);
                    default -> true;
                };
        // Each end of a capture and the rest itself are one call deeper.
        if (!single || depth + 1 + p - start > MAX_DEPTH) {
            return NONE_REQUIRED;
        }
        return switch (octetAt(itemEnd(p))) {
            case '?', '*', '-' -> NONE_REQUIRED;
            default -> p;
        };
    }

    /** How many octets from {@code start} on the item matches. */
    private int run(int start, int p, int end) {
        int s = start;
        int first = octetAt(p);
        if (first == '.') {
            return subject.length - start;
        }
        if (first == '%') {
            return OctetClass.skip(subject, start, octetAt(p + 1), true) - start;
        }
        while (matchesOne(s, p, end)) {
            s++;
        }
        return s - start;
    }

    /** None, then more. */
    private int shortest(int start, int p, int end) {
        int next = required(end + 1);
        int nextEnd = next == NONE_REQUIRED ? next : itemEnd(next);
        for (int s = start; ; s++) {
            steps++;
            if (next == NONE_REQUIRED || matchesOne(s, next, nextEnd)) {
                int rest = matchFrom(s, end + 1);
                if (rest != NO_MATCH) {
                    return rest;
                }
            }
            if (!matchesOne(s, p, end)) {
                return NO_MATCH;
            }
        }
    }

    private int open(int s, int p, int length) {
        if (captures >= MAX_CAPTURES) {
            throw new PatternFault("too many captures");
        }
        if (captures == starts.length) {
            starts = Arrays.copyOf(starts, MAX_CAPTURES);
            lengths = Arrays.copyOf(lengths, MAX_CAPTURES);
        }
        starts[captures] = s;
        lengths[captures] = length;
        captures++;
        int end = matchFrom(s, p);
        if (end == NO_MATCH) {
            captures--;
        }
        return end;
    }

    private int close(int s, int p) {
        int index = captures - 1;
        while (index >= 0 && lengths[index] != UNFINISHED) {
            index--;
        }
        if (index < 0) {
            throw new PatternFault("invalid pattern capture");
        }
        lengths[index] = s - starts[index];
        int end = matchFrom(s, p);
        if (end == NO_MATCH) {
            lengths[index] = UNFINISHED;
        }
        return end;
    }

    /** {@code %1}: the octets of an earlier capture once more. */
    private int again(int s, int digit) {
        int index = digit - '1';
        if (index < 0 || index >= captures || lengths[index] == UNFINISHED) {
            throw new PatternFault("invalid capture index");
        }
        // A position counts as more octets than any subject has.
        int length = lengths[index];
        if (length < 0 || subject.length - s < length) {
            return NO_MATCH;
        }
        steps += length;
        for (int i = 0; i < length; i++) {
            if (subject[starts[index] + i] != subject[s + i]) {
                return NO_MATCH;
            }
        }
        return s + length;
    }

    /** {@code %bxy}: from an x to the y that balances it. */
    private int balanced(int start, int p) {
        int opening = octetAt(p);
        int closing = octetAt(p + 1);
        if (opening == 0 || closing == 0) {
            throw new PatternFault("unbalanced pattern");
        }
        if (start >= subject.length || (subject[start] & 0xff) != opening) {
            return NO_MATCH;
        }
        int open = 1;
        for (int s = start + 1; s < subject.length; s++) {
            int octet = subject[s] & 0xff;
            if (octet == closing) {
                if (--open == 0) {
                    steps += s - start;
                    return s + 1;
                }
            } else if (octet == opening) {
                open++;
            }
        }
        steps += subject.length - start;
        return NO_MATCH;
    }

    private int setAfterFrontier(int p) {
        if (octetAt(p) != '[') {
            throw new PatternFault(MISSING_SET);
        }
        return itemEnd(p);
    }

    /** {@code %f[set]}: between an octet outside the set and one inside; both ends of the subject count as zero octets. */
    private boolean frontier(int s, int p, int end) {
        int before = s == 0 ? 0 : subject[s - 1] & 0xff;
        int after = s < subject.length ? subject[s] & 0xff : 0;
        return !inSet(before, p, end - 1) && inSet(after, p, end - 1);
    }
}
