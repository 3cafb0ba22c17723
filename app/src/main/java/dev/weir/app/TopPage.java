package dev.weir.app;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What {@code weir top} shows: rates from two looks at the statistics, and the tables that the console prints. It asks for nothing that
 * dnsdist's console does not know, so that it shows either. One thread.
 */
final class TopPage {
    private static final int MOST_SERVERS = 12;
    private static final int MOST_BLOCKS = 10;
    private static final int TOP = 8;
    private static final int WIDEST = 58;

    private final String name;
    private Map<String, Double> before = Map.of();
    private long beforeNanos;

    /** @param name of the server that is looked at */
    TopPage(String name) {
        this.name = name;
    }

    /** Asks through {@code ask}, a console's line to its answer, and makes the page. */
    String next(Function<String, String> ask, long nowNanos) {
        Map<String, Double> now = statistics(ask.apply("dumpStats()"));
        double seconds = before.isEmpty() ? 0 : (nowNanos - beforeNanos) / 1e9;
        StringBuilder page = new StringBuilder();
        page.append("Weir top - ").append(name).append(", up ").append(span(now.getOrDefault("uptime", 0.0)));
        page.append("    q: end\n\n");
        page.append(line(
                now,
                seconds,
                "Queries",
                "queries",
                "from backends",
                "responses",
                "from the cache",
                "cache-hits",
                "by rules",
                "self-answered"));
        page.append(line(
                now,
                seconds,
                "Stopped",
                "dyn-blocked",
                "by rules",
                "rule-drop",
                "by the ACL",
                "acl-drops",
                "malformed",
                "noncompliant-queries"));
        page.append(line(
                now,
                seconds,
                "Timeouts",
                "downstream-timeouts",
                "send errors",
                "downstream-send-errors",
                "no server",
                "no-policy",
                "SERVFAIL",
                "servfail-responses"));
        page.append(String.format(
                Locale.ROOT,
                "Latency    %.3f ms over the last 100 UDP answers, %.3f ms over 10,000; TCP %.3f ms%n",
                now.getOrDefault("latency-avg100", 0.0) / 1000,
                now.getOrDefault("latency-avg10000", 0.0) / 1000,
                now.getOrDefault("latency-tcp-avg100", 0.0) / 1000));
        page.append(String.format(
                Locale.ROOT,
                "Process    %.0f MB, %.0f descriptors, CPU %.0f %%%n%n",
                now.getOrDefault("real-memory-usage", 0.0) / (1 << 20),
                now.getOrDefault("fd-usage", 0.0),
                seconds > 0 ? (delta(now, "cpu-user-msec") + delta(now, "cpu-sys-msec")) / (10 * seconds) : 0));
        page.append(first(ask.apply("showServers()"), MOST_SERVERS + 1)).append('\n');
        page.append(first(ask.apply("showDynBlocks()"), MOST_BLOCKS + 1)).append('\n');
        page.append(sideBySide(
                "Clients that ask most\n" + ask.apply("topClients(" + TOP + ")"),
                "Names asked for most\n" + ask.apply("topQueries(" + TOP + ")")));
        before = now;
        beforeNanos = nowNanos;
        return page.toString();
    }

    /** The pairs of name and value that {@code dumpStats()} prints in two columns. */
    static Map<String, Double> statistics(String text) {
        Map<String, Double> all = new HashMap<>();
        String[] words = text.strip().split("\\s+", -1);
        for (int i = 0; i + 1 < words.length; i += 2) {
            try {
                all.put(words[i], Double.parseDouble(words[i + 1]));
            } catch (NumberFormatException e) {
                // A word of a later version's: the next pair may be as we know it.
                i--;
            }
        }
        return all;
    }

    private double delta(Map<String, Double> now, String metric) {
        return Math.max(0, now.getOrDefault(metric, 0.0) - before.getOrDefault(metric, 0.0));
    }

    /** Rates of four counters, each behind its word. */
    private String line(Map<String, Double> now, double seconds, String... wordsAndMetrics) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < wordsAndMetrics.length; i += 2) {
            String rate = seconds > 0 ? rate(delta(now, wordsAndMetrics[i + 1]) / seconds) : "-";
            line.append(
                    String.format(Locale.ROOT, i == 0 ? "%-10s %10s" : "   %s %s", wordsAndMetrics[i], rate + "/s"));
        }
        return line.append('\n').toString();
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 10 && perSecond > 0 ? "%.1f" : "%,.0f", perSecond);
    }

    private static String span(double seconds) {
        long all = (long) seconds;
        return String.format(
                Locale.ROOT, "%d d %02d:%02d:%02d", all / 86_400, all / 3600 % 24, all / 60 % 60, all % 60);
    }

    /** So many lines, and how many there are beyond. */
    private static String first(String text, int most) {
        List<String> lines = text.lines().toList();
        if (lines.size() <= most) {
            return String.join("\n", lines) + '\n';
        }
        return String.join("\n", lines.subList(0, most)) + "\n... and " + (lines.size() - most) + " more\n";
    }

    private static String sideBySide(String left, String right) {
        List<String> lefts = left.lines().toList();
        List<String> rights = right.lines().toList();
        StringBuilder both = new StringBuilder();
        for (int i = 0; i < Math.max(lefts.size(), rights.size()); i++) {
            String first = i < lefts.size() ? lefts.get(i) : "";
            String cut = first.length() > WIDEST ? first.substring(0, WIDEST) : first;
            both.append(String.format(Locale.ROOT, "%-" + WIDEST + "s  ", cut))
                    .append(i < rights.size() ? rights.get(i) : "")
                    .append('\n');
        }
        return both.toString();
    }
}
