package dev.weir.engine.rule;

import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;

/**
 * What a rule looks for. A closed set in families, so that configuration, console and compiler see the same one; the operator's own code
 * comes in through {@link StatefulSelector.Custom}. Called on data threads: a selector with state keeps it in a thread-safe object.
 *
 * <p>Names and texts are dnsdist's: {@link #text} is what {@code showRules()} prints.
 */
public sealed interface Selector
        permits LogicSelector,
                NameSelector,
                ClientSelector,
                MessageSelector,
                ContextSelector,
                StatefulSelector,
                HttpSelector {
    boolean matches(Query query, RuleContext context);

    String text();
}
