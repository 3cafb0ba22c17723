package dev.weir.engine.pool;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Backends that share a cache and a policy, as one {@link dev.weir.engine.model.Snapshot} sees them. Servers are sorted by order, and numbered
 * from 1 for people and Lua.
 *
 * @param policy {@code null}: the global one
 * @param ecs whether the client's subnet is sent on whatever its servers say
 * @param zeroScope whether answers with scope 0 may be cached for everybody
 * @param uniform whether all servers agree on client subnet, zero scope and TCP only, so that the cache key does not depend on the one
 *     chosen
 */
public record Pool(
        String name,
        @Nullable PacketCache cache,
        @Nullable Policy policy,
        List<Backend> servers,
        boolean ecs,
        boolean zeroScope,
        boolean uniform) {

    public Pool {
        servers = List.copyOf(servers);
    }

    /** Number of servers that are up. */
    public int countUp() {
        int up = 0;
        for (int i = 0; i < servers.size(); i++) {
            up += servers.get(i).isUp() ? 1 : 0;
        }
        return up;
    }

    public boolean hasUsable() {
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).isUsable()) {
                return true;
            }
        }
        return false;
    }

    /** Queries in flight to its servers. */
    public long outstanding() {
        long sum = 0;
        for (int i = 0; i < servers.size(); i++) {
            sum += servers.get(i).outstanding();
        }
        return sum;
    }
}
