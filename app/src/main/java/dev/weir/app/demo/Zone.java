package dev.weir.app.demo;

import dev.weir.wire.Name;
import dev.weir.wire.RecordType;
import dev.weir.wire.Soa;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An authoritative zone in memory. Filled by one thread, then read by any. */
final class Zone {
    private static final Name WILDCARD = Name.parse("*");

    private final Name origin;
    private final Soa soa;
    private final Map<Name, Map<Integer, RecordSet>> nodes = new HashMap<>();

    Zone(Name origin, Soa soa) {
        this.origin = origin;
        this.soa = soa;
        add(origin, RecordType.SOA, soa.minimumSeconds(), Rdata.soa(soa));
    }

    /** The records of one name and type, with RDATA in wire form and names in it uncompressed. */
    record RecordSet(int type, long ttlSeconds, List<byte[]> data) {}

    /** Adds a record; names between its owner and the origin exist from then on, too (RFC 4592 2.2.2). */
    void add(Name owner, int type, long ttlSeconds, byte[] data) {
        nodes.computeIfAbsent(owner, name -> new TreeMap<>())
                .computeIfAbsent(type, t -> new RecordSet(t, ttlSeconds, new ArrayList<>()))
                .data()
                .add(data);
        for (Name above = owner.parent(); above.isPartOf(origin); above = above.parent()) {
            nodes.putIfAbsent(above, new TreeMap<>());
        }
    }

    Name origin() {
        return origin;
    }

    Soa soa() {
        return soa;
    }

    /** Whether this zone is the one to ask for {@code name}. */
    boolean covers(Name name) {
        return name.isPartOf(origin);
    }

    /**
     * The record sets of a name of this zone by type, those of the wildcard that stands for it (RFC 4592 3.3.1), or null if the name does
     * not exist. A name that is only there because of those below it has none.
     */
    @Nullable Map<Integer, RecordSet> find(Name name) {
        Map<Integer, RecordSet> node = nodes.get(name);
        if (node != null) {
            return node;
        }
        Name encloser = name.parent();
        while (!nodes.containsKey(encloser)) {
            encloser = encloser.parent();
        }
        // No room for the asterisk's label means no such wildcard.
        return encloser.wireLength() + WILDCARD.wireLength() - 1 > Name.MAX_LENGTH
                ? null
                : nodes.get(WILDCARD.concat(encloser));
    }

    /** How long it may be remembered that something is not there, in seconds (RFC 2308 5). */
    long negativeTtlSeconds() {
        return soa.minimumSeconds();
    }
}
