package dev.weir.engine.kernel;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A filter that exists in this process only and filters nothing: it keeps the tables of a filter and refuses what the real one would refuse.
 * For checking configurations, which must touch neither the kernel nor what is pinned. Any thread.
 */
public final class MemoryFilter implements KernelFilter {
    private final FilterSpec spec;
    private final Map<Kind, TreeMap<Key, Value>> tables = new EnumMap<>(Kind.class);
    private long refused;

    /**
     * @param network of addresses and ranges, null for names
     * @param name null for addresses and ranges
     */
    private record Key(@Nullable Netmask network, @Nullable Name name, int type) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(
                        Key::network, Comparator.nullsFirst(Comparator.<Netmask>naturalOrder()))
                .thenComparing(Key::name, Comparator.nullsFirst(Comparator.<Name>naturalOrder()))
                .thenComparingInt(Key::type);

        static Key of(IpAddress address) {
            return new Key(Netmask.of(address.withScope(0), address.bits()), null, FilterSpec.ANY_TYPE);
        }

        static Key of(Netmask range) {
            return new Key(Netmask.of(range.network().withScope(0), range.prefix()), null, FilterSpec.ANY_TYPE);
        }

        static Key of(Name name, int type) {
            return new Key(null, name, type);
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }

        /** As people write it; a single address without its prefix length. */
        String text(Kind kind) {
            if (network == null) {
                return String.valueOf(name);
            }
            boolean single = kind == Kind.IPV4 || kind == Kind.IPV6;
            return single ? network.ip().toString() : network.toString();
        }
    }

    private record Value(
            MatchAction action,
            long endNanos,
            int type,
            @Nullable Limit limit) {
        Value(MatchAction action, long endNanos, int type) {
            this(action, endNanos, type, null);
        }

        boolean ends() {
            return endNanos != FOREVER;
        }
    }

    public MemoryFilter(FilterSpec spec) {
        this.spec = spec;
        for (Kind kind : Kind.values()) {
            tables.put(kind, new TreeMap<>());
        }
    }

    private Map<Key, Value> table(Kind kind) {
        return java.util.Objects.requireNonNull(tables.get(kind));
    }

    @Override
    public FilterSpec spec() {
        return spec;
    }

    @Override
    public boolean supports(Kind kind, MatchAction action) {
        return spec.supports(kind, action);
    }

    @Override
    public synchronized void block(IpAddress address, MatchAction action, long endNanos) throws KernelException {
        Kind kind = address.isV4() ? Kind.IPV4 : Kind.IPV6;
        put(kind, Key.of(address), address, "address", action, endNanos, false);
    }

    @Override
    public synchronized void unblock(IpAddress address) throws KernelException {
        remove(address.isV4() ? Kind.IPV4 : Kind.IPV6, Key.of(address), address, "blocked address");
    }

    /** The older format has one type per name, whatever it is. */
    private Key nameKey(Name name, int type) {
        return Key.of(name, spec.external() ? type : FilterSpec.ANY_TYPE);
    }

    @Override
    public synchronized void blockName(Name name, int type, MatchAction action) throws KernelException {
        Object subject = name.toStringNoDot();
        Key key = nameKey(name, type);
        check(Kind.QNAMES, subject, action);
        if (table(Kind.QNAMES).containsKey(key)) {
            throw KernelException.duplicate("qname", subject);
        }
        store(Kind.QNAMES, key, subject, new Value(action, FOREVER, type));
    }

    @Override
    public synchronized void unblockName(Name name, int type) throws KernelException {
        remove(Kind.QNAMES, nameKey(name, type), name.toStringNoDot(), "qname address");
    }

    @Override
    public synchronized void addRange(Netmask range, MatchAction action, boolean replace, long endNanos)
            throws KernelException {
        put(range.ip().isV4() ? Kind.CIDR4 : Kind.CIDR6, Key.of(range), range, "range", action, endNanos, replace);
    }

    @Override
    public synchronized void removeRange(Netmask range) throws KernelException {
        remove(range.ip().isV4() ? Kind.CIDR4 : Kind.CIDR6, Key.of(range), range, "range");
    }

    @Override
    public synchronized void blockSuffix(Name suffix, int type, MatchAction action, long endNanos)
            throws KernelException {
        put(Kind.SUFFIXES, Key.of(suffix, type), suffix.toStringNoDot(), "suffix", action, endNanos, false);
    }

    @Override
    public synchronized void unblockSuffix(Name suffix, int type) throws KernelException {
        remove(Kind.SUFFIXES, Key.of(suffix, type), suffix.toStringNoDot(), "suffix");
    }

    @Override
    public synchronized void rateLimit(Netmask range, Limit limit) throws KernelException {
        Kind kind = range.ip().isV4() ? Kind.RATES4 : Kind.RATES6;
        MatchAction action = limit.slip() > 0 ? MatchAction.TRUNCATE : MatchAction.DROP;
        check(kind, range, action);
        store(kind, Key.of(range), range, new Value(action, FOREVER, FilterSpec.ANY_TYPE, limit));
    }

    @Override
    public synchronized void removeRateLimit(Netmask range) throws KernelException {
        remove(range.ip().isV4() ? Kind.RATES4 : Kind.RATES6, Key.of(range), range, "rate limit");
    }

    private void put(
            Kind kind, Key key, Object subject, String what, MatchAction action, long endNanos, boolean replace)
            throws KernelException {
        check(kind, subject, action);
        Value known = table(kind).get(key);
        if (known != null && !known.ends() && !replace) {
            throw KernelException.duplicate(what, subject);
        }
        store(kind, key, subject, new Value(action, endNanos, key.type()));
    }

    private void check(Kind kind, Object subject, MatchAction action) throws KernelException {
        if (spec.table(kind).maxItems() == 0) {
            throw KernelException.noRoom(kind, subject);
        }
        if (!supports(kind, action)) {
            throw KernelException.unsupported(action, subject);
        }
    }

    private void store(Kind kind, Key key, Object subject, Value value) throws KernelException {
        Map<Key, Value> table = table(kind);
        if (!table.containsKey(key) && table.size() >= spec.table(kind).maxItems()) {
            refused++;
            throw KernelException.full(subject);
        }
        table.put(key, value);
    }

    private void remove(Kind kind, Key key, Object subject, String what) throws KernelException {
        if (table(kind).remove(key) == null) {
            throw KernelException.absent(what, subject);
        }
    }

    /** Nothing passes here, so nothing hits. */
    @Override
    public long hits(IpAddress address) {
        return 0;
    }

    @Override
    public long hits(Netmask range) {
        return 0;
    }

    @Override
    public long hits(Name suffix, int type) {
        return 0;
    }

    @Override
    public synchronized List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        tables.forEach((kind, table) -> table.forEach((key, value) -> entries.add(new Entry(
                kind,
                key.text(kind),
                value.type(),
                value.action(),
                value.action().number(),
                0,
                value.endNanos(),
                value.limit()))));
        return entries;
    }

    @Override
    public synchronized void purge(long nowNanos) {
        tables.values()
                .forEach(table -> table.values().removeIf(value -> value.ends() && value.endNanos() - nowNanos <= 0));
    }

    @Override
    public void attach(int socket) {}

    @Override
    public void detach(int socket) {}

    @Override
    public synchronized long refused() {
        return refused;
    }

    @Override
    public void close() {}
}
