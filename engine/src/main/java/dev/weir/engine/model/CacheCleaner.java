package dev.weir.engine.model;

import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.pool.Pool;
import dev.weir.engine.task.FaultGuard;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Removes expired answers from all pools' caches, each {@link Setting#CACHE_CLEANING_DELAY}. A cache with {@code keepStaleData} is left
 * alone while a pool that uses it has servers, none of which is up: its expired answers may be all there is to give.
 *
 * <p>Belongs to the thread that calls it once a second or so.
 */
public final class CacheCleaner {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final FaultGuard GUARD = new FaultGuard("Error while cleaning a cache", "cache");

    private final Model model;
    private long lastNanos;

    /** @param nowNanos {@link System#nanoTime}, as in {@link #tick} */
    public CacheCleaner(Model model, long nowNanos) {
        this.model = model;
        this.lastNanos = nowNanos;
    }

    /** Cleans if it is time. */
    public void tick(long nowNanos) {
        if (nowNanos - lastNanos >= model.settings().number(Setting.CACHE_CLEANING_DELAY) * SECOND_NANOS) {
            lastNanos = nowNanos;
            clean(PacketCache.seconds(nowNanos));
        }
    }

    private void clean(long nowSeconds) {
        Map<String, Pool> pools = model.engine().snapshot().pools();
        Set<PacketCache> caches = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<PacketCache> spared = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Pool pool : pools.values()) {
            PacketCache cache = pool.cache();
            if (cache != null) {
                caches.add(cache);
                if (cache.spec().keepStaleData() && !pool.servers().isEmpty() && pool.countUp() == 0) {
                    spared.add(cache);
                }
            }
        }
        caches.removeAll(spared);
        int freed = Math.clamp(model.settings().number(Setting.CACHE_CLEANING_PERCENTAGE), 0, 100);
        for (PacketCache cache : caches) {
            GUARD.run(() ->
                    cache.purgeExpired((int) ((long) cache.spec().maxEntries() * (100 - freed) / 100), nowSeconds));
        }
    }
}
