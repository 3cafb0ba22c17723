package dev.weir.app.xdp;

import dev.weir.app.bpf.Report;
import dev.weir.engine.kernel.KernelFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** {@code top}: the entries that are hit most, again and again. */
final class Top {
    private static final int DEFAULT_COUNT = 20;
    /** Cursor to the first line, and nothing below. */
    private static final String CLEAR = "\033[H\033[2J";

    private final Session session;

    /** An entry at two times. */
    record Row(KernelFilter.Entry entry, double perSecond) {}

    Top(Session session) {
        this.session = session;
    }

    void run() throws IOException, NotUnderstoodException {
        int count = session.words().number(Option.COUNT, 1, DEFAULT_COUNT);
        long intervalNanos = interval();
        boolean once = session.words().has(Option.ONCE);
        boolean screen = !once && !session.json() && isTerminal();
        try (KernelFilter filter = session.filter()) {
            Map<String, Long> before = hits(filter.entries());
            long beforeNanos = System.nanoTime();
            do {
                pauseUntil(beforeNanos + intervalNanos);
                List<KernelFilter.Entry> entries = filter.entries();
                long nowNanos = System.nanoTime();
                double seconds = (nowNanos - beforeNanos) / 1e9;
                print(rows(entries, before, seconds, count), seconds, screen);
                before = hits(entries);
                beforeNanos = nowNanos;
            } while (!once && !session.out().checkError());
        }
    }

    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }

    private long interval() throws NotUnderstoodException {
        String text = session.words().value(Option.INTERVAL);
        if (text == null) {
            return 1_000_000_000L;
        }
        try {
            double seconds = Double.parseDouble(text);
            if (seconds >= 0.1 && seconds <= 86_400) {
                return (long) (seconds * 1e9);
            }
        } catch (NumberFormatException e) {
            // The same message serves both.
        }
        throw new NotUnderstoodException("--interval is a number of seconds from 0.1 on, not '" + text + "'");
    }

    private static void pauseUntil(long endNanos) {
        for (long left = endNanos - System.nanoTime(); left > 0; left = endNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static Map<String, Long> hits(List<KernelFilter.Entry> entries) {
        Map<String, Long> hits = new HashMap<>();
        entries.forEach(entry -> hits.put(key(entry), entry.hits()));
        return hits;
    }

    private static String key(KernelFilter.Entry entry) {
        return entry.kind() + " " + entry.subject() + " " + entry.type();
    }

    /** An entry that was removed and made anew starts at zero: what it has now came since. */
    static List<Row> rows(List<KernelFilter.Entry> entries, Map<String, Long> before, double seconds, int count) {
        return entries.stream()
                .map(entry -> {
                    long was = before.getOrDefault(key(entry), 0L);
                    long came = entry.hits() >= was ? entry.hits() - was : entry.hits();
                    return new Row(entry, came / seconds);
                })
                .filter(row -> row.entry.hits() > 0)
                .sorted(Comparator.comparingDouble(Row::perSecond)
                        .thenComparingLong(row -> row.entry.hits())
                        .reversed())
                .limit(count)
                .toList();
    }

    private void print(List<Row> rows, double seconds, boolean screen) {
        if (session.json()) {
            long now = System.nanoTime();
            List<Object> entries = new ArrayList<>();
            for (Row row : rows) {
                Map<String, @Nullable Object> entry = EntryRow.json(row.entry, now);
                entry.put("per_second", Math.round(row.perSecond * 10) / 10.0);
                entries.add(entry);
            }
            Map<String, Object> look = new LinkedHashMap<>();
            look.put("time", Instant.now().toString());
            look.put("seconds", Math.round(seconds * 1000) / 1000.0);
            look.put("entries", entries);
            session.emit(look);
            session.out().flush();
            return;
        }
        Report report = new Report("hits/s", "hits", "kind", "subject", "type", "action");
        for (Row row : rows) {
            report.add(
                    String.format(Locale.ROOT, "%.1f", row.perSecond),
                    row.entry.hits(),
                    EntryRow.kind(row.entry.kind()),
                    row.entry.subject(),
                    EntryRow.type(row.entry),
                    EntryRow.action(row.entry));
        }
        session.out().print((screen ? CLEAR : "") + report.table());
        session.out().flush();
    }
}
