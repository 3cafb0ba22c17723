package dev.weir.engine.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which selectors may be left out or asked in another order without anybody noticing: those that only look. A selector that takes tokens,
 * draws random numbers or runs the operator's code must be asked exactly when a walk from rule to rule would ask it.
 *
 * <p>The switches name every selector, so that whoever adds one must decide.
 */
final class Purity {
    private Purity() {}

    /** Whether asking changes nothing, so that not asking changes nothing either. */
    static boolean isPure(Selector selector) {
        return switch (selector) {
            case Selector.MaxQps _, Selector.MaxQpsIp _, Selector.Probability _, Selector.Custom _ -> false;
            case Selector.And and -> and.all().stream().allMatch(Purity::isPure);
            case Selector.Or or -> or.any().stream().allMatch(Purity::isPure);
            case Selector.Not not -> isPure(not.other());
            case Selector.All _,
                    Selector.QName _,
                    Selector.QNameSet _,
                    Selector.Suffix _,
                    Selector.Netmasks _,
                    Selector.QType _,
                    Selector.QClass _,
                    Selector.Opcode _,
                    Selector.RCode _,
                    Selector.ExtendedRCode _,
                    Selector.Regex _,
                    Selector.Tcp _,
                    Selector.Rd _,
                    Selector.Dnssec _,
                    Selector.Tag _,
                    Selector.PoolAvailable _,
                    Selector.PoolOutstanding _,
                    Selector.DstPort _,
                    Selector.LabelsCount _,
                    Selector.WireLength _,
                    Selector.RecordsCount _,
                    Selector.RecordsTypeCount _,
                    Selector.EdnsVersion _,
                    Selector.EdnsOption _,
                    Selector.TrailingData _,
                    Selector.PayloadSize _,
                    Selector.IncomingProtocol _,
                    Selector.ProxyValue _ -> true;
        };
    }

    /**
     * The same question with cheap parts in front: within {@code AndRule} and {@code OrRule}, neighbours that only look are sorted by their
     * cost; the others keep their places.
     */
    static Selector cheapFirst(Selector selector) {
        return switch (selector) {
            case Selector.And and -> new Selector.And(arranged(and.all()));
            case Selector.Or or -> new Selector.Or(arranged(or.any()));
            case Selector.Not not -> new Selector.Not(cheapFirst(not.other()));
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
            case Selector.Regex _ -> 100;
            case Selector.RecordsTypeCount _, Selector.TrailingData _ -> 50;
            case Selector.Suffix _, Selector.Netmasks _, Selector.QNameSet _ -> 20;
            case Selector.EdnsVersion _, Selector.EdnsOption _, Selector.ExtendedRCode _, Selector.Tag _ -> 15;
            case Selector.PoolAvailable _, Selector.PoolOutstanding _ -> 15;
            case Selector.And and -> and.all().stream().mapToInt(Purity::cost).sum();
            case Selector.Or or -> or.any().stream().mapToInt(Purity::cost).sum();
            case Selector.Not not -> cost(not.other());
            default -> 2;
        };
    }
}
