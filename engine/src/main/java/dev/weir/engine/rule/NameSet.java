package dev.weir.engine.rule;

import dev.weir.engine.acl.Watched;
import dev.weir.engine.query.HashedName;
import dev.weir.wire.Name;
import java.util.List;
import java.util.function.Consumer;

/** A set of names each of which counts for itself alone: dnsdist's DNSNameSet. Changed under its lock; readers take none. */
public final class NameSet implements Watched {
    private final SuffixSet names = new SuffixSet();

    public static NameSet of(Iterable<Name> names) {
        NameSet set = new NameSet();
        names.forEach(set::add);
        return set;
    }

    public void add(Name name) {
        names.add(name);
    }

    /** Takes a name out; false if it was not in. */
    public boolean remove(Name name) {
        return names.remove(name);
    }

    public void clear() {
        names.clear();
    }

    public boolean contains(HashedName key) {
        return names.contains(key);
    }

    public boolean contains(Name name) {
        return names.contains(HashedName.of(name));
    }

    public int size() {
        return names.size();
    }

    /** All names, in canonical order. */
    public List<Name> names() {
        return names.names();
    }

    @Override
    public int revision() {
        return names.revision();
    }

    /** Hands out all names; returns the revision they have, and reports the next change ({@link Watched}). */
    public int watch(Consumer<Name> target) {
        return names.watch(target);
    }
}
