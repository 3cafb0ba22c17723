package dev.weir.engine.expression;

import java.util.Arrays;

/** Numbers in a row. */
final class IntList {
    private int[] values = new int[2];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    int at(int index) {
        return values[index];
    }

    void sortAndDropTwins() {
        Arrays.sort(values, 0, size);
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (i == 0 || values[i] != values[i - 1]) {
                values[kept++] = values[i];
            }
        }
        size = kept;
    }

    /** Whether it is there; the list is sorted. */
    boolean contains(int value) {
        return Arrays.binarySearch(values, 0, size, value) >= 0;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
