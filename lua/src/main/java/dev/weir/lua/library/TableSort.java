package dev.weir.lua.library;

import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import org.jspecify.annotations.Nullable;

/**
 * {@code table.sort}: quicksort in place around the median of the first, the middle and the last element [1], the smaller part first, so
 * that the calls nest no deeper than the logarithm of the length.
 *
 * <p>The two scans have no bounds of their own: the median's partners stop them, if the order is one. An order that lets a scan leave its
 * part is reported as invalid. Comparisons happen in the reference implementation's sequence, since scripts can see it.
 *
 * <p>[1] R. Sedgewick, Implementing quicksort programs, Communications of the ACM 21 (1978)
 */
final class TableSort {
    private final LuaState state;
    private final LuaTable table;
    private final @Nullable LuaFunction order;

    private TableSort(LuaState state, LuaTable table, @Nullable LuaFunction order) {
        this.state = state;
        this.table = table;
        this.order = order;
    }

    /** Sorts the list by an order, or by {@code <}. */
    static void sort(LuaState state, LuaTable table, @Nullable LuaFunction order) {
        new TableSort(state, table, order).sort(1, table.length());
    }

    private void sort(int first, int last) {
        int low = first;
        int high = last;
        while (low < high) {
            swapIfBefore(high, low);
            if (high - low == 1) {
                return;
            }
            int middle = (low + high) >>> 1;
            if (!swapIfBefore(middle, low)) {
                swapIfBefore(high, middle);
            }
            if (high - low == 2) {
                return;
            }
            int border = partition(low, high, middle);
            if (border - low < high - border) {
                sort(low, border - 1);
                low = border + 1;
            } else {
                sort(border + 1, high);
                high = border - 1;
            }
        }
    }

    /** Moves what is before the median to the left of its place, what is behind it to the right; returns that place. */
    private int partition(int low, int high, int middle) {
        Object median = table.get(middle);
        table.put(middle, table.get(high - 1));
        table.put(high - 1, median);
        int left = low;
        int right = high - 1;
        while (true) {
            Object atLeft = table.get(++left);
            while (before(atLeft, median)) {
                if (left >= high) {
                    throw invalidOrder();
                }
                atLeft = table.get(++left);
            }
            Object atRight = table.get(--right);
            while (before(median, atRight)) {
                if (right <= low) {
                    throw invalidOrder();
                }
                atRight = table.get(--right);
            }
            if (right < left) {
                table.put(high - 1, atLeft);
                table.put(left, median);
                return left;
            }
            table.put(left, atRight);
            table.put(right, atLeft);
        }
    }

    /** Swaps two elements if the first one named belongs before the other; whether it did. */
    private boolean swapIfBefore(int later, int earlier) {
        Object atLater = table.get(later);
        Object atEarlier = table.get(earlier);
        boolean swap = before(atLater, atEarlier);
        if (swap) {
            table.put(later, atEarlier);
            table.put(earlier, atLater);
        }
        return swap;
    }

    private boolean before(@Nullable Object left, @Nullable Object right) {
        state.spend(1);
        if (order != null) {
            return LuaOperators.isTrue(Values.first(order.call(left, right)));
        }
        if (left instanceof Double first && right instanceof Double second) {
            return first.doubleValue() < second.doubleValue();
        }
        if (left instanceof LuaString first && right instanceof LuaString second) {
            return first.compareTo(second) < 0;
        }
        return LuaOperators.lessThan(state, left, right);
    }

    private LuaError invalidOrder() {
        return state.error("invalid order function for sorting");
    }
}
