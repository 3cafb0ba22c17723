package dev.weir.app.xdp;

import dev.weir.app.bpf.Report;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilter.Whose;
import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code block}, {@code unblock}, {@code limit}, {@code unlimit} and {@code ls}: the tables' entries, by hand. */
final class Entries {
    private final Session session;
    private final Words words;

    Entries(Session session) {
        this.session = session;
        this.words = session.words();
    }

    void block() throws IOException, NotUnderstoodException {
        add(Order.block(words));
    }

    void limit() throws IOException, NotUnderstoodException {
        add(Order.limit(words));
    }

    private void add(Order order) throws IOException {
        try (KernelFilter filter = session.filterToWrite()) {
            session.checkTable(filter, order);
            order.carryOut(filter);
        }
        if (session.json()) {
            session.emit(order.json());
        } else {
            session.say(order.subject() + ": " + order.text());
        }
    }

    void unblock() throws IOException, NotUnderstoodException {
        remove(Order.unblock(words), "no entry any more");
    }

    void unlimit() throws IOException, NotUnderstoodException {
        remove(Order.unlimit(words), "no limit any more");
    }

    /** Returns what stays of an entry, because others want it. */
    private static KernelFilter.@Nullable Entry left(KernelFilter filter, Order order) throws IOException {
        return order instanceof Order.Block block
                ? filter.find(block.kind(), block.about().entryText(), block.type())
                : null;
    }

    private void undo(KernelFilter filter, Order order) throws IOException {
        try {
            order.undo(filter, words.has(Option.WHOEVER) ? Whose.ANYBODY : Whose.OURS);
        } catch (KernelException e) {
            KernelFilter.Entry others = left(filter, order);
            if (others == null || others.wishes().isEmpty()) {
                throw e;
            }
            throw new KernelException(
                    e.reason(),
                    order.subject() + " is not the operator's but wanted by " + EntryRow.wishes(others)
                            + ": --whoever lifts it all the same",
                    e);
        }
    }

    private void remove(Order order, String state) throws IOException {
        KernelFilter.Entry left;
        try (KernelFilter filter = session.filter()) {
            session.checkTable(filter, order);
            undo(filter, order);
            left = left(filter, order);
        }
        if (session.json()) {
            Map<String, @Nullable Object> whole = order.json();
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (String key : List.of("kind", "subject", "type")) {
                row.put(key, whole.get(key));
            }
            row.put("removed", left == null);
            session.emit(row);
        } else {
            session.say(order.subject() + ": "
                    + (left == null
                            ? state
                            : EntryRow.action(left) + ", as others want it: " + EntryRow.wishes(left)
                                    + " (--whoever lifts it all the same)"));
        }
    }

    void list() throws IOException, NotUnderstoodException {
        Set<Kind> asked =
                kinds(words.operands().isEmpty() ? null : words.operands().getFirst());
        List<KernelFilter.Entry> entries;
        try (KernelFilter filter = session.filter()) {
            entries = filter.entries().stream()
                    .filter(entry -> asked.contains(entry.kind()))
                    .toList();
        }
        long now = System.nanoTime();
        if (session.json()) {
            session.out()
                    .print(Report.jsonLines(entries.stream()
                            .map(entry -> EntryRow.json(entry, now))
                            .toList()));
        } else {
            session.out().print(EntryRow.table(entries, now));
        }
    }

    private static Set<Kind> kinds(@Nullable String word) throws NotUnderstoodException {
        return switch (word) {
            case null -> EnumSet.allOf(Kind.class);
            case "addresses" -> EnumSet.of(Kind.IPV4, Kind.IPV6);
            case "ranges" -> EnumSet.of(Kind.CIDR4, Kind.CIDR6);
            case "names" -> EnumSet.of(Kind.QNAMES);
            case "suffixes" -> EnumSet.of(Kind.SUFFIXES);
            case "limits" -> EnumSet.of(Kind.RATES4, Kind.RATES6);
            default ->
                throw new NotUnderstoodException(
                        "'ls' lists addresses, ranges, names, suffixes or limits, not '" + word + "'");
        };
    }
}
