package dev.weir.app.xdp;

import dev.weir.app.bpf.Report;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.wire.RecordType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
        Subject subject = subject();
        MatchAction action = action();
        long lastsNanos = lasts();
        int type = type();
        if (action != MatchAction.PASS
                && subject.isEverything(words.has(Option.SUFFIX))
                && !words.has(Option.EVERYTHING)) {
            throw new NotUnderstoodException("'" + subject.text() + "' is everything: say --everything if it is meant");
        }
        boolean forever = lastsNanos == KernelFilter.FOREVER;
        if (!forever && subject instanceof Subject.Domain && !words.has(Option.SUFFIX)) {
            throw new NotUnderstoodException("entries of single names have no end: say --suffix, or no --for");
        }
        try (KernelFilter filter = session.filter()) {
            // Where no daemon runs nobody else makes room of what has ended.
            filter.purge(System.nanoTime());
            long end = forever ? KernelFilter.FOREVER : System.nanoTime() + lastsNanos;
            switch (subject) {
                case Subject.Address(var address, var text) -> filter.block(address, action, end);
                case Subject.Range(var range, var text) -> filter.addRange(range, action, false, end);
                case Subject.Domain(var name, var text) -> {
                    if (words.has(Option.SUFFIX)) {
                        filter.blockSuffix(name, type, action, end);
                    } else {
                        filter.blockName(name, type, action);
                    }
                }
            }
        }
        report(subject.text(), lower(action), forever ? "" : "for " + words.value(Option.FOR));
    }

    void unblock() throws IOException, NotUnderstoodException {
        Subject subject = subject();
        int type = type();
        try (KernelFilter filter = session.filter()) {
            switch (subject) {
                case Subject.Address(var address, var text) -> filter.unblock(address);
                case Subject.Range(var range, var text) -> filter.removeRange(range);
                case Subject.Domain(var name, var text) -> {
                    if (words.has(Option.SUFFIX)) {
                        filter.unblockSuffix(name, type);
                    } else {
                        filter.unblockName(name, type);
                    }
                }
            }
        }
        report(subject.text(), "no entry any more", "");
    }

    void limit() throws IOException, NotUnderstoodException {
        Netmask range = Subject.range(words.operands().getFirst());
        int rate = Words.number("a rate", words.operands().get(1), 1);
        int burst = words.number(Option.BURST, 1, rate);
        int slip = words.number(Option.SLIP, 0, 0);
        try (KernelFilter filter = session.filter()) {
            filter.rateLimit(range, rate, burst, slip);
        }
        report(range.toString(), rate + " queries/s", "burst " + burst + (slip == 0 ? "" : ", slip " + slip));
    }

    void unlimit() throws IOException, NotUnderstoodException {
        Netmask range = Subject.range(words.operands().getFirst());
        try (KernelFilter filter = session.filter()) {
            filter.removeRateLimit(range);
        }
        report(range.toString(), "no limit any more", "");
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
        session.out().print(session.json() ? json(entries, now) : table(entries, now));
    }

    /** An array with an object an entry; what an entry does not have is null. */
    private static String json(List<KernelFilter.Entry> entries, long nowNanos) {
        List<Object> rows = new ArrayList<>();
        for (KernelFilter.Entry entry : entries) {
            KernelFilter.Limit limit = entry.limit();
            boolean endless = entry.endNanos() == KernelFilter.FOREVER;
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("kind", kind(entry.kind()));
            row.put("subject", entry.subject());
            row.put("type", isNamed(entry) ? type(entry) : null);
            row.put("action", action(entry));
            row.put("hits", entry.hits());
            row.put(
                    "ends_in_seconds",
                    endless ? null : Math.max(0, TimeUnit.NANOSECONDS.toSeconds(entry.endNanos() - nowNanos)));
            row.put("rate", limit == null ? null : limit.queriesPerSecond());
            row.put("burst", limit == null ? null : limit.burst());
            row.put("slip", limit == null ? null : limit.slip());
            rows.add(row);
        }
        return Report.json(rows) + '\n';
    }

    private static String table(List<KernelFilter.Entry> entries, long nowNanos) {
        List<String> columns = new ArrayList<>(List.of("kind", "subject", "type", "action", "hits", "ends in"));
        boolean limits = entries.stream().anyMatch(entry -> entry.limit() != null);
        if (limits) {
            columns.addAll(List.of("rate", "burst", "slip"));
        }
        Report report = new Report(columns.toArray(String[]::new));
        for (KernelFilter.Entry entry : entries) {
            List<Object> row = new ArrayList<>(List.of(
                    kind(entry.kind()),
                    entry.subject(),
                    type(entry),
                    action(entry),
                    entry.hits(),
                    remaining(entry.endNanos(), nowNanos)));
            KernelFilter.Limit limit = entry.limit();
            if (limit != null) {
                row.addAll(List.of(limit.queriesPerSecond(), limit.burst(), limit.slip()));
            } else if (limits) {
                row.addAll(List.of("", "", ""));
            }
            report.add(row.toArray());
        }
        return report.table();
    }

    private Subject subject() throws NotUnderstoodException {
        Subject subject = Subject.parse(words.operands().getFirst());
        if (!(subject instanceof Subject.Domain) && (words.has(Option.SUFFIX) || words.has(Option.TYPE))) {
            throw new NotUnderstoodException("--suffix and --type are for names, " + subject.text() + " is none");
        }
        return subject;
    }

    private MatchAction action() throws NotUnderstoodException {
        String text = words.value(Option.ACTION);
        if (text == null) {
            return MatchAction.DROP;
        }
        return Arrays.stream(MatchAction.values())
                .filter(action -> lower(action).equals(text))
                .findFirst()
                .orElseThrow(() -> new NotUnderstoodException("--action is "
                        + Arrays.stream(MatchAction.values())
                                .map(Entries::lower)
                                .collect(Collectors.joining(", "))
                        + ", not '" + text + "'"));
    }

    private int type() throws NotUnderstoodException {
        String text = words.value(Option.TYPE);
        if (text == null) {
            return FilterSpec.ANY_TYPE;
        }
        int type = RecordType.parse(text);
        if (type < 0) {
            throw new NotUnderstoodException("'" + text + "' is not a record type");
        }
        return type;
    }

    /** Returns how long the entry is to last, in nanoseconds. */
    private long lasts() throws NotUnderstoodException {
        String text = words.value(Option.FOR);
        if (text == null) {
            return KernelFilter.FOREVER;
        }
        TimeUnit unit =
                switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
                    case 's' -> TimeUnit.SECONDS;
                    case 'm' -> TimeUnit.MINUTES;
                    case 'h' -> TimeUnit.HOURS;
                    case 'd' -> TimeUnit.DAYS;
                    default ->
                        throw new NotUnderstoodException(
                                "--for is a number with s, m, h or d behind, not '" + text + "'");
                };
        return unit.toNanos(Words.number("--for", text.substring(0, text.length() - 1), 1));
    }

    private void report(String subject, String state, String more) {
        if (session.json()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("subject", subject);
            row.put("state", state);
            session.out().println(Report.json(row));
        } else {
            session.out().println(subject + ": " + state + (more.isEmpty() ? "" : ", " + more));
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

    static String kind(Kind kind) {
        return switch (kind) {
            case IPV4, IPV6 -> "address";
            case CIDR4, CIDR6 -> "range";
            case QNAMES -> "name";
            case SUFFIXES -> "suffix";
            case RATES4, RATES6 -> "limit";
        };
    }

    static boolean isNamed(KernelFilter.Entry entry) {
        return entry.kind() == Kind.QNAMES || entry.kind() == Kind.SUFFIXES;
    }

    /** Returns the query type of an entry that has one. */
    static String type(KernelFilter.Entry entry) {
        if (!isNamed(entry)) {
            return "";
        }
        return entry.type() == FilterSpec.ANY_TYPE ? "any" : RecordType.toString(entry.type());
    }

    static String action(KernelFilter.Entry entry) {
        return MatchAction.ofNumber(entry.actionNumber()) == null
                ? "unknown (" + entry.actionNumber() + ")"
                : lower(entry.action());
    }

    private static String remaining(long endNanos, long nowNanos) {
        if (endNanos == KernelFilter.FOREVER) {
            return "";
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(endNanos - nowNanos);
        return endNanos <= nowNanos ? "has ended" : seconds + " s";
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
