package dev.weir.engine.block;

import dev.weir.engine.acl.AddressHash;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.ring.RingCursor;
import dev.weir.engine.ring.Rings;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.Statistics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the clients that exceed limits: one pass over the ring of queries, one over that of responses, with a row of counters per client
 * and a pair of columns per limit (what it counts, and the responses it is a share of). Used by one thread at a time; its tables are used
 * again at the next run.
 */
final class ClientScan {
    private final RingCursor queries;
    private final RingCursor responses;
    private final ClientCounters counters;
    private final Statistics statistics;
    private long[] oldest = {};

    ClientScan(Rings rings, AddressHash hash, Statistics statistics) {
        queries = rings.queries();
        responses = rings.responses();
        counters = new ClientCounters(hash);
        this.statistics = statistics;
    }

    /** Takes what a scan finds. */
    interface Finding {
        /**
         * A client exceeds a limit, the first one in the order of evaluation, or its warning threshold.
         *
         * @param port first port of the part of the ports that was counted
         * @param count what the limit counted
         */
        void exceeded(int family, long hi, long lo, int port, Limit limit, boolean warning, long count);
    }

    /**
     * Counts and compares.
     *
     * @param limits in the order of evaluation
     * @param ranges whom not to count, by the negated sense of {@link NetmaskGroup}: a network that is in and not negated is left out;
     *     {@code null}: count all
     */
    void run(List<Limit> limits, Masks masks, @Nullable NetmaskGroup ranges, long nowNanos, Finding finding) {
        counters.clear(2 * limits.size());
        if (oldest.length < limits.size()) {
            oldest = new long[limits.size()];
        }
        int querySeconds = 0;
        int responseSeconds = 0;
        for (int i = 0; i < limits.size(); i++) {
            Limit limit = limits.get(i);
            oldest[i] = nowNanos - limit.seconds() * BlockSpec.SECOND_NANOS;
            if (limit.kind().ofResponses()) {
                responseSeconds = Math.max(responseSeconds, limit.seconds());
            } else {
                querySeconds = Math.max(querySeconds, limit.seconds());
            }
        }
        if (querySeconds > 0) {
            queries.since(nowNanos - querySeconds * BlockSpec.SECOND_NANOS);
            count(queries, limits, masks, ranges, false);
        }
        if (responseSeconds > 0) {
            responses.since(nowNanos - responseSeconds * BlockSpec.SECOND_NANOS);
            count(responses, limits, masks, ranges, true);
        }
        for (int client = 0; client < counters.clients(); client++) {
            compare(client, limits, finding);
        }
    }

    /** Whether anything was recorded after that time. */
    boolean hasNews(long sinceNanos) {
        return queries.since(sinceNanos).next() || responses.since(sinceNanos).next();
    }

    private void count(
            RingCursor entries, List<Limit> limits, Masks masks, @Nullable NetmaskGroup ranges, boolean ofResponses) {
        long unseen = 0;
        while (entries.next()) {
            Peer client = entries.client();
            if (ranges != null && isExcluded(ranges, client)) {
                continue;
            }
            int row = row(client, masks);
            if (row < 0) {
                unseen++;
                continue;
            }
            int weight = entries.weight();
            for (int i = 0; i < limits.size(); i++) {
                Limit limit = limits.get(i);
                if (limit.kind().ofResponses() == ofResponses && entries.nanos() - oldest[i] >= 0) {
                    counters.add(row, 2 * i, weight * amount(limit, entries));
                    counters.add(row, 2 * i + 1, weight);
                }
            }
        }
        if (unseen > 0) {
            statistics.add(Counter.DYN_BLOCK_UNSEEN, unseen);
        }
    }

    private static boolean isExcluded(NetmaskGroup ranges, Peer client) {
        Netmask closest = ranges.lookup(client.family(), client.hi(), client.lo());
        return closest != null && !closest.negated();
    }

    private int row(Peer client, Masks masks) {
        if (client.family() == 4) {
            long lo = client.lo() & IpAddress.maskLo4(masks.v4());
            return counters.client(4, 0, lo, client.port() & ClientRange.portMask(masks.portBits()));
        }
        long hi = client.hi() & IpAddress.maskHi6(masks.v6());
        return counters.client(6, hi, client.lo() & IpAddress.maskLo6(masks.v6()), 0);
    }

    private static long amount(Limit limit, RingCursor entry) {
        boolean counts =
                switch (limit.kind()) {
                    case QUERY_RATE, BYTE_RATE -> true;
                    case TYPE_RATE -> entry.type() == limit.code();
                    case RCODE_RATE, RCODE_RATIO -> entry.rcode() == limit.code();
                    case CACHE_MISS_RATIO -> !entry.isCacheHit();
                    case ALLOWED_RCODES_RATIO -> !limit.allowed().contains(entry.rcode());
                };
        if (!counts) {
            return 0;
        }
        return limit.kind() == Limit.Kind.BYTE_RATE ? entry.size() : 1;
    }

    /** A limit that is exceeded wins over a warning, wherever they stand. */
    private void compare(int client, List<Limit> limits, Finding finding) {
        for (int i = 0; i < limits.size(); i++) {
            Limit limit = limits.get(i);
            if (limit.exceeds(limit.most(), counters.count(client, 2 * i), counters.count(client, 2 * i + 1))) {
                report(client, i, limit, false, finding);
                return;
            }
        }
        for (int i = 0; i < limits.size(); i++) {
            Limit limit = limits.get(i);
            if (limit.warning() > 0
                    && limit.exceeds(
                            limit.warning(), counters.count(client, 2 * i), counters.count(client, 2 * i + 1))) {
                report(client, i, limit, true, finding);
                return;
            }
        }
    }

    private void report(int client, int column, Limit limit, boolean warning, Finding finding) {
        finding.exceeded(
                counters.family(client),
                counters.hi(client),
                counters.lo(client),
                counters.port(client),
                limit,
                warning,
                counters.count(client, 2 * column));
    }
}
