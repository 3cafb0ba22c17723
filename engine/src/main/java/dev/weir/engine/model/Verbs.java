package dev.weir.engine.model;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec.HealthMode;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.wire.Name;

/**
 * What operators do to a model in more than one step, each done as one: who changes the same thing meanwhile has done it before or after. The
 * configuration, whichever its language, the console, the dashboard and the API all come by here. What is one step already stands where it belongs:
 * {@link dev.weir.engine.rule.RuleChain} adds, moves, takes out and replaces rules, {@link dev.weir.engine.pool.PoolModel} gives servers to pools,
 * {@link dev.weir.engine.cache.PacketCache} forgets answers.
 *
 * <p>On a {@linkplain Model#staged staged} model, what concerns a thing that the running configuration has as well is done when that one takes its
 * place. Any thread.
 */
public final class Verbs {
    private final Model model;

    public Verbs(Model model) {
        this.model = model;
    }

    /** Lets a network ask, beside those that may. */
    public void allow(Netmask network) {
        model.changeAcl(acl -> acl.add(network));
    }

    /** Takes a network out of those that may ask; false if it is none of them. */
    public boolean disallow(Netmask network) {
        boolean[] found = new boolean[1];
        model.changeAcl(acl -> found[0] = acl.remove(network));
        return found[0];
    }

    /** Has only these networks ask. */
    public void allowOnly(NetmaskGroup networks) {
        model.setAcl(networks);
    }

    /** Takes a server for up or down, whatever its checks say; what is known of a former's latency goes with it. */
    public void force(Backend server, boolean up, By whom) {
        model.later(server, () -> {
            if (whom == By.CONFIGURATION) {
                server.health().forceByConfiguration(up);
            } else {
                server.health().force(up);
            }
            if (!up) {
                server.clearLatency();
            }
        });
    }

    /** Who says so: after a reload, what the configuration said no longer holds when it doesn't say so any more. */
    public enum By {
        CONFIGURATION,
        OPERATOR
    }

    /** Has a server's checks, or its queries, decide whether it is up. */
    public void automatic(Backend server, HealthMode mode) {
        model.later(server, () -> server.health().automatic(mode));
    }

    /** The same, and what it is until they have. */
    public void automatic(Backend server, HealthMode mode, boolean assumedUp) {
        model.later(server, () -> {
            server.health().automatic(mode);
            server.health().assume(assumedUp);
        });
    }

    /** @param weight at least 1 */
    public void weigh(Backend server, int weight) {
        model.together(() -> {
            model.later(server, () -> server.setWeight(weight));
            model.reorder();
        });
    }

    /** Servers with a lower order come first. */
    public void order(Backend server, int order) {
        model.together(() -> {
            model.later(server, () -> server.setOrder(order));
            model.reorder();
        });
    }

    /**
     * Blocks clients, and tells so in the log if they were not.
     *
     * @param key the clients as the log has them
     */
    public void block(ClientRange clients, String key, BlockSpec spec, long nowNanos) {
        DynamicBlocks blocks = model.engine().blocks();
        model.later(() -> {
            if (blocks.insert(clients, spec, nowNanos)) {
                blocks.log().inserted(key, spec, nowNanos);
            }
        });
    }

    /** The same for names that end in this one. */
    public void block(Name suffix, String key, BlockSpec spec, long nowNanos) {
        DynamicBlocks blocks = model.engine().blocks();
        model.later(() -> {
            if (blocks.insert(suffix, spec, nowNanos)) {
                blocks.log().inserted(key, spec, nowNanos);
            }
        });
    }

    /** Lifts a block; false if there is none. */
    public boolean unblock(ClientRange clients, long nowNanos) {
        return model.engine().blocks().lift(clients, nowNanos);
    }

    /** The same for names that end in this one. */
    public boolean unblock(Name suffix, long nowNanos) {
        return model.engine().blocks().lift(suffix, nowNanos);
    }

    /** Lifts all blocks. */
    public void unblockAll() {
        model.later(model.engine().blocks()::clear);
    }
}
