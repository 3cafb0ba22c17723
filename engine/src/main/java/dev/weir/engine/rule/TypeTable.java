package dev.weir.engine.rule;

import java.util.Arrays;
import java.util.TreeMap;

/** Which rules a query's type can concern. */
final class TypeTable {
    static final class Builder {
        private final TreeMap<Integer, Postings> lists = new TreeMap<>();

        void add(int type, int position) {
            lists.computeIfAbsent(type, t -> new Postings()).add(position);
        }

        TypeTable build() {
            return new TypeTable(this);
        }
    }

    private final int[] types;
    private final int[][] positions;

    private TypeTable(Builder builder) {
        types = builder.lists.keySet().stream().mapToInt(Integer::intValue).toArray();
        positions = builder.lists.values().stream().map(Postings::toArray).toArray(int[][]::new);
    }

    boolean isEmpty() {
        return types.length == 0;
    }

    /** Adds the rules that this type can concern. */
    void gather(int type, RuleWalk walk) {
        int at = Arrays.binarySearch(types, type);
        if (at >= 0) {
            walk.consider(positions[at]);
        }
    }
}
