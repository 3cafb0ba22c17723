package dev.weir.engine.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The positions of an expression and which may follow which (Glushkov, 1961): each octet's place in the expression is a state, and each
 * pair of neighbours in some matching text an edge. There are no empty transitions.
 *
 * <p>Assertions need no states. A path from position to position collects what the assertions on it ask, and whether the place between two
 * octets fulfils that is known in advance: a text starts before the first octet only, ends after the last only, and whether an octet belongs
 * to a word depends on the octet. For the sake of the last, expressions that ask for words have each position whose set holds octets of both
 * kinds as two positions.
 *
 * <p>Position 0 is the start of the text.
 */
final class PositionGraph {
    /** What an expression may expand to. One of a thousand names takes some 20,000. */
    static final int MOST_POSITIONS = 32_768;

    private static final int MOST_EDGES = 4_000_000;
    private static final int END = -1;
    private static final int[] UNCONDITIONALLY = {0};
    private static final int[] NEVER = {};

    /** Positions at one side of a part, each with what must hold between it and its neighbour. */
    private record Side(int[] positions, int[] asked) {
        static final Side NONE = new Side(NEVER, NEVER);

        static Side joined(List<Side> sides) {
            int total = sides.stream().mapToInt(side -> side.positions.length).sum();
            int[] positions = new int[total];
            int[] asked = new int[total];
            int at = 0;
            for (Side side : sides) {
                System.arraycopy(side.positions, 0, positions, at, side.positions.length);
                System.arraycopy(side.asked, 0, asked, at, side.asked.length);
                at += side.positions.length;
            }
            return new Side(positions, asked);
        }

        /** The same if more must hold, once for each of several alternatives. */
        Side asking(int[] alternatives) {
            if (Arrays.equals(alternatives, UNCONDITIONALLY)) {
                return this;
            }
            List<Side> all = new ArrayList<>();
            for (int more : alternatives) {
                all.add(new Side(
                        positions, Arrays.stream(asked).map(some -> some | more).toArray()));
            }
            return joined(all);
        }
    }

    /** @param empty what must hold where the part matches nothing, in alternatives; none if it can't */
    private record Part(int[] empty, Side first, Side last) {
        static final Part EMPTY = new Part(UNCONDITIONALLY, Side.NONE, Side.NONE);
    }

    private final Parts parts = new Parts();
    private final String source;
    private final boolean splitByWords;
    private final List<OctetSet> sets = new ArrayList<>();
    private final List<IntList> followers = new ArrayList<>();
    private final List<Boolean> accepting = new ArrayList<>();
    private int edges;

    /** @param search whether anything may stand before and behind */
    PositionGraph(String source, Node expression, boolean search) {
        if (expression.leaves() > MOST_POSITIONS) {
            throw new BadExpression(
                    source, "with its repetitions written out it has more than " + MOST_POSITIONS + " places");
        }
        this.source = source;
        this.splitByWords = expression.asksForWords();
        addPosition(OctetSet.NONE);
        Node anything = new Node.Repeat(new Node.Octet(OctetSet.ALL), 0, Node.UNBOUNDED);
        Part before = search ? part(anything) : Part.EMPTY;
        Part wanted = joined(before, part(expression));
        int tail = sets.size();
        Part whole = search ? joined(wanted, part(anything)) : wanted;
        link(new Side(new int[] {0}, UNCONDITIONALLY), whole.first);
        finish(whole);
        certainFrom = search ? tail : Integer.MAX_VALUE;
    }

    /** Positions from this on are those behind the match of a search. */
    private final int certainFrom;

    private void finish(Part whole) {
        Side start = new Side(new int[] {0}, UNCONDITIONALLY).asking(whole.empty);
        for (Side side : whole.empty.length == 0 ? List.of(whole.last) : List.of(start, whole.last)) {
            for (int i = 0; i < side.positions.length; i++) {
                if (holds(side.asked[i], side.positions[i], END)) {
                    accepting.set(side.positions[i], true);
                }
            }
        }
        followers.forEach(IntList::sortAndDropTwins);
    }

    int size() {
        return sets.size();
    }

    OctetSet set(int position) {
        return sets.get(position);
    }

    /** In ascending order. */
    IntList followers(int position) {
        return followers.get(position);
    }

    /** Whether a text may end with it. */
    boolean accepts(int position) {
        return accepting.get(position);
    }

    /** Whether whatever comes after it matches: a search that has found what it looks for. */
    boolean isCertain(int position) {
        if (!accepts(position)) {
            return false;
        }
        IntList after = followers.get(position);
        for (int tail = certainFrom; tail < size(); tail++) {
            if (!after.contains(tail)) {
                return false;
            }
        }
        return certainFrom < size();
    }

    private int addPosition(OctetSet set) {
        sets.add(set);
        followers.add(new IntList());
        accepting.add(false);
        return sets.size() - 1;
    }

    private Part part(Node node) {
        return node.accept(parts);
    }

    /** Makes parts of nodes. */
    private final class Parts implements Node.Visitor<Part> {
        @Override
        public Part empty() {
            return Part.EMPTY;
        }

        @Override
        public Part octet(OctetSet set) {
            return leaf(set);
        }

        @Override
        public Part assertion(int asked) {
            return new Part(new int[] {asked}, Side.NONE, Side.NONE);
        }

