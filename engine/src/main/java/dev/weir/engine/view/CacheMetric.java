package dev.weir.engine.view;

import static dev.weir.engine.stat.Metric.Type.COUNTER;
import static dev.weir.engine.stat.Metric.Type.GAUGE;

import dev.weir.engine.cache.CacheStats;
import dev.weir.engine.stat.Metric;
import java.util.List;
import java.util.function.ToLongFunction;

/** What is known of the cache of each pool that has one, under the names that dnsdist has. */
public enum CacheMetric implements Metric {
    SIZE("cache-size", "maxEntries", GAUGE, "Answers that the cache may hold", CacheStats::maxEntries),
    ENTRIES("cache-entries", "entries", GAUGE, "Answers that the cache holds", CacheStats::entries),
    HITS("cache-hits", "hits", COUNTER, "Look-ups that gave an answer", CacheStats::hits),
    MISSES("cache-misses", "misses", COUNTER, "Look-ups in vain", CacheStats::misses),
    DEFERRED_INSERTS(
            "cache-deferred-inserts",
            "deferredInserts",
            COUNTER,
            "Answers not stored because the shard was locked",
            CacheStats::deferredInserts),
    DEFERRED_LOOKUPS(
            "cache-deferred-lookups",
            "deferredLookups",
            COUNTER,
            "Look-ups given up because the shard was locked",
            CacheStats::deferredLookups),
    LOOKUP_COLLISIONS(
            "cache-lookup-collisions",
            "lookupCollisions",
            COUNTER,
            "Look-ups that found another query's answer under their key",
            CacheStats::lookupCollisions),
    INSERT_COLLISIONS(
            "cache-insert-collisions",
            "insertCollisions",
            COUNTER,
            "Answers not stored because another query's answer had their key",
            CacheStats::insertCollisions),
    TTL_TOO_SHORTS(
            "cache-ttl-too-shorts",
            "ttlTooShorts",
            COUNTER,
            "Answers not stored because their TTL was below the minimum",
            CacheStats::ttlTooShorts),
    CLEANUP_COUNT(
            "cache-cleanup-count",
            "cleanupCount",
            COUNTER,
            "How often expired answers were looked for",
            CacheStats::cleanupCount);

    private static final List<String> LABELS = List.of("pool");

    private final String metric;
    private final String luaKey;
    private final Type type;
    private final String sentence;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final ToLongFunction<CacheStats> reading;

    CacheMetric(String metric, String luaKey, Type type, String sentence, ToLongFunction<CacheStats> reading) {
        this.metric = metric;
        this.luaKey = luaKey;
        this.type = type;
        this.sentence = sentence;
        this.reading = reading;
    }

    public long read(CacheStats stats) {
        return reading.applyAsLong(stats);
    }

    /** The key in the table that {@code PacketCache:getStats()} returns. */
    public String luaKey() {
        return luaKey;
    }

    /** Carbon's name too. */
    @Override
    public String metric() {
        return metric;
    }

    @Override
    public String prometheusName() {
        return Metric.prometheusName("dnsdist_pool_", metric) + (this == CLEANUP_COUNT ? "_total" : "");
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public String sentence() {
        return sentence;
    }

    @Override
    public List<String> labels() {
        return LABELS;
    }
}
