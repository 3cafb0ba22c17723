package dev.weir.engine.rule;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.engine.rate.RateTable;
import dev.weir.engine.rate.TokenBucket;

/**
 * Selectors whose asking leaves a trace: they take tokens, draw random numbers or run the operator's own code, and so must be asked exactly
 * when a walk from rule to rule would ask them.
 */
public sealed interface StatefulSelector extends Selector {
    /** Matches while the rate is below the limit. */
    record MaxQps(TokenBucket bucket) implements StatefulSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return bucket.take(context.nowNanos());
        }

        @Override
        public String text() {
            return "Max " + bucket.rate() + " qps";
        }
    }

    /** Matches clients whose network asks more than its share. */
    record MaxQpsIp(RateTable rates) implements StatefulSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            Peer client = query.origin().client();
            return rates.exceeds(client.family(), client.hi(), client.lo(), context.nowNanos(), context.stats());
        }

        @Override
        public String text() {
            return rates.text();
        }
    }

    /** With this probability. */
    record Probability(double probability) implements StatefulSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return probability >= 1 || context.random().nextDouble() < probability;
        }

        @Override
        public String text() {
            return String.format(java.util.Locale.ROOT, "match with prob. %.2f", probability);
        }
    }

    /** The operator's own. */
    record Custom(String text, Test test) implements StatefulSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return test.matches(query);
        }
    }

    /** What stands behind a {@link Custom} selector; deals with its own errors. */
    @FunctionalInterface
    interface Test {
        boolean matches(Query query);
    }
}
