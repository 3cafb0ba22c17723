package dev.weir.engine.expression;

import java.util.BitSet;

/** Matches by following all ways at once, straight from the definition: what others are compared with. */
final class AllWays {
    private AllWays() {}

    static boolean isFound(Node expression, String text) {
        BitSet everywhere = new BitSet();
        everywhere.set(0, text.length() + 1);
        return !after(expression, text, everywhere).isEmpty();
    }

    /** Where the expression may end if it starts at any of these places. */
    private static BitSet after(Node node, String text, BitSet starts) {
        BitSet ends = new BitSet();
        switch (node) {
            case Node.Empty _ -> ends.or(starts);
            case Node.Octet octet ->
                starts.stream()
                        .filter(at -> at < text.length() && octet.set().contains(text.charAt(at)))
                        .forEach(at -> ends.set(at + 1));
            case Node.Assertion assertion ->
                starts.stream().filter(at -> holds(assertion.asked(), text, at)).forEach(ends::set);
            case Node.Sequence sequence -> {
                ends.or(starts);
                for (Node part : sequence.parts()) {
                    BitSet next = after(part, text, ends);
                    ends.clear();
                    ends.or(next);
                }
            }
            case Node.Choice choice -> choice.branches().forEach(branch -> ends.or(after(branch, text, starts)));
            case Node.Repeat repeat -> {
                BitSet reached = starts;
                int rounds = repeat.most() == Node.UNBOUNDED ? repeat.least() + text.length() + 2 : repeat.most();
                for (int round = 0; round <= rounds; round++) {
                    if (round >= repeat.least()) {
                        ends.or(reached);
                    }
                    reached = after(repeat.body(), text, reached);
                }
            }
        }
        return ends;
    }

    private static boolean holds(int asked, String text, int at) {
        boolean before = at > 0 && OctetSet.WORD.contains(text.charAt(at - 1));
        boolean after = at < text.length() && OctetSet.WORD.contains(text.charAt(at));
        return switch (asked) {
            case Node.TEXT_START -> at == 0;
            case Node.TEXT_END -> at == text.length();
            case Node.WORD_EDGE -> before != after;
            case Node.NO_WORD_EDGE -> before == after;
            case Node.WORD_START -> !before && after;
            case Node.WORD_END -> before && !after;
            default -> throw new IllegalArgumentException("asks for " + asked);
        };
    }
}
