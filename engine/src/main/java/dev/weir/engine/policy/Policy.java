package dev.weir.engine.policy;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.query.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the backend of a query among a pool's servers, which come sorted by order. Called on data threads; keeps no per-thread state. */
public sealed interface Policy {
    /** The name that configurations and the console know it by. */
    String name();

    /** The chosen server, or {@code null} when none will do. */
    @Nullable Backend select(List<Backend> servers, Query query, PolicyContext context);

    /**
     * Fewest queries in flight, then lowest order, then lowest latency. These are other threads' counters, whose cache lines come from
     * another core: a single usable server is not asked.
     */
    record LeastOutstanding() implements Policy {
        private static final int UNKNOWN = -1;

        @Override
        public String name() {
            return "leastOutstanding";
        }

        @Override
        public @Nullable Backend select(List<Backend> servers, Query query, PolicyContext context) {
            Backend best = null;
            int bestOutstanding = UNKNOWN;
            for (int i = 0; i < servers.size(); i++) {
                Backend server = servers.get(i);
                if (!server.isUsable()) {
                    continue;
                }
                if (best == null) {
                    best = server;
                    continue;
                }
                if (bestOutstanding == UNKNOWN) {
                    bestOutstanding = best.outstanding();
                }
                int outstanding = server.outstanding();
                if (outstanding < bestOutstanding
                        || outstanding == bestOutstanding
                                && (server.order() < best.order()
                                        || server.order() == best.order()
                                                && server.latencyMicros() < best.latencyMicros())) {
                    best = server;
                    bestOutstanding = outstanding;
                }
            }
            return best;
        }
    }

    /** The first server in order that is usable and within its QPS limit; without one, as {@link LeastOutstanding}. */
    record FirstAvailable() implements Policy {
        private static final Policy FALLBACK = new LeastOutstanding();

        @Override
        public String name() {
            return "firstAvailable";
        }

        @Override
        public @Nullable Backend select(List<Backend> servers, Query query, PolicyContext context) {
            for (int i = 0; i < servers.size(); i++) {
                Backend server = servers.get(i);
                if (server.isUsable() && server.takeQpsToken(context.nowNanos())) {
                    return server;
                }
            }
            return FALLBACK.select(servers, query, context);
        }
    }

    /** At random, in proportion to the weights. */
    record WeightedRandom() implements Policy {
        @Override
        public String name() {
            return "wrandom";
        }

        @Override
        public @Nullable Backend select(List<Backend> servers, Query query, PolicyContext context) {
            return Weighted.pick(servers, context.random().nextInt() & Integer.MAX_VALUE, context, null, 0);
        }
    }

    /** By the hash of the name, in proportion to the weights. */
    record WeightedHashed() implements Policy {
        @Override
        public String name() {
            return "whashed";
        }

        @Override
        public @Nullable Backend select(List<Backend> servers, Query query, PolicyContext context) {
            return owner(servers, query.nameKey().spreadingHash(context.hashSeed()), context);
        }

        /** The usable server that a hash belongs to. */
        public static @Nullable Backend owner(List<Backend> servers, int hash, PolicyContext context) {
            return Weighted.pick(servers, Integer.toUnsignedLong(hash), context, null, 0);
        }
    }

    /** By the hash of the name, so that a server that goes or comes moves only its own share ({@link HashRing}). */
    record ConsistentHashed() implements Policy {
        @Override
        public String name() {
            return "chashed";
        }

        @Override
        public @Nullable Backend select(List<Backend> servers, Query query, PolicyContext context) {
            return owner(servers, query.nameKey().spreadingHash(context.hashSeed()), context);
        }

        /** The usable server that a hash belongs to. */
        public static @Nullable Backend owner(List<Backend> servers, int hash, PolicyContext context) {
            return HashRing.pick(servers, hash, context);
        }
    }

    /** One after the other. */
    record RoundRobin() implements Policy {
        @Override
        public String name() {
            return "roundrobin";
        }

        @Override
        public @Nullable Backend select(List<Backend> servers, Query query, PolicyContext context) {
            int usable = 0;
            for (int i = 0; i < servers.size(); i++) {
                usable += servers.get(i).isUsable() ? 1 : 0;
            }
            if (servers.isEmpty() || usable == 0 && context.roundRobinFailOnNoServer()) {
                return null;
            }
            int turn = context.nextTurn() & Integer.MAX_VALUE;
            if (usable == 0) {
                return servers.get(turn % servers.size());
            }
            int nth = turn % usable;
            for (int i = 0; i < servers.size(); i++) {
                if (servers.get(i).isUsable() && nth-- == 0) {
                    return servers.get(i);
                }
            }
            return null; // a server went down since it was counted
        }
    }

    /** Among the usable servers of the lowest order whose name is not a tag of the query, at random by weight. */
    record OrderedWrandUntag() implements Policy {
        @Override
        public String name() {
            return "orderedWrandUntag";
        }

        @Override
        public @Nullable Backend select(List<Backend> servers, Query query, PolicyContext context) {
            int lowest = Integer.MAX_VALUE;
            for (int i = 0; i < servers.size(); i++) {
                Backend server = servers.get(i);
                if (server.isUsable()
                        && server.order() < lowest
                        && query.decided().tag(server.nameWithAddress()) == null) {
                    lowest = server.order();
                }
            }
            return Weighted.pick(servers, context.random().nextInt() & Integer.MAX_VALUE, context, query, lowest);
        }
    }

    /** A policy written by the operator. */
    record Custom(String name, Chooser chooser) implements Policy {
        @Override
        public @Nullable Backend select(List<Backend> servers, Query query, PolicyContext context) {
            return chooser.choose(servers, query, context);
        }
    }

    /** What stands behind a {@link Custom} policy. */
    @FunctionalInterface
    interface Chooser {
        @Nullable Backend choose(List<Backend> servers, Query query, PolicyContext context);
    }

    /** The built-in policies, under their names. */
    List<Policy> BUILT_IN = List.of(
            new LeastOutstanding(),
            new FirstAvailable(),
            new WeightedRandom(),
            new WeightedHashed(),
            new ConsistentHashed(),
            new RoundRobin(),
            new OrderedWrandUntag());
}
