package dev.weir.engine.rule;

import dev.weir.engine.NameKey;
import dev.weir.engine.acl.Watched;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of names that also holds everything below them: dnsdist's SuffixMatchNode.
 *
 * <p>An open-addressing table of the names' hashes. {@link NameKey} has the hash of each suffix of the query's name from one pass over it,
 * so a look-up costs one probe per label, however many names the set holds, and compares octets only where a hash agrees. Changes copy the
 * table under the set's lock and swap it; readers take no lock.
 */
public final class SuffixSet implements Watched {
    private record Table(@Nullable Name[] slots, int size) {
        static final Table EMPTY = new Table(new Name[4], 0);

        int find(Name name) {
            int mask = slots.length - 1;
            for (int i = name.hashCode() & mask; ; i = i + 1 & mask) {
                Name there = slots[i];
                if (there == null || there.equals(name)) {
                    return i;
                }
            }
        }

        Table with(List<Name> more) {
            int room = 4;
            while (room < 2 * (size + more.size())) {
                room *= 2;
            }
            Table grown = new Table(new Name[room], 0);
            int count = 0;
            for (Name name : slots) {
                count += grown.put(name);
            }
            for (Name name : more) {
                count += grown.put(name);
            }
            return new Table(grown.slots, count);
        }

        private int put(@Nullable Name name) {
            if (name == null) {
                return 0;
            }
            int i = find(name);
            boolean added = slots[i] == null;
            slots[i] = name;
            return added ? 1 : 0;
        }
    }

    private volatile Table table = Table.EMPTY;
    private final List<Name> pending = new ArrayList<>();
    private volatile boolean hasPending;
    private final Revision revision = new Revision();

    public static SuffixSet of(Iterable<Name> names) {
        SuffixSet set = new SuffixSet();
        names.forEach(set::add);
        return set;
    }

    /** Adds a name and all below it; seen by readers from their next look-up on. */
    public synchronized void add(Name name) {
        pending.add(name);
        hasPending = true;
        revision.changed();
    }

    /** Takes a name out; names below it that were added for themselves stay. False if it was not in. */
    public synchronized boolean remove(Name name) {
        settle();
        Table old = table;
        if (old.slots[old.find(name)] == null) {
            return false;
        }
        List<Name> kept = new ArrayList<>(old.size);
        for (Name there : old.slots) {
            if (there != null && !there.equals(name)) {
                kept.add(there);
            }
        }
        table = Table.EMPTY.with(kept);
        revision.changed();
        return true;
    }

    public synchronized void clear() {
        pending.clear();
        hasPending = false;
        table = Table.EMPTY;
        revision.changed();
    }

    /** Building one table for many additions keeps adding n names from costing n². */
    private synchronized void settle() {
        if (!pending.isEmpty()) {
            table = table.with(pending);
            pending.clear();
        }
        hasPending = false;
    }

    private Table current() {
        if (hasPending) {
            settle();
        }
        return table;
    }

    /** Whether the name or one above it is in the set. */
    public boolean match(NameKey key) {
        return bestMatch(key) != null;
    }

    public boolean match(Name name) {
        return bestMatch(NameKey.of(name)) != null;
    }

    /** The longest name of the set that is the name or lies above it. */
    public @Nullable Name bestMatch(NameKey key) {
        @Nullable Name[] slots = current().slots;
        int mask = slots.length - 1;
        for (int label = 0; label <= key.labels(); label++) {
            int hash = key.suffixHash(label);
            for (int i = hash & mask; slots[i] != null; i = i + 1 & mask) {
                Name there = slots[i];
                if (there != null && there.hashCode() == hash && key.suffixEquals(label, there)) {
                    return there;
                }
            }
        }
        return null;
    }

    /** Whether the set holds this very name. */
    public boolean contains(NameKey key) {
        @Nullable Name[] slots = current().slots;
        int mask = slots.length - 1;
        int hash = key.hash();
        for (int i = hash & mask; slots[i] != null; i = i + 1 & mask) {
            Name there = slots[i];
            if (there != null && there.hashCode() == hash && key.suffixEquals(0, there)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int revision() {
        return revision.current();
    }

    /** Hands out all names; returns the revision they have, and reports the next change ({@link Watched}). */
    public synchronized int watch(Consumer<Name> target) {
        for (Name name : current().slots) {
            if (name != null) {
                target.accept(name);
            }
        }
        return revision.watch();
    }

    public int size() {
        return current().size;
    }

    /** All names, in canonical order. */
    public List<Name> names() {
        List<Name> names = new ArrayList<>();
        for (Name name : current().slots) {
            if (name != null) {
                names.add(name);
            }
        }
        names.sort(null);
        return names;
    }

    /** The names, separated by comma and space. */
    @Override
    public String toString() {
        return String.join(", ", names().stream().map(Name::toString).toList());
    }
}
