package dev.weir.engine.rule;

import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import java.util.List;

/** Selectors that put others together, and the one that matches everything. */
public sealed interface LogicSelector extends Selector {
    /** Every query. */
    record All() implements LogicSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return true;
        }

        @Override
        public String text() {
            return "All";
        }
    }

    record And(List<Selector> all) implements LogicSelector {
        public And {
            all = List.copyOf(all);
        }

        @Override
        public boolean matches(Query query, RuleContext context) {
            for (int i = 0; i < all.size(); i++) {
                if (!all.get(i).matches(query, context)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String text() {
            return joined(all, " && ");
        }
    }

    record Or(List<Selector> any) implements LogicSelector {
        public Or {
            any = List.copyOf(any);
        }

        @Override
        public boolean matches(Query query, RuleContext context) {
            for (int i = 0; i < any.size(); i++) {
                if (any.get(i).matches(query, context)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String text() {
            return joined(any, " || ");
        }
    }

    record Not(Selector other) implements LogicSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return !other.matches(query, context);
        }

        @Override
        public String text() {
            return "!(" + other.text() + ")";
        }
    }

    private static String joined(List<Selector> selectors, String between) {
        return String.join(
                between, selectors.stream().map(s -> "(" + s.text() + ")").toList());
    }
}
