package dev.weir.engine.stat;

import dev.weir.engine.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Queries counted by a key of the operator's choice, the name unless told otherwise; switched off at first. The number of keys has no bound
 * but what is {@linkplain #clear cleared}. Any thread.
 */
public final class QueryCounts {
    /** Says which key a query counts under. */
    @FunctionalInterface
    public interface Filter {
        /** {@code null}: the query does not count. Called on the query's thread. */
        @Nullable String key(Query query);
    }

    /** How often a key was counted. */
    public record Count(String key, long queries) {}

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private volatile boolean enabled;
    private volatile Filter filter = query -> query.name().toString();

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
    public void count(Query query) {
        if (enabled) {
            String key = filter.key(query);
            if (key != null) {
                counts.computeIfAbsent(key, _ -> new LongAdder()).increment();
            }
        }
    }

    /** Number of keys. */
    public int size() {
        return counts.size();
    }

    /** All keys, the most frequent first. */
    public List<Count> all() {
        List<Count> all = new ArrayList<>();
        counts.forEach((key, count) -> all.add(new Count(key, count.sum())));
        all.sort((a, b) -> a.queries == b.queries ? a.key.compareTo(b.key) : Long.compare(b.queries, a.queries));
        return all;
    }

    /** Forgets all keys and returns how many there were. */
    public int clear() {
        int before = counts.size();
        counts.clear();
        return before;
    }
}
