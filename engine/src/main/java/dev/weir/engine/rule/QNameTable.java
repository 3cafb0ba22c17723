package dev.weir.engine.rule;

import dev.weir.engine.query.HashedName;
import dev.weir.wire.Name;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which rules a query's name can concern: those that ask for the name itself, and those that ask for a name it is or lies below.
 *
 * <p>One open-addressing table for both. A slot is 0 or the number of an entry plus 1, so that a miss costs one load from a small array; the
 * names are looked at only where the whole hash agrees. {@link HashedName} has the hash of each suffix: one probe per label, the root included,
 * however many rules there are.
 */
final class QNameTable {
    static final class Builder {
        private record Lists(Postings exact, Postings below) {}

        private final Map<Name, Lists> lists = new LinkedHashMap<>();

        void exact(Name name, int position) {
            lists(name).exact.add(position);
        }

        void below(Name name, int position) {
            lists(name).below.add(position);
        }

        private Lists lists(Name name) {
            return lists.computeIfAbsent(name, n -> new Lists(new Postings(), new Postings()));
        }

        QNameTable build() {
            return new QNameTable(this);
        }
    }

    private final int mask;
    private final int[] slots;
    private final int[] hashes;
    private final Name[] names;
    private final int[][] exact;
    private final int[][] below;

    private QNameTable(Builder builder) {
        int count = builder.lists.size();
        slots = new int[Math.max(4, Integer.highestOneBit(Math.max(1, count)) * 4)];
        mask = slots.length - 1;
        hashes = new int[count];
        names = new Name[count];
        exact = new int[count][];
        below = new int[count][];
        int entry = 0;
        for (Map.Entry<Name, Builder.Lists> one : builder.lists.entrySet()) {
            Name name = one.getKey();
            hashes[entry] = name.hashCode();
            names[entry] = name;
            exact[entry] = one.getValue().exact.toArray();
            below[entry] = one.getValue().below.toArray();
            int slot = name.hashCode() & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = ++entry;
        }
    }

    boolean isEmpty() {
        return names.length == 0;
    }

    /** Adds the rules that this name can concern. */
    void gather(HashedName key, RuleWalk walk) {
        int entry = find(key, 0);
        if (entry >= 0) {
            walk.consider(exact[entry]);
            walk.consider(below[entry]);
        }
        for (int label = 1; label <= key.labels(); label++) {
            entry = find(key, label);
            if (entry >= 0) {
                walk.consider(below[entry]);
            }
        }
    }

    private int find(HashedName key, int label) {
        int hash = key.suffixHash(label);
        for (int slot = hash & mask; slots[slot] != 0; slot = slot + 1 & mask) {
            int entry = slots[slot] - 1;
            if (hashes[entry] == hash && key.suffixEquals(label, names[entry])) {
                return entry;
            }
        }
        return -1;
    }
}
