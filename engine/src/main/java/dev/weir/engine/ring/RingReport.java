package dev.weir.engine.ring;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.stat.LatencyHistogram;
import dev.weir.wire.Name;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the rings hold, summed up: the names, clients and latencies of the latest queries and responses. Each call walks over a ring once
 * and makes objects; it is for people, not for the maintenance of each moment. Any thread, one at a time.
 */
public final class RingReport {
    /** All labels of a name. */
    public static final int ALL_LABELS = -1;

    private final RingCursor queries;
    private final RingCursor responses;

    public RingReport(Rings rings) {
        queries = rings.queries();
        responses = rings.responses();
    }

    /**
     * A line of a list of the most frequent; the last one of each list is the rest.
     *
     * @param percent of all entries that were looked at; 100 for the rest if there were none
     */
    public record Row(String key, long count, double percent) {}

    /** Names that were asked for most. */
    public List<Row> queries(int most, int labels) {
        return names(queries.all(), most, labels, query -> true);
    }

    /** Names that were answered most with this code. */
    public List<Row> responses(int most, int rcode, int labels) {
        return names(responses.all(), most, labels, response -> !response.isTimeout() && response.rcode() == rcode);
    }

    /** Names whose answers took longer than this most often; timeouts are no answers. */
    public List<Row> slow(int most, long millis, int labels) {
        return names(
                responses.all(),
                most,
                labels,
                response -> !response.isTimeout() && response.latencyMicros() > millis * 1000);
    }

    /** Names that were not answered in time most often. */
    public List<Row> timeouts(int most, int labels) {
        return names(responses.all(), most, labels, RingCursor::isTimeout);
    }

    private static List<Row> names(RingCursor entries, int most, int labels, Predicate<RingCursor> wanted) {
        TopList<Name> list = new TopList<>();
        while (entries.next()) {
            if (wanted.test(entries)) {
                list.add(name(entries, labels), entries.weight());
            }
        }
        return list.rows(most);
    }

    /** The last labels of the entry's name in lower case. */
    private static Name name(RingCursor entry, int labels) {
        byte[] wire = entry.name().toLowerWire();
        int start = 0;
        if (labels != ALL_LABELS) {
            int excess = -labels;
            for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
                excess++;
            }
            for (; excess > 0; excess--) {
                start += wire[start] + 1;
            }
        }
        return Name.ofWire(wire, start, wire.length - start);
    }

    /** Addresses that asked most. */
    public List<Row> clients(int most) {
        TopList<IpAddress> list = new TopList<>();
        for (RingCursor query = queries.all(); query.next(); ) {
            list.add(query.client().ip(), query.weight());
        }
        return list.rows(most);
    }

    /** Addresses with most octets, of queries and responses together. */
    public List<Row> bandwidth(int most) {
        TopList<IpAddress> list = new TopList<>();
        for (RingCursor entry : List.of(queries.all(), responses.all())) {
            while (entry.next()) {
                list.add(entry.client().ip(), (long) entry.size() * entry.weight());
            }
        }
        return list.rows(most);
    }

    /** How long the responses took; timeouts left out. */
    public LatencyHistogram latency() {
        LatencyHistogram.Builder histogram = new LatencyHistogram.Builder();
        for (RingCursor response = responses.all(); response.next(); ) {
            if (!response.isTimeout()) {
                histogram.add(response.latencyMicros(), response.weight());
            }
        }
        return histogram.build();
    }
}
