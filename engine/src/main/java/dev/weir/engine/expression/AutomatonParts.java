package dev.weir.engine.expression;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** A {@link PositionGraph} reduced to the positions that a match may go through. */
final class AutomatonParts {
    /** Distances that fewer edges have are left to rows of followers, as are those of fewer edges than half the words of a set. */
    private static final int COMMON = 3;

    private final PositionGraph graph;

    final int states;

    /** The position of each state. */
    final int[] positions;

    final int[][] followers;

    AutomatonParts(PositionGraph graph) {
        this.graph = graph;
        boolean[] useful = both(reachable(), leading());
        positions = new int[graph.size()];
        int[] stateOf = new int[graph.size()];
        int count = 0;
        for (int position = 0; position < useful.length; position++) {
            if (useful[position]) {
                stateOf[position] = count;
                positions[count++] = position;
            }
        }
        states = count;
        followers = new int[count][];
        for (int state = 0; state < count; state++) {
            followers[state] = Arrays.stream(graph.followers(positions[state]).toArray())
                    .filter(position -> useful[position])
                    .map(position -> stateOf[position])
                    .toArray();
        }
    }

    private static boolean[] both(boolean[] some, boolean[] others) {
        boolean[] both = new boolean[some.length];
        for (int i = 0; i < both.length; i++) {
            both[i] = some[i] && others[i];
        }
        return both;
    }

    private boolean[] reachable() {
        boolean[] seen = new boolean[graph.size()];
        Deque<Integer> next = new ArrayDeque<>();
        seen[0] = true;
        next.push(0);
        while (!next.isEmpty()) {
            IntList after = graph.followers(next.pop());
            for (int i = 0; i < after.size(); i++) {
                if (!seen[after.at(i)]) {
                    seen[after.at(i)] = true;
                    next.push(after.at(i));
                }
            }
        }
        return seen;
    }

    /** Those from which the text may come to an end that matches. */
    private boolean[] leading() {
        IntList[] before = new IntList[graph.size()];
        for (int position = 0; position < before.length; position++) {
            before[position] = new IntList();
        }
        boolean[] seen = new boolean[graph.size()];
        Deque<Integer> next = new ArrayDeque<>();
        for (int position = 0; position < before.length; position++) {
            IntList after = graph.followers(position);
            for (int i = 0; i < after.size(); i++) {
                before[after.at(i)].add(position);
            }
            if (graph.accepts(position)) {
                seen[position] = true;
                next.push(position);
            }
        }
        while (!next.isEmpty()) {
            IntList from = before[next.pop()];
            for (int i = 0; i < from.size(); i++) {
                if (!seen[from.at(i)]) {
                    seen[from.at(i)] = true;
                    next.push(from.at(i));
                }
            }
        }
        return seen;
    }

    /** Gives octets that no set tells apart the same class, and returns how many classes there are. */
    int classify(byte[] classOfOctet) {
        int classes = 1;
        Map<OctetSet, Boolean> sets = new HashMap<>();
        for (int state = 0; state < states; state++) {
            sets.put(graph.set(positions[state]), true);
        }
        for (OctetSet set : sets.keySet()) {
            int[] inside = new int[classes];
            boolean[] outside = new boolean[classes];
            Arrays.fill(inside, -1);
            for (int octet = 0; octet < 256; octet++) {
                outside[classOfOctet[octet] & 0xff] |= !set.contains(octet);
            }
            for (int octet = 0; octet < 256; octet++) {
                int old = classOfOctet[octet] & 0xff;
                if (set.contains(octet) && outside[old]) {
                    if (inside[old] < 0) {
                        inside[old] = classes++;
                    }
                    classOfOctet[octet] = (byte) inside[old];
                }
            }
        }
        return classes;
    }

    /** The distances from state to follower that most edges have, in ascending order. */
    int[] commonDistances(int farthest, int most) {
        int[] counts = new int[farthest + 1];
        for (int state = 0; state < states; state++) {
            for (int follower : followers[state]) {
                int distance = follower - state;
                if (distance >= 0 && distance <= farthest) {
                    counts[distance]++;
                }
            }
        }
        int common = Math.max(COMMON, states >>> 7);
        int[] distances = new int[most];
        int found = 0;
        while (found < most) {
            int best = 0;
            for (int distance = 1; distance <= farthest; distance++) {
                best = counts[distance] > counts[best] ? distance : best;
            }
            if (counts[best] < common) {
                break;
            }
            counts[best] = 0;
            distances[found++] = best;
        }
        int[] sorted = Arrays.copyOf(distances, found);
        Arrays.sort(sorted);
        return sorted;
    }
}
