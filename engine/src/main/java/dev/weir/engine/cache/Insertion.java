package dev.weir.engine.cache;

/** What became of an answer offered to the cache. */
public enum Insertion {
    /** It is in the cache now. */
    STORED,
    /** The same query's answer is there and lives at least as long. */
    KEPT,
    /** Another query's answer, not expired, is there under the same key. */
    COLLISION,
    /** The shard has its share of entries, or there is no memory for one more. */
    FULL,
    /** The shard was locked, and the cache is set not to wait. */
    DEFERRED,
    /** Its TTL is below the configured minimum. */
    TTL_TOO_SHORT,
    /** Too large, a zone transfer, without records, a temporary failure that is not to be cached, or broken. */
    NOT_CACHEABLE
}
