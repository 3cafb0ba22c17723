package dev.weir.engine.pool;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pool while people change it; data threads see the {@link Pool} that {@link #freeze} makes of it. Locks the model it belongs to. */
public final class PoolModel {
    private final String name;
    private final Runnable changed;
    private final Object lock;
    private @Nullable PacketCache cache;
    private @Nullable Policy policy;
    private boolean ecs;
    private boolean zeroScope = true;
    private final List<Backend> servers = new ArrayList<>();

    /** @param changed to be told of each change */
    public PoolModel(String name, Runnable changed, Object lock) {
        this.name = name;
        this.changed = changed;
        this.lock = lock;
    }

    public String name() {
        return name;
    }

    public @Nullable PacketCache cache() {
        synchronized (lock) {
            return cache;
        }
    }

    /** @param newCache {@code null}: none */
    public void setCache(@Nullable PacketCache newCache) {
        synchronized (lock) {
            cache = newCache;
            changed.run();
        }
    }

    public @Nullable Policy policy() {
        synchronized (lock) {
            return policy;
        }
    }

    public void setPolicy(@Nullable Policy newPolicy) {
        synchronized (lock) {
            policy = newPolicy;
            changed.run();
        }
    }

    public boolean ecs() {
        synchronized (lock) {
            return ecs;
        }
    }

    /** Whether the client's subnet is sent on whatever the servers say. */
    public void setEcs(boolean enabled) {
        synchronized (lock) {
            ecs = enabled;
            changed.run();
        }
    }

    public boolean zeroScope() {
        synchronized (lock) {
            return zeroScope;
        }
    }

    public void setZeroScope(boolean enabled) {
        synchronized (lock) {
            zeroScope = enabled;
            changed.run();
        }
    }

    /** Adds a server; once is enough. */
    public void add(Backend server) {
        synchronized (lock) {
            if (!servers.contains(server)) {
                servers.add(server);
                changed.run();
            }
        }
    }

    public void remove(Backend server) {
        synchronized (lock) {
            if (servers.remove(server)) {
                changed.run();
            }
        }
    }

    /** The servers, sorted by order, then by age. */
    public List<Backend> servers() {
        synchronized (lock) {
            List<Backend> sorted = new ArrayList<>(servers);
            sorted.sort(Backend.BY_ORDER);
            return sorted;
        }
    }

    /**
     * The pool as data threads see it until the next change.
     *
     * @param global the policy that holds where the pool has none
     */
    public Pool freeze(Policy global, int hashSeed) {
        synchronized (lock) {
            List<Backend> sorted = servers();
            if ((policy == null ? global : policy) instanceof Policy.ConsistentHashed) {
                sorted.forEach(server -> server.prepareHashPoints(hashSeed));
            }
            boolean uniform = true;
            for (Backend server : sorted) {
                uniform &= agree(server.spec(), sorted.getFirst().spec());
            }
            boolean allEcs = uniform
                    && !sorted.isEmpty()
                    && sorted.getFirst().spec().additions().clientSubnet();
            boolean noZeroScope = uniform
                    && !sorted.isEmpty()
                    && sorted.getFirst().spec().additions().disableZeroScope();
            return new Pool(name, cache, policy, sorted, ecs || allEcs, zeroScope && !noZeroScope, uniform);
        }
    }

    private static boolean agree(BackendSpec a, BackendSpec b) {
        return a.additions().clientSubnet() == b.additions().clientSubnet()
                && a.additions().disableZeroScope() == b.additions().disableZeroScope()
                && a.tcp().only() == b.tcp().only();
    }
}
