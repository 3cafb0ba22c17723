package dev.weir.app.xdp;

import dev.weir.gate.table.Table;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much room {@code attach} is told to make, table by table. */
final class TableSizes {
    /** More than this the kernel counts in 32 bits with a sign. */
    private static final int MOST = 1 << 28;

    private final Words words;
    private final Map<Table, Integer> sizes = new EnumMap<>(Table.class);

    private TableSizes(Words words) {
        this.words = words;
    }

    /** Returns the tables for which something is said. */
    static Map<Table, Integer> asked(Words words) throws NotUnderstoodException {
        TableSizes sizes = new TableSizes(words);
        int all = words.number(Option.MAX_ITEMS, 1, 0);
        for (Table table : Table.values()) {
            if (all > 0 && table.isSized()) {
                sizes.sizes.put(table, checked(Option.MAX_ITEMS, all));
            }
        }
        sizes.put(Option.MAX_ADDRESSES, Table.ADDR_V4, Table.ADDR_V6);
        sizes.put(Option.MAX_RANGES, Table.CIDR4, Table.CIDR6);
        sizes.put(Option.MAX_LIMITS, Table.RATES4, Table.RATES6);
        sizes.put(Option.MAX_NAMES, Table.QNAMES, null);
        sizes.put(Option.MAX_SUFFIXES, Table.SUFFIXES, null);
        return sizes.sizes;
    }

    private void put(Option option, Table first, @Nullable Table second) throws NotUnderstoodException {
        String text = words.value(option);
        if (text == null) {
            return;
        }
        String[] numbers = text.split(",", -1);
        if (numbers.length > (second == null ? 1 : 2)) {
            throw new NotUnderstoodException(option + " is " + option.value + ", not '" + text + "'");
        }
        set(first, checked(option, Words.number(option.toString(), numbers[0], 1)));
        if (second != null) {
            set(second, checked(option, Words.number(option.toString(), numbers[numbers.length - 1], 1)));
        }
    }

    private static int checked(Option option, int size) throws NotUnderstoodException {
        if (size > MOST) {
            throw new NotUnderstoodException(option + " is at most " + MOST + ", not " + size);
        }
        return size;
    }

    /** Whatever is blocked may have an end. */
    private void set(Table table, int size) {
        sizes.put(table, size);
        Table ends = table.ends();
        if (ends != null) {
            sizes.put(ends, size);
        }
    }
}
