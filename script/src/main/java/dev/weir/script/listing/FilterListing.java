package dev.weir.script.listing;

import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelFilter.Entry;
import java.util.List;

/**
 * What {@code getStats()} and {@code lsRangeRule()} of a packet filter return: an entry a line with how often it was met. Addresses and names
 * as dnsdist 1.7.3 writes them, but sorted.
 */
public final class FilterListing {
    private FilterListing() {}

    /** All entries. */
    public static String statistics(List<Entry> entries) {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            line(text, entry, subject(entry));
        }
        return text.toString();
    }

    /** Ranges, with what happens to them. */
    public static String ranges(List<Entry> entries) {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            if (entry.kind() == Kind.CIDR4 || entry.kind() == Kind.CIDR6) {
                line(text, entry, entry.subject() + " " + action(entry));
            }
        }
        return text.toString();
    }

    private static String subject(Entry entry) {
        return switch (entry.kind()) {
            case IPV4, CIDR4, CIDR6 -> entry.subject();
            case IPV6 -> "[" + entry.subject() + "]";
            case QNAMES -> entry.subject() + " " + entry.type();
            case SUFFIXES -> "*." + (entry.subject().equals(".") ? "" : entry.subject()) + " " + entry.type();
            case RATES4, RATES6 -> entry.subject() + " rate";
        };
    }

    /** A number that nobody knows stands for itself. */
    private static String action(Entry entry) {
        boolean known = entry.action().number() == entry.actionNumber();
        return known ? entry.action().toString() : String.valueOf(entry.actionNumber());
    }

    private static void line(StringBuilder text, Entry entry, String subject) {
        text.append(subject)
                .append(": ")
                .append(Long.toUnsignedString(entry.hits()))
                .append('\n');
    }
}
