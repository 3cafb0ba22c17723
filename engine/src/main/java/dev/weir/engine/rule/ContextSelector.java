package dev.weir.engine.rule;

import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.engine.store.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Selectors that look at what was decided about the query, and at the state of the pools. */
public sealed interface ContextSelector extends Selector {
    /** @param value {@code null}: any */
    record Tag(String name, @Nullable String value) implements ContextSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            String there = query.decided().tag(name);
            return there != null && (value == null || value.equals(there));
        }

        @Override
        public String text() {
            return "tag '" + name + "' is set" + (value == null ? "" : " to '" + value + "'");
        }
    }

    /** A store has a value for a part of the query. */
    record InStore(KeyValueStore store, LookupKey key, boolean range) implements ContextSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return key.find(store, query, range) != null;
        }

        @Override
        public String text() {
            return (range ? "range-based lookup" : "lookup") + " key-value store based on '" + key.text() + "'";
        }
    }

    record PoolAvailable(String pool) implements ContextSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return context.poolIsUsable(pool);
        }

        @Override
        public String text() {
            return "pool '" + pool + "' is available";
        }
    }

    record PoolOutstanding(String pool, long limit) implements ContextSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return context.poolHasInFlightOver(pool, limit);
        }

        @Override
        public String text() {
            return "pool '" + pool + "' outstanding > " + limit;
        }
    }
}
