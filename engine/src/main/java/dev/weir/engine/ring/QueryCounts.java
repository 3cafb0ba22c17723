package dev.weir.engine.ring;

import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.StatShard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Queries counted by a key of the operator's choice, the name unless told otherwise; switched off at first. Any thread.
 *
 * <p>Clients choose the keys, so all of them together have {@link #ROOM}, that is about 100,000 of usual length: when it is used up, queries
 * of new keys are not counted until the counts are {@linkplain #clear cleared}, and {@link Counter#QUERY_COUNT_OVERFLOWS} tells how many.
 */
public final class QueryCounts {
    /** Says which key a query counts under. */
    @FunctionalInterface
    public interface Filter {
        /** {@code null}: the query does not count. Called on the query's thread. */
        @Nullable String key(Query query);
    }

    /** Each query counts under its name. */
    public static final Filter BY_NAME = query -> query.name().toString();

    /** How often a key was counted. */
    public record Count(String key, long queries) {}

    /** Octets that keys may take, two for each character and some for what is around them. */
    static final int ROOM = 16 << 20;

    private static final int OCTETS_AROUND_A_KEY = 112;

    /** The counts since they were last cleared, and what is left of the room. */
    private static final class Table {
        final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
        final AtomicInteger left = new AtomicInteger(ROOM);

        boolean count(String key, long times) {
            AtomicLong known = counts.get(key);
            if (known == null) {
                int octets = OCTETS_AROUND_A_KEY + 2 * key.length();
                if (left.addAndGet(-octets) < 0) {
                    left.addAndGet(octets);
                    return false;
                }
                AtomicLong fresh = new AtomicLong();
                known = counts.putIfAbsent(key, fresh);
                if (known == null) {
                    known = fresh;
                } else {
                    left.addAndGet(octets);
                }
            }
            known.getAndAdd(times);
            return true;
        }
    }

    private volatile Table table = new Table();
    private volatile boolean enabled;
    private volatile Filter filter = BY_NAME;

    public boolean enabled() {
        return enabled;
    }

    public void enable(boolean newEnabled) {
        enabled = newEnabled;
    }

    public void filter(Filter newFilter) {
        filter = newFilter;
    }

    /** Counts a query, if counting is switched on. */
    public void count(Query query, StatShard mine) {
        if (enabled) {
            String key = filter.key(query);
            if (key != null && !table.count(key, 1)) {
                mine.increment(Counter.QUERY_COUNT_OVERFLOWS);
            }
        }
    }

    /** Number of keys. */
    public int size() {
        return table.counts.size();
    }

    /** All keys, the most frequent first. */
    public List<Count> all() {
        return all(table);
    }

    private static List<Count> all(Table from) {
        List<Count> all = new ArrayList<>();
        from.counts.forEach((key, count) -> all.add(new Count(key, count.get())));
        all.sort((a, b) -> a.queries == b.queries ? a.key.compareTo(b.key) : Long.compare(b.queries, a.queries));
        return all;
    }

    /** All keys, which are forgotten. */
    public synchronized List<Count> take() {
        Table taken = table;
        table = new Table();
        return all(taken);
    }

    /** Counts again what was taken in vain, as far as there is room. */
    public void putBack(List<Count> taken) {
        taken.forEach(each -> table.count(each.key, each.queries));
    }

    /** Forgets all keys and returns how many there were. */
    public synchronized int clear() {
        int before = size();
        table = new Table();
        return before;
    }
}
