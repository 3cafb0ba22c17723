package dev.weir.engine.rule;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.Watched;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold at least for a selector to match, in terms that tables can be made of: one of {@link #any}. If none of them holds, asking
 * the selector gives false and changes nothing, so it need not be asked.
 *
 * @param watched the sets that the conditions were copied from
 * @param weight how many queries will meet one of the conditions, roughly: the less, the better
 */
record Conditions(List<Condition> any, List<Copy> watched, int weight) {
    /** A larger set stays one look-up of its own: copying it into the chain's tables would cost memory and start-up, and gain little. */
    private static final int MAX_COPIED = 256;

    sealed interface Condition {}

    record Exactly(Name name) implements Condition {}

    record AtOrBelow(Name name) implements Condition {}

    record From(Netmask network) implements Condition {}

    record To(Netmask network) implements Condition {}

    record OfType(int type) implements Condition {}

    /** A set and the revision of it that was copied. */
    record Copy(Watched set, int revision) {}

    /** The conditions of a selector, or {@code null} if it may match any query. */
    static @Nullable Conditions of(Selector selector) {
        return switch (selector) {
            case NameSelector.QName exact -> one(new Exactly(exact.name()), 1);
            case MessageSelector.QType type -> one(new OfType(type.type()), 100);
            case NameSelector.QNameSet set -> names(set.names());
            case NameSelector.Suffix suffix -> suffixes(suffix.names());
            case ClientSelector.Netmasks masks -> networks(masks);
            case LogicSelector.And and -> best(and.all());
            case LogicSelector.Or or -> all(or.any());
            default -> null;
        };
    }

    private static Conditions one(Condition condition, int weight) {
        return new Conditions(List.of(condition), List.of(), weight);
    }

    private static @Nullable Conditions names(NameSet set) {
        if (set.size() > MAX_COPIED) {
            return null;
        }
        List<Condition> any = new ArrayList<>();
        int revision = set.watch(name -> any.add(new Exactly(name)));
        return new Conditions(any, List.of(new Copy(set, revision)), any.size());
    }

    private static @Nullable Conditions suffixes(SuffixSet set) {
        if (set.size() > MAX_COPIED) {
            return null;
        }
        List<Condition> any = new ArrayList<>();
        int revision = set.watch(name -> any.add(new AtOrBelow(name)));
        int weight = 0;
        for (Condition condition : any) {
            weight += ((AtOrBelow) condition).name().isRoot() ? 1000 : 4;
        }
        return new Conditions(any, List.of(new Copy(set, revision)), weight);
    }

    private static @Nullable Conditions networks(ClientSelector.Netmasks masks) {
        if (masks.group().size() > MAX_COPIED) {
            return null;
        }
        List<Netmask> networks = new ArrayList<>();
        int revision = masks.group().watch(networks::add);
        List<Condition> any = new ArrayList<>();
        int weight = 0;
        for (Netmask network : networks) {
            if (!network.negated()) {
                any.add(masks.source() ? new From(network) : new To(network));
                weight += network.prefix() < 8 ? 200 : 4;
            }
        }
        return new Conditions(any, List.of(new Copy(masks.group(), revision)), weight);
    }

    /** One part of an {@code AndRule} is enough, if nothing that stands before it would be missed when it is not asked. */
    private static @Nullable Conditions best(List<Selector> parts) {
        Conditions best = null;
        for (Selector part : parts) {
            Conditions here = of(part);
            if (here != null && (best == null || here.weight < best.weight)) {
                best = here;
            }
            if (!Purity.isPure(part)) {
                break;
            }
        }
        return best;
    }

    /** All parts of an {@code OrRule} must have conditions. */
    private static @Nullable Conditions all(List<Selector> parts) {
        List<Condition> any = new ArrayList<>();
        List<Copy> watched = new ArrayList<>();
        int weight = 0;
        for (Selector part : parts) {
            Conditions here = of(part);
            if (here == null) {
                return null;
            }
            any.addAll(here.any);
            watched.addAll(here.watched);
            weight += here.weight;
        }
        return new Conditions(any, watched, weight);
    }
}
