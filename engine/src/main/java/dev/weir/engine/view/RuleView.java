package dev.weir.engine.view;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.TeeAction;
import dev.weir.engine.rule.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A rule as people see it at one moment.
 *
 * @param number its place among those asked for, from 0
 * @param name empty if it has none
 * @param creationOrder counts up over all rules of the process
 * @param selector in dnsdist's words
 * @param action in dnsdist's words
 * @param actionStats what the action counts; empty for most
 */
public record RuleView(
        int number,
        String name,
        UUID uuid,
        long creationOrder,
        long matches,
        String selector,
        String action,
        Map<String, Long> actionStats) {

    /** These rules in this order. */
    public static List<RuleView> of(List<? extends Rule<?>> rules) {
        List<RuleView> views = new ArrayList<>();
        for (Rule<?> rule : rules) {
            views.add(new RuleView(
                    views.size(),
                    rule.name(),
                    rule.uuid(),
                    rule.creationOrder(),
                    rule.matches().sum(),
                    rule.selector().text(),
                    actionText(rule.action()),
                    rule.action() instanceof TeeAction tee
                            ? tee.copier().counts().all()
                            : Map.of()));
        }
        return views;
    }

    private static String actionText(Object action) {
        return switch (action) {
            case Action query -> query.text();
            case ResponseAction response -> response.text();
            default -> throw new IllegalArgumentException("no action: " + action);
        };
    }
}
