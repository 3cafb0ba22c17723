package dev.weir.engine.rule;

import java.util.Arrays;

/** Positions of rules, ascending, while tables are made. Grows; not thread-safe. */
final class Postings {
    static final int[] NONE = {};

    private int[] positions = new int[1];
    private int size;

    /** Adds a position, which is not below those there; once more is the same as once. */
    void add(int position) {
        if (size > 0 && positions[size - 1] == position) {
            return;
        }
        if (size == positions.length) {
            positions = Arrays.copyOf(positions, 2 * size);
        }
        positions[size++] = position;
    }

    /** The positions; this object is not used any more. */
    int[] toArray() {
        if (size == 0) {
            return NONE;
        }
        return size == positions.length ? positions : Arrays.copyOf(positions, size);
    }

    /** Both lists in order, each position once. */
    static int[] merge(int[] a, int[] b) {
        int[] merged = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, merged, a.length, b.length);
        Arrays.sort(merged);
        int count = 0;
        for (int position : merged) {
            if (count == 0 || merged[count - 1] != position) {
                merged[count++] = position;
            }
        }
        return Arrays.copyOf(merged, count);
    }
}
