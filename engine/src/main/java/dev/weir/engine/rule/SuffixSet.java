package dev.weir.engine.rule;

import dev.weir.engine.acl.Watched;
import dev.weir.engine.query.HashedName;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of names that also holds everything below them: dnsdist's SuffixMatchNode.
 *
 * <p>An open-addressing table of the names' hashes. {@link HashedName} has the hash of each suffix of the query's name from one pass over it,
 * so a look-up costs one probe per label, however many names the set holds, and compares octets only where a hash agrees. Changes are made
 * in the table, under the set's lock; readers take no lock: a slot goes from empty to a name and from a name to {@link #GONE}, never back.
 * When more than half of the slots are used, whoever adds makes a new table.
 */
public final class SuffixSet implements Watched {
    private static final int LEAST_SLOTS = 4;

    /** Where a name was taken out: look-ups go on behind it. Told from a name by its identity. */
    private static final Name GONE = Name.ofWire(new byte[] {1, 0, 0}, 0, 3);

    private volatile AtomicReferenceArray<@Nullable Name> slots = new AtomicReferenceArray<>(LEAST_SLOTS);
    private volatile int size;
    private int used;
    private final Revision revision = new Revision();

    public static SuffixSet of(Iterable<Name> names) {
        SuffixSet set = new SuffixSet();
        names.forEach(set::add);
        return set;
    }

    /** Adds a name and all below it; seen by readers from their next look-up on. */
    public synchronized void add(Name name) {
        int place = find(slots, name);
        if (slots.getPlain(place) == null) {
            if (2 * (used + 1) > slots.length()) {
                grow();
                place = find(slots, name);
            }
            slots.setRelease(place, name);
            used++;
            size = size + 1;
        }
        revision.changed();
    }

    /** Takes a name out; names below it that were added for themselves stay. False if it was not in. */
    public synchronized boolean remove(Name name) {
        int place = find(slots, name);
        if (slots.getPlain(place) == null) {
            return false;
        }
        slots.setRelease(place, GONE);
        size = size - 1;
        revision.changed();
        return true;
    }

    public synchronized void clear() {
        slots = new AtomicReferenceArray<>(LEAST_SLOTS);
        used = 0;
        size = 0;
        revision.changed();
    }

    /** Where the name is, or the empty slot where it would be. */
    private static int find(AtomicReferenceArray<@Nullable Name> slots, Name name) {
        int mask = slots.length() - 1;
        for (int i = name.hashCode() & mask; ; i = i + 1 & mask) {
            Name there = slots.getPlain(i);
            if (there == null || there != GONE && there.equals(name)) {
                return i;
            }
        }
    }

    private void grow() {
        int room = LEAST_SLOTS;
        while (room < 4 * (size + 1)) {
            room *= 2;
        }
        AtomicReferenceArray<@Nullable Name> larger = new AtomicReferenceArray<>(room);
        forEach(name -> larger.setPlain(find(larger, name), name));
        slots = larger;
        used = size;
    }

    private void forEach(Consumer<Name> consumer) {
        AtomicReferenceArray<@Nullable Name> table = slots;
        for (int i = 0; i < table.length(); i++) {
            Name name = table.getAcquire(i);
            if (name != null && name != GONE) {
                consumer.accept(name);
            }
        }
    }

    /** Whether the name or one above it is in the set. */
    public boolean match(HashedName key) {
        return bestMatch(key) != null;
    }

    public boolean match(Name name) {
        return bestMatch(HashedName.of(name)) != null;
    }

    /** The longest name of the set that is the name or lies above it. */
    public @Nullable Name bestMatch(HashedName key) {
        AtomicReferenceArray<@Nullable Name> table = slots;
        for (int label = 0; label <= key.labels(); label++) {
            Name found = find(table, key, label, key.suffixHash(label));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Whether the set holds this very name. */
    public boolean contains(HashedName key) {
        return find(slots, key, 0, key.hash()) != null;
    }

    private static @Nullable Name find(
            AtomicReferenceArray<@Nullable Name> table, HashedName key, int label, int hash) {
        int mask = table.length() - 1;
        Name there;
        for (int i = hash & mask; (there = table.getAcquire(i)) != null; i = i + 1 & mask) {
            if (there != GONE && there.hashCode() == hash && key.suffixEquals(label, there)) {
                return there;
            }
        }
        return null;
    }

    @Override
    public int revision() {
        return revision.current();
    }

    /** Hands out all names; returns the revision they have, and reports the next change ({@link Watched}). */
    public synchronized int watch(Consumer<Name> target) {
        forEach(target);
        return revision.watch();
    }

    public int size() {
        return size;
    }

    /** All names, in canonical order. */
    public List<Name> names() {
        List<Name> names = new ArrayList<>();
        forEach(names::add);
        names.sort(null);
        return names;
    }

    /** The names, separated by comma and space. */
    @Override
    public String toString() {
        return String.join(", ", names().stream().map(Name::toString).toList());
    }
}
