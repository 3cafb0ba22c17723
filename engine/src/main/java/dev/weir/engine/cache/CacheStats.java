package dev.weir.engine.cache;

/**
 * A cache's counters at one moment; those of different shards are read one after the other.
 *
 * @param entries answers held, expired ones included
 * @param maxEntries answers that may be held
 * @param hits lookups that gave an answer
 * @param misses lookups that found nothing, or nothing usable
 * @param deferredInserts answers not stored because the shard was locked
 * @param deferredLookups lookups given up because the shard was locked
 * @param lookupCollisions lookups that found another query's answer under their key
 * @param insertCollisions answers not stored because another query's answer had their key
 * @param ttlTooShorts answers not stored because their TTL was below the minimum
 * @param cleanupCount how often expired entries were looked for
 */
public record CacheStats(
        long entries,
        long maxEntries,
        long hits,
        long misses,
        long deferredInserts,
        long deferredLookups,
        long lookupCollisions,
        long insertCollisions,
        long ttlTooShorts,
        long cleanupCount) {}
