package dev.weir.lua.function;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.rule.Rule;
import dev.weir.lua.lang.Args;
import dev.weir.lua.lang.Options;
import dev.weir.lua.object.Context;
import java.util.List;
import java.util.Locale;

/** The layout of {@code showRules()} and its kin. */
final class RuleTable {
    private RuleTable() {}

    static <A> void show(Context context, List<Rule<A>> rules, Args args, int optionsIndex) {
        Options options = args.options(optionsIndex, context);
        boolean uuids = options.bool("showUUIDs", false);
        int width = options.integer("truncateRuleWidth", -1, -1, Integer.MAX_VALUE);
        options.done();
        context.print(
                uuids
                        ? row(
                                "%-3s %-30s %-38s %9s %9s %-56s %s",
                                "#", "Name", "UUID", "Cr. Order", "Matches", "Rule", "Action")
                        : row("%-3s %-30s %9s %-56s %s", "#", "Name", "Matches", "Rule", "Action"));
        for (int i = 0; i < rules.size(); i++) {
            Rule<A> rule = rules.get(i);
            String selector = rule.selector().text();
            if (width >= 0 && selector.length() > width) {
                selector = selector.substring(0, width);
            }
            String action = actionText(rule.action());
            long matches = rule.matches().sum();
            context.print(
                    uuids
                            ? row(
                                    "%-3d %-30s %-38s %9d %9d %-56s %s",
                                    i, rule.name(), rule.uuid(), rule.creationOrder(), matches, selector, action)
                            : row("%-3d %-30s %9d %-56s %s", i, rule.name(), matches, selector, action));
        }
    }

    private static String actionText(Object action) {
        return action instanceof ResponseAction response ? response.text() : ((Action) action).text();
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static String row(String format, Object... cells) {
        return String.format(Locale.ROOT, format, cells);
    }
}
