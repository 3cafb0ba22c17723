package dev.weir.engine.cache;

/** What a cache is asked: filled anew for each look-up, so that a thread keeps one. Holds on to the last packet. Not for several threads at once. */
public final class CacheQuery {
    long key;
    CacheIdentity identity = new CacheIdentity();
    byte[] packet = {};
    int nameLength;
    int clientFlags;
    long nowSeconds;
    int staleSeconds;
    int options;

    /**
     * Sets the query, to be looked for without options.
     *
     * @param key of the cache that will be asked: {@link PacketCache#key}
     * @param packet begins with header and question
     * @param clientFlags flags word of the query as it came, whatever rules made of it
     */
    public CacheQuery of(long key, CacheIdentity identity, byte[] packet, int nameLength, int clientFlags) {
        this.key = key;
        this.identity = identity;
        this.packet = packet;
        this.nameLength = nameLength;
        this.clientFlags = clientFlags;
        options = 0;
        return this;
    }

    /**
     * Sets the time.
     *
     * @param nowSeconds as {@link PacketCache#seconds} counts
     * @param staleSeconds how long after its time an answer may be used: 0 if a backend is there
     */
    public CacheQuery at(long nowSeconds, int staleSeconds) {
        this.nowSeconds = nowSeconds;
        this.staleSeconds = staleSeconds;
        return this;
    }

    /** Sets {@link PacketCache#REFUSE_TRUNCATED}, {@link PacketCache#MISS_NOT_COUNTED}, or both. */
    public CacheQuery options(int options) {
        this.options = options;
        return this;
    }
}
