package dev.weir.app.xdp;

import dev.weir.app.bpf.Report;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.wire.RecordType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How an entry of a table is shown, to people and to programs. */
final class EntryRow {
    private EntryRow() {}

    /** For programs; what an entry does not have is null. */
    static Map<String, @Nullable Object> json(KernelFilter.Entry entry, long nowNanos) {
        KernelFilter.Limit limit = entry.limit();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("kind", kind(entry.kind()));
        row.put("subject", entry.subject());
        row.put("type", isNamed(entry) ? type(entry) : null);
        row.put("action", action(entry));
        row.put("hits", entry.hits());
        row.put("ends_in_seconds", seconds(entry.endNanos(), nowNanos));
        row.put("rate", limit == null ? null : limit.queriesPerSecond());
        row.put("burst", limit == null ? null : limit.burst());
        row.put("slip", limit == null ? null : limit.slip());
        row.put("per", limit == null || limit.per() == 0 ? null : limit.per());
        row.put(
                "wishes",
                entry.wishes().stream().map(wish -> wish(wish, nowNanos)).toList());
        return row;
    }

    private static Map<String, @Nullable Object> wish(KernelFilter.Wish wish, long nowNanos) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("origin", wish.origin().isEmpty() ? null : wish.origin());
        row.put("action", action(wish.actionNumber()));
        row.put("ends_in_seconds", seconds(wish.endNanos(), nowNanos));
        row.put("reason", wish.reason().isEmpty() ? null : wish.reason());
        return row;
    }

    /** Who wants an entry, and why, for people; empty if nobody has left a name. */
    static String wishes(KernelFilter.Entry entry) {
        return entry.wishes().stream()
                .map(wish -> (wish.origin().isEmpty() ? "operator" : wish.origin())
                        + (wish.reason().isEmpty() ? "" : " (" + wish.reason() + ")"))
                .distinct()
                .collect(Collectors.joining("; "));
    }

    /** What is left, rounded to the nearest, 0 for what has ended, null for what has no end. */
    private static @Nullable Long seconds(long endNanos, long nowNanos) {
        if (endNanos == KernelFilter.FOREVER) {
            return null;
        }
        long half = TimeUnit.MILLISECONDS.toNanos(500);
        return Math.max(0, TimeUnit.NANOSECONDS.toSeconds(endNanos - nowNanos + half));
    }

    /** For people. */
    static String table(List<KernelFilter.Entry> entries, long nowNanos) {
        List<String> columns = new ArrayList<>(List.of("kind", "subject", "type", "action", "hits", "ends in"));
        boolean limits = entries.stream().anyMatch(entry -> entry.limit() != null);
        if (limits) {
            columns.addAll(List.of("rate", "burst", "slip", "per"));
        }
        boolean wishes = entries.stream().anyMatch(entry -> !entry.wishes().isEmpty());
        if (wishes) {
            columns.add("wanted by");
        }
        Report report = new Report(columns.toArray(String[]::new));
        for (KernelFilter.Entry entry : entries) {
            List<Object> row = new ArrayList<>(List.of(
                    kind(entry.kind()),
                    entry.subject(),
                    isNamed(entry) ? type(entry) : "",
                    action(entry),
                    entry.hits(),
                    remaining(entry.endNanos(), nowNanos)));
            KernelFilter.Limit limit = entry.limit();
            if (limit != null) {
                row.addAll(List.of(
                        limit.queriesPerSecond(),
                        limit.burst(),
                        limit.slip(),
                        limit.per() == 0 ? "" : "/" + limit.per()));
            } else if (limits) {
                row.addAll(List.of("", "", "", ""));
            }
            if (wishes) {
                row.add(wishes(entry));
            }
            report.add(row.toArray());
        }
        return report.table();
    }

    private static String remaining(long endNanos, long nowNanos) {
        if (endNanos == KernelFilter.FOREVER) {
            return "";
        }
        return endNanos <= nowNanos ? "has ended" : TimeUnit.NANOSECONDS.toSeconds(endNanos - nowNanos) + " s";
    }

    static String kind(Kind kind) {
        return switch (kind) {
            case IPV4, IPV6 -> "address";
            case CIDR4, CIDR6 -> "range";
            case QNAMES -> "name";
            case SUFFIXES -> "suffix";
            case RATES4, RATES6 -> "limit";
        };
    }

    /** Whether an entry has a query type. */
    static boolean isNamed(KernelFilter.Entry entry) {
        return entry.kind() == Kind.QNAMES || entry.kind() == Kind.SUFFIXES;
    }

    /** Returns the query type of an entry that has one. */
    static String type(KernelFilter.Entry entry) {
        return type(entry.type());
    }

    static String type(int type) {
        return type == FilterSpec.ANY_TYPE ? "any" : RecordType.toString(type);
    }

    static String action(KernelFilter.Entry entry) {
        return action(entry.actionNumber());
    }

    private static String action(int number) {
        MatchAction known = MatchAction.ofNumber(number);
        return known == null ? "unknown (" + number + ")" : lower(known);
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
