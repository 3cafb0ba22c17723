package dev.weir.script.listing;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.ring.RingCursor;
import dev.weir.engine.ring.Rings;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Names;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code grepq()} prints: the latest queries and responses that selectors agree on, in the order of time. */
public final class RingListing {
    private static final Columns COLUMNS = new Columns("-7 -47 -12 -12 -5 -25 -5 -6 -2 -2 -2 0");
    private static final String HEADING =
            "Time    Client                                          Protocol     Server       ID    Name                  "
                    + "    Type  Lat.   TC RD AA Rcode\n";

    private RingListing() {}

    /**
     * What an entry must meet: all that is given.
     *
     * @param suffix the name, or a name above it
     * @param aboveMillis the latency in whole milliseconds must be larger; -1: any, and queries as well
     */
    public record Selection(
            @Nullable Netmask client, @Nullable Name suffix, int aboveMillis) {
        /**
         * Reads {@code 192.0.2.0/24}, {@code example.org} or {@code 100ms}. Of several of a kind the last one holds, as in dnsdist.
         *
         * @throws IllegalArgumentException if a text is none of these
         */
        public static Selection parse(List<String> texts) {
            Netmask client = null;
            Name suffix = null;
            int aboveMillis = -1;
            for (String text : texts) {
                int millis = millis(text);
                Netmask netmask = millis >= 0 ? null : netmask(text);
                if (millis >= 0) {
                    aboveMillis = millis;
                } else if (netmask != null) {
                    client = netmask;
                } else {
                    suffix = name(text);
                }
            }
            return new Selection(client, suffix, aboveMillis);
        }

        /** {@code -1} if it is no time. */
        private static int millis(String text) {
            String digits = text.endsWith("ms") ? text.substring(0, text.length() - 2) : "";
            boolean number =
                    !digits.isEmpty() && digits.length() < 10 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
            return number ? Integer.parseInt(digits) : -1;
        }

        private static @Nullable Netmask netmask(String text) {
            try {
                return Netmask.parse(text);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        private static Name name(String text) {
            try {
                return Name.parse(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Could not parse '" + text + "' as domain name or netmask", e);
            }
        }

        boolean matches(RingCursor entry) {
            return (client == null
                            || client.matches(
                                    entry.client().family(),
                                    entry.client().hi(),
                                    entry.client().lo()))
                    && (suffix == null || suffix.isSuffixOf(entry.nameBytes(), 0, entry.nameLength()))
                    && (aboveMillis < 0 || entry.isResponse() && entry.latencyMicros() / 1000 > aboveMillis);
        }
    }

    private record Line(long nanos, List<Object> cells) {}

    /**
     * @param most so many queries and as many responses; 0: all
     * @param nowNanos {@link System#nanoTime}, which times are shown relative to
     */
    public static String show(Rings rings, Selection selection, int most, long nowNanos) {
        List<Line> lines = new ArrayList<>(latest(rings.queries().all(), selection, most, nowNanos));
        lines.addAll(latest(rings.responses().all(), selection, most, nowNanos));
        lines.sort(Comparator.comparingLong(line -> line.nanos() - nowNanos));
        StringBuilder text = new StringBuilder(HEADING);
        for (Line line : lines) {
            COLUMNS.line(text, line.cells().toArray());
        }
        return text.toString();
    }

    private static List<Line> latest(RingCursor entries, Selection selection, int most, long nowNanos) {
        List<Line> lines = new ArrayList<>();
        while (entries.next()) {
            if (selection.matches(entries)) {
                lines.add(new Line(entries.nanos(), cells(entries, nowNanos)));
            }
        }
        lines.sort(Comparator.comparingLong(line -> line.nanos() - nowNanos));
        return most == 0 ? lines : lines.subList(Math.max(0, lines.size() - most), lines.size());
    }

    private static List<Object> cells(RingCursor entry, long nowNanos) {
        boolean response = entry.isResponse();
        boolean hit = response && entry.isCacheHit();
        return List.of(
                Columns.tenths((entry.nanos() - nowNanos) / 1e9),
                entry.client().toString(),
                hit ? "-" : entry.protocol().shortName(),
                !response ? "" : hit ? "Cache" : String.valueOf(entry.backend()),
                entry.id(),
                Names.toString(entry.nameBytes(), 0, entry.nameLength()),
                RecordType.toString(entry.type()),
                !response ? "" : entry.isTimeout() ? "T.O" : Columns.tenths(entry.latencyMicros() / 1000.0),
                flag(response, entry, Header.TC, "TC"),
                flag(true, entry, Header.RD, "RD"),
                flag(response, entry, Header.AA, "AA"),
                response ? outcome(entry) : "Question");
    }

    private static String flag(boolean shown, RingCursor entry, int flag, String text) {
        return shown && entry.has(flag) ? text : "";
    }

    private static String outcome(RingCursor response) {
        int rcode = response.rcode();
        String text = Rcode.phrase(rcode);
        return rcode == Rcode.NOERROR ? text + ". " + response.answers() + " answers" : text;
    }
}
