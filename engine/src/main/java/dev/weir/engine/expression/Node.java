package dev.weir.engine.expression;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An expression as its parser understood it. */
sealed interface Node {
    /** How often a {@link Repeat} without an upper bound may repeat. */
    int UNBOUNDED = Integer.MAX_VALUE;

    // What an assertion asks of the place between two octets; several are combined by or.
    int TEXT_START = 1;
    int TEXT_END = 2;
    int WORD_EDGE = 4;
    int NO_WORD_EDGE = 8;
    int WORD_START = 16;
    int WORD_END = 32;
    int ABOUT_WORDS = WORD_EDGE | NO_WORD_EDGE | WORD_START | WORD_END;

    /** Looks at a node. Not a switch over types: the JVM makes the first ones of a process in tens of milliseconds. */
    interface Visitor<R> {
        R empty();

        R octet(OctetSet set);

        R assertion(int asked);

        R sequence(List<Node> parts);

        R choice(List<Node> branches);

        R repeat(Repeat repeat);
    }

    <R> R accept(Visitor<R> visitor);

    /** Number of leaves with all repetitions written out, which is what an automaton's size and the time to make it grow with. */
    default long leaves() {
        return 1;
    }

    /** Whether what matches depends on which octets belong to words. */
    boolean asksForWords();

    /** Nothing, which is always there. */
    record Empty() implements Node {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.empty();
        }

        @Override
        public boolean asksForWords() {
            return false;
        }
    }

    /** One octet out of a set; an empty set matches nowhere. */
    record Octet(OctetSet set) implements Node {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.octet(set);
        }

        @Override
        public boolean asksForWords() {
            return false;
        }
    }

    /** A place between two octets. */
    record Assertion(int asked) implements Node {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.assertion(asked);
        }

        @Override
        public boolean asksForWords() {
            return (asked & ABOUT_WORDS) != 0;
        }
    }

    /** One after the other. */
    record Sequence(List<Node> parts) implements Node {
        public Sequence {
            parts = List.copyOf(parts);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sequence(parts);
        }

        @Override
        public long leaves() {
            return sum(parts);
        }

        @Override
        public boolean asksForWords() {
            return parts.stream().anyMatch(Node::asksForWords);
        }
    }

    /** One of several. */
    record Choice(List<Node> branches) implements Node {
        public Choice {
            branches = List.copyOf(branches);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.choice(branches);
        }

        @Override
        public long leaves() {
            return sum(branches);
        }

        @Override
        public boolean asksForWords() {
            return branches.stream().anyMatch(Node::asksForWords);
        }
    }

    /** So many times the same. */
    record Repeat(Node body, int least, int most) implements Node {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.repeat(this);
        }

        @Override
        public long leaves() {
            int times = most == UNBOUNDED ? least : most;
            return saturated(body.leaves() * Math.max(1, times));
        }

        @Override
        public boolean asksForWords() {
            return body.asksForWords();
        }
    }

    static Node sequence(List<Node> parts) {
        return parts.size() == 1 ? parts.getFirst() : parts.isEmpty() ? new Empty() : new Sequence(parts);
    }

    static Node choice(List<Node> branches) {
        return branches.size() == 1 ? branches.getFirst() : new Choice(branches);
    }

    /** A character: one octet, or several in UTF-8. */
    static Node character(int codePoint, boolean anyCase) {
        if (codePoint < 0x80) {
            OctetSet set = OctetSet.of(codePoint);
            return new Octet(anyCase ? set.withBothCases() : set);
        }
        List<Node> octets = new ArrayList<>();
        for (byte octet : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            octets.add(new Octet(OctetSet.of(octet & 0xff)));
        }
        return sequence(octets);
    }

    private static long sum(List<Node> nodes) {
        long sum = 1;
        for (Node node : nodes) {
            sum = saturated(sum + node.leaves());
        }
        return sum;
    }

    private static long saturated(long count) {
        return Math.min(count, Integer.MAX_VALUE);
    }
}
