package dev.weir.engine.view;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.CacheStats;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.model.Model;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.PoolModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool as people see it at one moment.
 *
 * @param name empty for the default pool
 * @param cache null: it has none
 * @param policy its own, or else the global one
 */
public record PoolView(String name, @Nullable CacheStats cache, String policy, List<Backend> servers) {
    /** All pools, by name. */
    public static List<PoolView> all(Model model) {
        Policy global = model.policy();
        return model.pools().stream().map(pool -> of(pool, global)).toList();
    }

    private static PoolView of(PoolModel pool, Policy global) {
        PacketCache cache = pool.cache();
        Policy own = pool.policy();
        return new PoolView(
                pool.name(),
                cache == null ? null : cache.stats(),
                (own == null ? global : own).name(),
                List.copyOf(pool.servers()));
    }

    /** Number of servers that are up. */
    public int countUp() {
        return (int) servers.stream().filter(Backend::isUp).count();
    }
}
