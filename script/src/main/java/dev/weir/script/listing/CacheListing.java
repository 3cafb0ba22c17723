package dev.weir.script.listing;

import dev.weir.engine.cache.CacheStats;

/** What {@code PacketCache:printStats()} prints. */
public final class CacheListing {
    private CacheListing() {}

    public static String printStats(CacheStats stats) {
        return "Entries: " + stats.entries() + "/" + stats.maxEntries() + "\n"
                + "Hits: " + stats.hits() + "\n"
                + "Misses: " + stats.misses() + "\n"
                + "Deferred inserts: " + stats.deferredInserts() + "\n"
                + "Deferred lookups: " + stats.deferredLookups() + "\n"
                + "Lookup Collisions: " + stats.lookupCollisions() + "\n"
                + "Insert Collisions: " + stats.insertCollisions() + "\n"
                + "TTL Too Shorts: " + stats.ttlTooShorts() + "\n"
                + "Cleanup Count: " + stats.cleanupCount() + "\n";
    }
}
