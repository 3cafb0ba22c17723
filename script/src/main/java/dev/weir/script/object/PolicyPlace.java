package dev.weir.script.object;

import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Setting;
import dev.weir.engine.policy.PolicyContext;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** What a policy looks at when the operator's code asks it, and no data thread. Any thread. */
record PolicyPlace(Context context) implements PolicyContext {
    private LiveSettings settings() {
        return context.model.settings();
    }

    @Override
    public long nowNanos() {
        return System.nanoTime();
    }

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }

    @Override
    public int hashSeed() {
        return settings().number(Setting.HASH_PERTURBATION);
    }

    @Override
    public double weightedBalancingFactor() {
        return settings().factor(Setting.WEIGHTED_BALANCING_FACTOR);
    }

    @Override
    public double consistentHashingBalancingFactor() {
        return settings().factor(Setting.CONSISTENT_HASHING_BALANCING_FACTOR);
    }

    @Override
    public boolean roundRobinFailOnNoServer() {
        return settings().on(Setting.ROUND_ROBIN_FAIL_ON_NO_SERVER);
    }

    @Override
    public int nextTurn() {
        return context.model.engine().nextTurn();
    }
}
