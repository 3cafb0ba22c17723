package dev.weir.engine.query;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.CacheIdentity;
import dev.weir.engine.cache.PacketCache;
import org.jspecify.annotations.Nullable;

/**
 * What the walk found out on the query's way: cache and key, backend and times, what was added to the packet, where the answer came from.
 * Written by the walk alone, but for {@link #sentAt}, which transports write too; forgotten when the query is processed again.
 */
public final class WalkFindings {
    private @Nullable Backend backend;
    private boolean backendChosen;
    private long sentNanos;
    private @Nullable PacketCache cache;
    private long cacheKey;
    private long cacheKeyWithoutSubnet;
    private boolean zeroScopeTried;
    private final CacheIdentity cacheIdentity = new CacheIdentity();
    private int ecsChange;
    private boolean ecsAdded;
    private boolean optAdded;
    private boolean selfAnswered;
    private boolean cacheHit;
    private boolean staleHit;

    WalkFindings() {}

    /** Nothing is known yet, as before each look-up. {@link #cacheIdentity} is whole whenever it is set. */
    void begin() {
        forgetBackend();
        sentNanos = 0;
        cache = null;
        cacheKey = 0;
        cacheKeyWithoutSubnet = 0;
        zeroScopeTried = false;
        ecsChange = 0;
        ecsAdded = false;
        optAdded = false;
        selfAnswered = false;
        cacheHit = false;
        staleHit = false;
    }

    // ---- the backend

    /** The backend it was handed to. */
    public @Nullable Backend backend() {
        return backend;
    }

    /** Keeps what the policy said: {@code null} if it found nobody. */
    public void setBackend(@Nullable Backend newBackend) {
        backend = newBackend;
        backendChosen = true;
    }

    /** Whether the policy was asked, whatever it said. */
    public boolean backendChosen() {
        return backendChosen;
    }

    public void forgetBackend() {
        backend = null;
        backendChosen = false;
    }

    /** When it went to the backend, as {@link System#nanoTime}. */
    public long sentNanos() {
        return sentNanos;
    }

    public void sentAt(long nanos) {
        sentNanos = nanos;
    }

    // ---- the cache

    /** Where its answer is looked up and stored; null if nowhere. */
    public @Nullable PacketCache cache() {
        return cache;
    }

    public void setCache(@Nullable PacketCache newCache) {
        cache = newCache;
    }

    public long cacheKey() {
        return cacheKey;
    }

    public void setCacheKey(long key) {
        cacheKey = key;
    }

    public long cacheKeyWithoutSubnet() {
        return cacheKeyWithoutSubnet;
    }

    public void setCacheKeyWithoutSubnet(long key) {
        cacheKeyWithoutSubnet = key;
        zeroScopeTried = true;
    }

    /** The query is no longer the one that was looked up without a subnet, or its answer goes to another cache. */
    public void forgetZeroScope() {
        zeroScopeTried = false;
    }

    public boolean zeroScopeTried() {
        return zeroScopeTried;
    }

    /** What an answer in the cache must agree on with this query. */
    public CacheIdentity cacheIdentity() {
        return cacheIdentity;
    }

    // ---- what was added to the packet

    /** What {@link dev.weir.wire.ClientSubnetEditor} did to the query. */
    public int ecsChange() {
        return ecsChange;
    }

    public void setEcsAdded(int change) {
        ecsChange = change;
        ecsAdded = change != 0;
    }

    public boolean ecsAdded() {
        return ecsAdded;
    }

    /** Whether the query goes to its backend with an OPT that the client did not send. */
    public boolean optAdded() {
        return optAdded;
    }

    public void setOptAdded(boolean added) {
        optAdded = added;
    }

    // ---- where the answer came from

    public boolean selfAnswered() {
        return selfAnswered;
    }

    public void setSelfAnswered() {
        selfAnswered = true;
    }

    public boolean cacheHit() {
        return cacheHit;
    }

    public void setCacheHit(boolean stale) {
        cacheHit = true;
        staleHit = stale;
    }

    /** Answered from an expired entry, because no backend could answer. */
    public boolean staleHit() {
        return staleHit;
    }
}
