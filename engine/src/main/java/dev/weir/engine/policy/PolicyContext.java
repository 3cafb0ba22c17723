package dev.weir.engine.policy;

import java.util.random.RandomGenerator;

/** What a policy may look at besides servers and query. One per data thread, refreshed for each batch. */
public interface PolicyContext {
    /** {@link System#nanoTime} of the batch. */
    long nowNanos();

    RandomGenerator random();

    /** Seed of the name hash ({@code setWHashedPerturbation}). */
    int hashSeed();

    /** {@code setWeightedBalancingFactor}; 0: servers are not skipped for load. */
    double weightedBalancingFactor();

    /** {@code setConsistentHashingBalancingFactor}; 0: servers are not skipped for load. */
    double consistentHashingBalancingFactor();

    boolean roundRobinFailOnNoServer();

    /** The next number of the process-wide round-robin counter. */
    int nextTurn();
}
