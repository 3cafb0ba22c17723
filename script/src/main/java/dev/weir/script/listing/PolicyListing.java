package dev.weir.script.listing;

import dev.weir.engine.model.Model;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.PoolModel;

/** What {@code showServerPolicy()} and {@code showPoolServerPolicy()} print: a policy's name. */
public final class PolicyListing {
    private PolicyListing() {}

    /** The global policy. */
    public static String show(Model model) {
        return model.policy().name() + "\n";
    }

    /**
     * The policy that a pool goes by.
     *
     * @throws IllegalArgumentException if there is no such pool
     */
    public static String show(Model model, String poolName) {
        PoolModel pool = model.findPool(poolName);
        if (pool == null) {
            throw new IllegalArgumentException("No pool named " + poolName);
        }
        Policy own = pool.policy();
        return (own == null ? model.policy() : own).name() + "\n";
    }
}
