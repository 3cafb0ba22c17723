package dev.weir.script.listing;

import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.RuleChain;
import dev.weir.engine.view.RuleView;
import java.util.List;

/** What {@code showRules()}, {@code topRules()} and their kin for the other chains print. */
public final class RuleListing {
    /** For {@code truncateRuleWidth}: selectors are shown whole. */
    public static final int UNTRUNCATED = -1;

    private static final Columns PLAIN = new Columns("-3 -30 9 -56 0");
    private static final Columns WITH_UUIDS = new Columns("-3 -30 -38 9 9 -56 0");

    private RuleListing() {}

    /**
     * A chain in its order.
     *
     * @param truncateRuleWidth characters of the selector that are shown; {@link #UNTRUNCATED} or any negative number: all
     */
    public static String show(RuleChain<?> chain, boolean showUuids, int truncateRuleWidth) {
        return text(chain.rules(), showUuids, truncateRuleWidth);
    }

    /**
     * The rules that matched most, most first, numbered in this order and followed by an empty line.
     *
     * @param count 0: all
     */
    public static String top(RuleChain<?> chain, int count, boolean showUuids, int truncateRuleWidth) {
        return text(chain.top(count <= 0 ? Integer.MAX_VALUE : count), showUuids, truncateRuleWidth) + "\n";
    }

    private static String text(List<? extends Rule<?>> rules, boolean showUuids, int truncateRuleWidth) {
        StringBuilder text = new StringBuilder();
        if (showUuids) {
            WITH_UUIDS.line(text, "#", "Name", "UUID", "Cr. Order", "Matches", "Rule", "Action");
        } else {
            PLAIN.line(text, "#", "Name", "Matches", "Rule", "Action");
        }
        for (RuleView rule : RuleView.of(rules)) {
            String selector = rule.selector();
            if (truncateRuleWidth >= 0 && selector.length() > truncateRuleWidth) {
                selector = selector.substring(0, truncateRuleWidth);
            }
            if (showUuids) {
                WITH_UUIDS.line(
                        text,
                        rule.number(),
                        rule.name(),
                        rule.uuid(),
                        rule.creationOrder(),
                        rule.matches(),
                        selector,
                        rule.action());
            } else {
                PLAIN.line(text, rule.number(), rule.name(), rule.matches(), selector, rule.action());
            }
        }
        return text.toString();
    }
}
