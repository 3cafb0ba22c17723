package dev.weir.engine.expression;

import java.util.List;

/**
 * What every match of an expression must have: letters, and letters side by side, the start and the end of the text being letters here. A
 * text says in 192 bits which of these it has ({@link ExpressionText}), so that most expressions that don't match a name cost three
 * comparisons (Bloom, 1970).
 */
record Essentials(long letters, long pairsLow, long pairsHigh) {
    /** The start of the text as a letter. */
    static final int START = 256;

    /** Its end. */
    static final int END = 257;

    private static final int UNKNOWN = -1;
    private static final Essentials NONE = new Essentials(0, 0, 0);

    static Essentials of(Node expression, boolean search) {
        Collector collector = new Collector();
        collector.add(search ? new Node.Empty() : new Node.Assertion(Node.TEXT_START));
        collector.add(expression);
        return collector.add(search ? new Node.Empty() : new Node.Assertion(Node.TEXT_END));
    }

    /** The bit of a letter: its own for what names are made of, one of a few shared by the others. */
    static long letterBit(int letter) {
        if (letter >= 'a' && letter <= 'z') {
            return 1L << letter - 'a';
        }
        if (letter >= '0' && letter <= '9') {
            return 1L << 26 + letter - '0';
        }
        return switch (letter) {
            case '-' -> 1L << 36;
            case '.' -> 1L << 37;
            case '_' -> 1L << 38;
            default -> 1L << 39 + letter % 25;
        };
    }

    /** Which of 128 bits two neighbours have. */
    static int pairBit(int left, int right) {
        return (left << 9 | right) * 0x9e3779b1 >>> 25;
    }

    private Essentials or(Essentials other) {
        return new Essentials(letters | other.letters, pairsLow | other.pairsLow, pairsHigh | other.pairsHigh);
    }

    private Essentials and(Essentials other) {
        return new Essentials(letters & other.letters, pairsLow & other.pairsLow, pairsHigh & other.pairsHigh);
    }

    /** Walks along a sequence and knows the letter before, if it is certain. */
    private static final class Collector implements Node.Visitor<Essentials> {
        private Essentials found = NONE;
        private int before = UNKNOWN;

        /** What is found so far, with this node. */
        Essentials add(Node node) {
            return node.accept(this);
        }

        @Override
        public Essentials empty() {
            return found;
        }

        @Override
        public Essentials octet(OctetSet set) {
            letter(set.onlyLetter());
            return found;
        }

        @Override
        public Essentials assertion(int asked) {
            if (asked == Node.TEXT_START) {
                before = START;
            } else if (asked == Node.TEXT_END) {
                letter(END);
            }
            return found;
        }

        @Override
        public Essentials sequence(List<Node> parts) {
            parts.forEach(this::add);
            return found;
        }

        @Override
        public Essentials choice(List<Node> branches) {
            found = found.or(inAll(branches));
            before = UNKNOWN;
            return found;
        }

        @Override
        public Essentials repeat(Node.Repeat repeat) {
            return choice(repeat.least() > 0 ? List.of(repeat.body()) : List.of());
        }

        private void letter(int letter) {
            if (letter != UNKNOWN && before != END) {
                long bit = letter == END ? 0 : letterBit(letter);
                long low = 0;
                long high = 0;
                if (before != UNKNOWN) {
                    int pair = pairBit(before, letter);
                    low = pair < 64 ? 1L << pair : 0;
                    high = pair < 64 ? 0 : 1L << pair;
                }
                found = found.or(new Essentials(bit, low, high));
            }
            before = letter;
        }

        private static Essentials inAll(List<Node> branches) {
            Essentials common = null;
            for (Node branch : branches) {
                Essentials own = new Collector().add(branch);
                common = common == null ? own : common.and(own);
            }
            return common == null ? NONE : common;
        }
    }
}
