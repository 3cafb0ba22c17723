package dev.weir.engine.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An expression as an automaton without empty transitions whose set of states is a row of bits, so that one octet costs some word
 * operations whatever has been read before. Immutable.
 *
 * <p>The states are the positions of {@link PositionGraph}, numbered from left to right, those left out that no match goes through. Most of
 * them are followed by one a little further to the right: the next letter of a literal, the next or a later copy of a counted repetition.
 * So one step is (Baeza-Yates and Gonnet, 1992, and Navarro and Raffinot, 2001, generalised):
 *
 * <pre>
 *   next = OR over the few distances d:  (states AND those with a follower d further) shifted by d
 *          OR the other followers of each group of states that share them, if one of the group is in the set
 *   next = next AND the states that take this octet
 * </pre>
 *
 * <p>Octets that no set of the expression tells apart share a class, and a mask. {@link Scanner} keeps the sets that were met, so that a
 * step is made once.
 *
 * <ol>
 *   <li>V. M. Glushkov, The abstract theory of automata, 1961
 *   <li>R. Baeza-Yates, G. H. Gonnet, A new approach to text searching, CACM 35(10), 1992
 *   <li>G. Navarro, M. Raffinot, Compact DFA representation for fast regular expression search, WAE 2001
 * </ol>
 */
final class Automaton {
    /** Words that one step may touch at worst; a few microseconds. */
    private static final int MOST_WORDS_PER_STEP = 16_384;

    private static final int MOST_DISTANCES = 12;
    private static final int FARTHEST = 63;

    /** Words of a set of states. */
    final int words;

    /** The class of each octet, an unsigned number. */
    final byte[] classOfOctet = new byte[256];

    /** Number of classes; as a class, the end of the text. */
    final int classes;

    private final long[][] takers;
    private final long[] accepting;
    private final long[] certain;

    private final int[] distances;
    private final long[][] shifted;

    /** Followers that are not at a common distance. */
    private final FollowerGroup[] groups;

    private final int wordsPerStep;

    Automaton(String source, PositionGraph graph) {
        AutomatonParts parts = new AutomatonParts(graph);
        words = parts.states + 63 >>> 6;
        classes = parts.classify(classOfOctet);
        takers = new long[classes][words];
        accepting = new long[words];
        certain = new long[words];
        for (int state = 0; state < parts.states; state++) {
            int position = parts.positions[state];
            mark(accepting, state, graph.accepts(position));
            mark(certain, state, graph.isCertain(position));
        }
        boolean[] done = new boolean[classes];
        for (int octet = 0; octet < 256; octet++) {
            int kind = classOfOctet[octet] & 0xff;
            if (!done[kind]) {
                done[kind] = true;
                for (int state = 0; state < parts.states; state++) {
                    mark(takers[kind], state, graph.set(parts.positions[state]).contains(octet));
                }
            }
        }
        distances = parts.commonDistances(FARTHEST, MOST_DISTANCES);
        shifted = new long[distances.length][words];
        Map<List<Integer>, IntList> others = new LinkedHashMap<>();
        for (int state = 0; state < parts.states; state++) {
            List<Integer> rest = new ArrayList<>();
            int[] followers = parts.followers[state];
            for (int follower : followers) {
                int which = Arrays.binarySearch(distances, follower - state);
                if (which >= 0) {
                    mark(shifted[which], state, true);
                } else {
                    rest.add(follower);
                }
            }
            if (!rest.isEmpty()) {
                others.computeIfAbsent(rest, _ -> new IntList()).add(state);
            }
        }
        groups = others.entrySet().stream()
                .map(entry -> FollowerGroup.of(entry.getValue(), entry.getKey()))
                .toArray(FollowerGroup[]::new);
        long cost = (long) words * (2 * distances.length + 3);
        for (FollowerGroup group : groups) {
            cost += group.words();
        }
        if (cost > MOST_WORDS_PER_STEP) {
            throw new BadExpression(source, "too many of its places may follow each other");
        }
        wordsPerStep = (int) cost;
    }

    private static void mark(long[] set, int state, boolean in) {
        if (in) {
            set[state >>> 6] |= 1L << state;
        }
    }

    /** What a step may cost at most. */
    int wordsPerStep() {
        return wordsPerStep;
    }

    /** The set before the first octet. */
    void start(long[] states) {
        Arrays.fill(states, 0);
        if (words > 0) {
            states[0] = 1;
        }
    }

    /**
     * Makes the set after one more octet out of the one before.
     *
     * @return false if it is empty
     */
    boolean step(long[] before, int octetClass, long[] after) {
        Arrays.fill(after, 0);
        for (int i = 0; i < distances.length; i++) {
            shift(before, shifted[i], distances[i], after);
        }
        for (FollowerGroup group : groups) {
            group.addFollowers(before, after);
        }
        long[] taker = takers[octetClass];
        long any = 0;
        for (int word = 0; word < words; word++) {
            after[word] &= taker[word];
            any |= after[word];
        }
        return any != 0;
    }

    private static void shift(long[] before, long[] mask, int distance, long[] after) {
        if (distance == 0) {
            for (int word = 0; word < after.length; word++) {
                after[word] |= before[word] & mask[word];
            }
            return;
        }
        long carried = 0;
        for (int word = 0; word < after.length; word++) {
            long moving = before[word] & mask[word];
            after[word] |= moving << distance | carried;
            carried = moving >>> 64 - distance;
        }
    }

    /** Whether the text may end here. */
    boolean accepts(long[] states) {
        return meets(states, accepting);
    }

    /** Whether everything that may still come matches. */
    boolean isCertain(long[] states) {
        return meets(states, certain);
    }

    private static boolean meets(long[] states, long[] some) {
        for (int word = 0; word < states.length; word++) {
            if ((states[word] & some[word]) != 0) {
                return true;
            }
        }
        return false;
    }
}
