package dev.weir.engine.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which selectors may be left out or asked in another order without anybody noticing: those that only look. A selector that takes tokens,
 * draws random numbers or runs the operator's code must be asked exactly when a walk from rule to rule would ask it: whoever adds a selector
 * decides by the family it goes to.
 */
final class Purity {
    private Purity() {}

    /** Whether asking changes nothing, so that not asking changes nothing either. */
    static boolean isPure(Selector selector) {
        return switch (selector) {
            case StatefulSelector _ -> false;
            case LogicSelector.And and -> and.all().stream().allMatch(Purity::isPure);
            case LogicSelector.Or or -> or.any().stream().allMatch(Purity::isPure);
            case LogicSelector.Not not -> isPure(not.other());
            case LogicSelector.All _,
                    NameSelector _,
                    ClientSelector _,
                    MessageSelector _,
                    ContextSelector _,
                    HttpSelector _ -> true;
        };
    }

    /**
     * The same question with cheap parts in front: within {@code AndRule} and {@code OrRule}, neighbours that only look are sorted by their
     * cost; the others keep their places.
     */
    static Selector cheapFirst(Selector selector) {
        return switch (selector) {
            case LogicSelector.And and -> new LogicSelector.And(arranged(and.all()));
            case LogicSelector.Or or -> new LogicSelector.Or(arranged(or.any()));
            case LogicSelector.Not not -> new LogicSelector.Not(cheapFirst(not.other()));
            default -> selector;
        };
    }

    private static List<Selector> arranged(List<Selector> parts) {
        List<Selector> arranged = new ArrayList<>(parts.size());
        int runStart = 0;
        for (Selector part : parts) {
            arranged.add(cheapFirst(part));
            if (isPure(part)) {
                arranged.subList(runStart, arranged.size()).sort(Comparator.comparingInt(Purity::cost));
            } else {
                runStart = arranged.size();
            }
        }
        return arranged;
    }

    /** Rough cost of asking, in nanoseconds. */
    private static int cost(Selector selector) {
        return switch (selector) {
            case ContextSelector.InStore _ -> 1000;
            case NameSelector.Regex _ -> 100;
            case MessageSelector.RecordsTypeCount _, MessageSelector.TrailingData _ -> 50;
            case NameSelector.Suffix _, ClientSelector.Netmasks _, NameSelector.QNameSet _ -> 20;
            case MessageSelector.EdnsVersion _,
                    MessageSelector.EdnsOption _,
                    MessageSelector.ExtendedRCode _,
                    ContextSelector.Tag _ -> 15;
            case ContextSelector.PoolAvailable _, ContextSelector.PoolOutstanding _ -> 15;
            case LogicSelector.And and ->
                and.all().stream().mapToInt(Purity::cost).sum();
            case LogicSelector.Or or -> or.any().stream().mapToInt(Purity::cost).sum();
            case LogicSelector.Not not -> cost(not.other());
            default -> 2;
        };
    }
}
