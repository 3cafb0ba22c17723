package dev.weir.engine.rule;

import dev.weir.engine.acl.Watched;
import dev.weir.engine.query.Query;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of a {@link CompiledChain}. Immutable; shared by a chain and those that only have more rules behind. */
final class RuleIndex {
    /** A set whose members stand in the tables, and the rules they stand there for. */
    record Copied(Watched set, int revision, int[] positions) {}

    /** A set while the tables are made: the revision that was copied first, and the rules it was copied for. */
    private record Using(int revision, Postings positions) {}

    private final QNameTable names;
    private final AddressTable sources;
    private final AddressTable destinations;
    private final TypeTable types;
    private final int[] unindexed;
    private final List<Copied> copied;

    private RuleIndex(
            QNameTable names,
            AddressTable sources,
            AddressTable destinations,
            TypeTable types,
            int[] unindexed,
            List<Copied> copied) {
        this.names = names;
        this.sources = sources;
        this.destinations = destinations;
        this.types = types;
        this.unindexed = unindexed;
        this.copied = copied;
    }

    /** @param selectors the rules' in their order */
    static RuleIndex of(List<Selector> selectors) {
        QNameTable.Builder names = new QNameTable.Builder();
        AddressTable.Builder sources = new AddressTable.Builder();
        AddressTable.Builder destinations = new AddressTable.Builder();
        TypeTable.Builder types = new TypeTable.Builder();
        Postings unindexed = new Postings();
        IdentityHashMap<Watched, Using> sets = new IdentityHashMap<>();
        for (int position = 0; position < selectors.size(); position++) {
            @Nullable Conditions conditions = Conditions.of(selectors.get(position));
            if (conditions == null) {
                unindexed.add(position);
                continue;
            }
            for (Conditions.Condition condition : conditions.any()) {
                switch (condition) {
                    case Conditions.Exactly exactly -> names.exact(exactly.name(), position);
                    case Conditions.AtOrBelow below -> names.below(below.name(), position);
                    case Conditions.From from -> sources.add(from.network(), position);
                    case Conditions.To to -> destinations.add(to.network(), position);
                    case Conditions.OfType type -> types.add(type.type(), position);
                }
            }
            for (Conditions.Copy copy : conditions.watched()) {
                sets.computeIfAbsent(copy.set(), set -> new Using(copy.revision(), new Postings()))
                        .positions
                        .add(position);
            }
        }
        List<Copied> copied = sets.entrySet().stream()
                .map(one -> new Copied(
                        one.getKey(),
                        one.getValue().revision,
                        one.getValue().positions.toArray()))
                .toList();
        return new RuleIndex(
                names.build(), sources.build(), destinations.build(), types.build(), unindexed.toArray(), copied);
    }

    /** Rules that may match any query. */
    int[] unindexed() {
        return unindexed;
    }

    List<Copied> copied() {
        return copied;
    }

    /** Adds the rules that this query can concern, beside those that may match any. */
    void gather(Query query, RuleWalk walk) {
        if (!names.isEmpty()) {
            names.gather(query.nameKey(), walk);
        }
        if (!sources.isEmpty()) {
            sources.gather(query.origin().client(), walk);
        }
        if (!destinations.isEmpty()) {
            destinations.gather(query.origin().destination(), walk);
        }
        if (!types.isEmpty()) {
            types.gather(query.type(), walk);
        }
    }
}