        @Override
        public Part sequence(List<Node> nodes) {
            Part all = Part.EMPTY;
            for (Node next : nodes) {
                all = joined(all, part(next));
            }
            return all;
        }

        @Override
        public Part choice(List<Node> branches) {
            return anyOf(branches.stream().map(PositionGraph.this::part).toList());
        }

        @Override
        public Part repeat(Node.Repeat repeat) {
            return repeated(repeat);
        }
    }

    private Part leaf(OctetSet set) {
        List<OctetSet> kinds =
                splitByWords ? List.of(set.and(OctetSet.WORD), set.and(OctetSet.WORD.not())) : List.of(set);
        int[] positions = kinds.stream()
                .filter(kind -> !kind.isEmpty())
                .mapToInt(this::addPosition)
                .toArray();
        Side side = new Side(positions, new int[positions.length]);
        return new Part(NEVER, side, side);
    }

    private static Part anyOf(List<Part> parts) {
        int[] empty =
                parts.stream().flatMapToInt(part -> Arrays.stream(part.empty)).toArray();
        return new Part(
                simplest(empty),
                Side.joined(parts.stream().map(Part::first).toList()),
                Side.joined(parts.stream().map(Part::last).toList()));
    }

    private static int[] simplest(int[] alternatives) {
        int[] distinct = Arrays.stream(alternatives).distinct().toArray();
        return Arrays.stream(distinct).anyMatch(asked -> asked == 0) ? UNCONDITIONALLY : distinct;
    }

    private Part joined(Part left, Part right) {
        if (left == Part.EMPTY) {
            return right;
        }
        if (right == Part.EMPTY) {
            return left;
        }
        link(left.last, right.first);
        List<Side> first = new ArrayList<>(List.of(left.first));
        List<Side> last = new ArrayList<>(List.of(right.last));
        if (left.empty.length > 0) {
            first.add(right.first.asking(left.empty));
        }
        if (right.empty.length > 0) {
            last.add(left.last.asking(right.empty));
        }
        int[] empty = Arrays.stream(left.empty)
                .flatMap(one -> Arrays.stream(right.empty).map(other -> one | other))
                .toArray();
        return new Part(
                simplest(empty),
                first.size() == 1 ? left.first : Side.joined(first),
                last.size() == 1 ? right.last : Side.joined(last));
    }

    private Part repeated(Node.Repeat repeat) {
        if (repeat.most() == 0) {
            return Part.EMPTY;
        }
        boolean endless = repeat.most() == Node.UNBOUNDED;
        int copies = endless ? Math.max(1, repeat.least()) : repeat.most();
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            parts.add(part(repeat.body()));
        }
        int[] empty = parts.getFirst().empty;
        if (endless) {
            link(parts.getLast().last, parts.getLast().first);
        }
        if (empty.length > 0 && empty != UNCONDITIONALLY) {
            return inTurn(parts, repeat.least());
        }
        // A body that may be empty repeated n to m times is the same as one that may not, 0 to m times; so no copy
        // needs to be skipped.
        int least = empty.length > 0 ? 0 : repeat.least();
        for (int i = 1; i < copies; i++) {
            link(parts.get(i - 1).last, parts.get(i).first);
        }
        return new Part(
                least == 0 ? UNCONDITIONALLY : NEVER,
                parts.getFirst().first,
                Side.joined(parts.subList(Math.max(1, least) - 1, copies).stream()
                        .map(Part::last)
                        .toList()));
    }

    /** Copies of which each may be empty on some condition, and those above {@code least} may be missing. */
    private Part inTurn(List<Part> copies, int least) {
        Part all = Part.EMPTY;
        for (int i = copies.size() - 1; i >= 0; i--) {
            all = joined(copies.get(i), all);
            all = i < least ? all : new Part(UNCONDITIONALLY, all.first, all.last);
        }
        return all;
    }

    private void link(Side from, Side to) {
        for (int i = 0; i < from.positions.length; i++) {
            edges += to.positions.length;
            if (edges > MOST_EDGES) {
                throw new BadExpression(source, "too many of its places may follow each other");
            }
            IntList followersOfOne = followers.get(from.positions[i]);
            for (int j = 0; j < to.positions.length; j++) {
                if (holds(from.asked[i] | to.asked[j], from.positions[i], to.positions[j])) {
                    followersOfOne.add(to.positions[j]);
                }
            }
        }
    }

    /** Whether what is asked holds between two positions, the first of which may be the start and the second the end of the text. */
    private boolean holds(int asked, int before, int after) {
        boolean wordBefore = before != 0 && isWord(before);
        boolean wordAfter = after != END && isWord(after);
        return ((asked & Node.TEXT_START) == 0 || before == 0)
                && ((asked & Node.TEXT_END) == 0 || after == END)
                && ((asked & Node.WORD_EDGE) == 0 || wordBefore != wordAfter)
                && ((asked & Node.NO_WORD_EDGE) == 0 || wordBefore == wordAfter)
                && ((asked & Node.WORD_START) == 0 || !wordBefore && wordAfter)
                && ((asked & Node.WORD_END) == 0 || wordBefore && !wordAfter);
    }

    private boolean isWord(int position) {
        return !sets.get(position).and(OctetSet.WORD).isEmpty();
    }
}
