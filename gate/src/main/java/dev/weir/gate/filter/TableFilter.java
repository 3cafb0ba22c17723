package dev.weir.gate.filter;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.engine.log.Log;
import dev.weir.gate.table.Bucket;
import dev.weir.gate.table.SuffixKey;
import dev.weir.wire.Name;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A filter whose tables are maps in the kernel. An internal one has a program for sockets besides. Any thread. */
final class TableFilter implements KernelFilter {
    /** How often to look for ends that other processes have written. */
    private static final long LOOK_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final FilterSpec spec;
    private final Tables tables;
    private final Map<Kind, BlockTable<IpAddress>> addresses;
    private final Map<Kind, BlockTable<Netmask>> ranges;
    private final @Nullable NameTable names;
    private final @Nullable SuffixTable suffixes;
    private final Map<Kind, FilterTable<Netmask, Bucket>> rates;
    private final @Nullable SocketProgram program;
    private final PinLock lock;
    private final PacketFilters.@Nullable Enlarger enlarger;
    private final Runnable onClose;
    private final boolean pinned;
    private volatile long lookedNanos;
    private final AtomicLong refused = new AtomicLong();
    private final Set<Kind> toldFull = EnumSet.noneOf(Kind.class);

    /** @param program what stands before sockets, null for external filters */
    TableFilter(
            FilterSpec spec,
            Tables tables,
            @Nullable SocketProgram program,
            PinLock lock,
            PacketFilters.@Nullable Enlarger enlarger,
            long nowNanos,
            Runnable onClose) {
        this.spec = spec;
        this.tables = tables;
        this.pinned = !FilterSpec.pinDirectory(spec.tables()).isEmpty();
        this.addresses = tables.addresses;
        this.ranges = tables.ranges;
        this.names = tables.names;
        this.suffixes = tables.suffixes;
        this.rates = tables.rates;
        this.program = program;
        this.lock = lock;
        this.enlarger = enlarger;
        this.lookedNanos = nowNanos;
        this.onClose = onClose;
    }

    /** The tables of the kinds for which there is room. */
    record Tables(
            Map<Kind, BlockTable<IpAddress>> addresses,
            Map<Kind, BlockTable<Netmask>> ranges,
            @Nullable NameTable names,
            @Nullable SuffixTable suffixes,
            Map<Kind, FilterTable<Netmask, Bucket>> rates,
            Claims claims) {
        /** Reads what others have written, takes out what has ended. */
        void takeOver(long nowNanos) throws KernelException {
            for (BlockTable<IpAddress> table : addresses.values()) {
                table.takeOver(nowNanos);
            }
            for (BlockTable<Netmask> table : ranges.values()) {
                table.takeOver(nowNanos);
            }
            if (suffixes != null) {
                suffixes.takeOver(nowNanos);
            }
            for (ClaimKey claimed : claims.all().keySet()) {
                reconcile(claimed, nowNanos);
            }
        }

        /** Completes what somebody left half done, and remembers when to look again. */
        private void reconcile(ClaimKey claimed, long nowNanos) throws KernelException {
            Netmask network = claimed.network();
            Name name = claimed.name();
            BlockTable<IpAddress> single = addresses.get(claimed.kind());
            BlockTable<Netmask> range = ranges.get(claimed.kind());
            if (single != null && network != null) {
                single.reconcile(network.ip(), nowNanos);
            } else if (range != null && network != null) {
                range.reconcile(network, nowNanos);
            } else if (claimed.kind() == Kind.SUFFIXES && suffixes != null && name != null) {
                suffixes.reconcile(new SuffixKey(name, claimed.type()), nowNanos);
            }
        }
    }

    @Override
    public FilterSpec spec() {
        return spec;
    }

    @Override
    public boolean supports(Kind kind, MatchAction action) {
        return spec.supports(kind, action);
    }

    // ---- addresses and ranges

    @Override
    public void block(IpAddress address, MatchAction action, long endNanos) throws KernelException {
        block(address, new Term(action, endNanos, ""));
    }

    @Override
    public void block(IpAddress address, Term term) throws KernelException {
        Kind kind = address.isV4() ? Kind.IPV4 : Kind.IPV6;
        BlockTable<IpAddress> table = required(addresses.get(kind), kind, term.action(), address);
        made(kind, "address", address, () -> table.block(address.withScope(0), term, false));
    }

    @Override
    public void unblock(IpAddress address) throws KernelException {
        lift(address, Whose.OURS);
    }

    @Override
    public void lift(IpAddress address, Whose whose) throws KernelException {
        BlockTable<IpAddress> table = addresses.get(address.isV4() ? Kind.IPV4 : Kind.IPV6);
        gone("blocked address", address, table != null && table.lift(address.withScope(0), whose));
    }

    @Override
    public void addRange(Netmask range, MatchAction action, boolean replace, long endNanos) throws KernelException {
        addRange(range, new Term(action, endNanos, ""), replace);
    }

    @Override
    public void addRange(Netmask range, Term term) throws KernelException {
        addRange(range, term, false);
    }

    private void addRange(Netmask range, Term term, boolean replace) throws KernelException {
        Kind kind = range.ip().isV4() ? Kind.CIDR4 : Kind.CIDR6;
        BlockTable<Netmask> table = required(ranges.get(kind), kind, term.action(), range);
        made(kind, "range", range, () -> table.block(whole(range), term, replace));
    }

    @Override
    public void removeRange(Netmask range) throws KernelException {
        lift(range, Whose.OURS);
    }

    @Override
    public void lift(Netmask range, Whose whose) throws KernelException {
        BlockTable<Netmask> table = ranges.get(range.ip().isV4() ? Kind.CIDR4 : Kind.CIDR6);
        gone("range", range, table != null && table.lift(whole(range), whose));
    }

    /** As tables give it back. */
    private static Netmask whole(Netmask range) {
        return Netmask.of(range.network().withScope(0), range.prefix());
    }

    // ---- names

    @Override
    public void blockName(Name name, int type, MatchAction action) throws KernelException {
        NameTable table = required(names, Kind.QNAMES, action, name.toStringNoDot());
        made(Kind.QNAMES, "qname", name.toStringNoDot(), () -> lock.during(() -> table.block(name, type, action)));
    }

    @Override
    public void unblockName(Name name, int type) throws KernelException {
        gone("qname address", name.toStringNoDot(), names != null && lock.during(() -> names.unblock(name, type)));
    }

    @Override
    public void blockSuffix(Name suffix, int type, MatchAction action, long endNanos) throws KernelException {
        blockSuffix(suffix, type, new Term(action, endNanos, ""));
    }

    @Override
    public void blockSuffix(Name suffix, int type, Term term) throws KernelException {
        SuffixTable table = required(suffixes, Kind.SUFFIXES, term.action(), suffix.toStringNoDot());
        made(Kind.SUFFIXES, "suffix", suffix.toStringNoDot(), () -> table.block(new SuffixKey(suffix, type), term));
    }

    @Override
    public void unblockSuffix(Name suffix, int type) throws KernelException {
        lift(suffix, type, Whose.OURS);
    }

    @Override
    public void lift(Name suffix, int type, Whose whose) throws KernelException {
        boolean there = suffixes != null && suffixes.lift(new SuffixKey(suffix, type), whose);
        gone("suffix", suffix.toStringNoDot(), there);
    }

    // ---- rates

    @Override
    public void rateLimit(Netmask range, Limit limit) throws KernelException {
        Kind kind = range.ip().isV4() ? Kind.RATES4 : Kind.RATES6;
        if (!spec.external()) {
            throw new KernelException(
                    Reason.UNSUPPORTED, "Unable to limit " + range + ": only external filters can limit rates");
        }
        FilterTable<Netmask, Bucket> table = required(rates.get(kind), kind, MatchAction.DROP, range);
        Bucket bucket = Bucket.of(
                Math.toIntExact(limit.queriesPerSecond()), Math.toIntExact(limit.burst()), limit.slip(), limit.per());
        made(kind, "rate limit", range, () -> lock.during(() -> table.put(whole(range), bucket)));
    }

    @Override
    public void removeRateLimit(Netmask range) throws KernelException {
        FilterTable<Netmask, Bucket> table = rates.get(range.ip().isV4() ? Kind.RATES4 : Kind.RATES6);
        gone("rate limit", range, table != null && lock.during(() -> table.remove(whole(range))));
    }

    @Override
    public void together(Changes changes) throws KernelException {
        lock.acquire();
        try {
            changes.make();
        } finally {
            lock.release();
        }
    }

    // ---- what all of them share

    private <T> T required(@Nullable T table, Kind kind, MatchAction action, Object subject) throws KernelException {
        if (table == null) {
            throw KernelException.noRoom(kind, subject);
        }
        if (!supports(kind, action)) {
            throw KernelException.unsupported(action, subject);
        }
        return table;
    }

    private void made(Kind kind, String what, Object subject, PinLock.Work<FilterTable.Outcome> work)
            throws KernelException {
        FilterTable.Outcome outcome = work.run();
        if (outcome == FilterTable.Outcome.FULL && enlarger != null) {
            enlarge(enlarger, kind, subject);
            outcome = work.run();
        }
        switch (outcome) {
            case DONE -> {}
            case PRESENT, ABSENT -> throw KernelException.duplicate(what, subject);
            case FULL -> {
                refused.incrementAndGet();
                tellFull(kind);
                throw KernelException.full(subject);
            }
        }
    }

    private void enlarge(PacketFilters.Enlarger by, Kind kind, Object subject) throws KernelException {
        lock.outside(() -> {
            try {
                by.enlarge(kind, FilterSpec.pinDirectory(spec.tables()));
                return true;
            } catch (IOException e) {
                throw new KernelException(
                        Reason.FULL, KernelException.full(subject).getMessage() + ": " + e.getMessage(), e);
            }
        });
    }

    /** A flood may find a table full a thousand times a second: once is enough. */
    private void tellFull(Kind kind) {
        synchronized (toldFull) {
            if (!toldFull.add(kind)) {
                return;
            }
        }
        Log.error(
                "A table of the packet filter is full, further blocks are enforced in user space only",
                "ebpf",
                "table",
                kind.plural(),
                "size",
                spec.table(kind).maxItems(),
                "option",
                kind.option());
    }

    private static void gone(String what, Object subject, boolean there) throws KernelException {
        if (!there) {
            throw KernelException.absent(what, subject);
        }
    }

    // ---- reading

    @Override
    public long hits(IpAddress address) {
        BlockTable<IpAddress> table = addresses.get(address.isV4() ? Kind.IPV4 : Kind.IPV6);
        return table == null ? 0 : count(() -> table.hits(address));
    }

    @Override
    public long hits(Netmask range) {
        BlockTable<Netmask> table = ranges.get(range.ip().isV4() ? Kind.CIDR4 : Kind.CIDR6);
        return table == null ? 0 : count(() -> table.hits(whole(range)));
    }

    @Override
    public long hits(Name suffix, int type) {
        SuffixTable table = suffixes;
        return table == null ? 0 : count(() -> table.hits(new SuffixKey(suffix, type)));
    }

    private interface Count {
        long read() throws KernelException;
    }

    private long count(Count count) {
        lock.look();
        try {
            return count.read();
        } catch (KernelException e) {
            Log.debug("A counter of a packet filter can't be read", "ebpf", "error", e);
            return 0;
        }
    }

    @Override
    public @Nullable Entry find(Kind kind, String subject, int type) throws KernelException {
        lock.look();
        EntryList list = new EntryList(tables.claims.all());
        BlockTable<IpAddress> single = addresses.get(kind);
        BlockTable<Netmask> range = ranges.get(kind);
        if (single != null) {
            list.addBlock(kind, single, IpAddress.parse(subject));
        } else if (range != null) {
            list.addBlock(kind, range, Netmask.parse(subject));
        } else if (kind == Kind.SUFFIXES && suffixes != null) {
            list.addSuffix(suffixes, new SuffixKey(Name.parse(subject), type));
        }
        return list.sorted().stream().findFirst().orElse(null);
    }

    @Override
    public @Nullable Entry deciding(IpAddress client, @Nullable Name name, int type) throws KernelException {
        lock.look();
        EntryList list = new EntryList(Map.of());
        boolean v4 = client.isV4();
        BlockTable<IpAddress> single = addresses.get(v4 ? Kind.IPV4 : Kind.IPV6);
        if (single != null) {
            list.addBlock(v4 ? Kind.IPV4 : Kind.IPV6, single, client.withScope(0));
        }
        BlockTable<Netmask> range = ranges.get(v4 ? Kind.CIDR4 : Kind.CIDR6);
        Netmask holding = range == null ? null : range.holding(Netmask.of(client.withScope(0), client.bits()));
        if (range != null && holding != null) {
            list.addBlock(v4 ? Kind.CIDR4 : Kind.CIDR6, range, Netmask.of(holding.network(), holding.prefix()));
        }
        if (name != null && names != null && list.isEmpty()) {
            list.addName(names, name, type);
        }
        for (Name at = name; at != null && suffixes != null && list.isEmpty(); at = at.isRoot() ? null : at.parent()) {
            list.addSuffix(suffixes, new SuffixKey(at, type));
            if (list.isEmpty()) {
                list.addSuffix(suffixes, new SuffixKey(at, FilterSpec.ANY_TYPE));
            }
        }
        return list.sorted().stream().findFirst().orElse(null);
    }

    @Override
    public List<Entry> entries() throws KernelException {
        lock.look();
        EntryList list = new EntryList(tables.claims.all());
        for (Map.Entry<Kind, BlockTable<IpAddress>> each : addresses.entrySet()) {
            list.addBlocks(each.getKey(), each.getValue());
        }
        for (Map.Entry<Kind, BlockTable<Netmask>> each : ranges.entrySet()) {
            list.addBlocks(each.getKey(), each.getValue());
        }
        if (names != null) {
            list.addNames(names);
        }
        if (suffixes != null) {
            list.addSuffixes(suffixes);
        }
        for (Map.Entry<Kind, FilterTable<Netmask, Bucket>> each : rates.entrySet()) {
            list.addRates(each.getKey(), each.getValue());
        }
        return list.sorted();
    }

    @Override
    public long refused() {
        return refused.get();
    }

    @Override
    public void purge(long nowNanos) throws KernelException {
        if (pinned && nowNanos - lookedNanos >= LOOK_NANOS) {
            lookedNanos = nowNanos;
            tables.takeOver(nowNanos);
            return;
        }
        for (BlockTable<IpAddress> table : addresses.values()) {
            table.purge(nowNanos);
        }
        for (BlockTable<Netmask> table : ranges.values()) {
            table.purge(nowNanos);
        }
        if (suffixes != null) {
            suffixes.purge(nowNanos);
        }
    }

    // ---- sockets

    @Override
    public void attach(int socket) throws KernelException {
        if (program == null) {
            throw new KernelException(
                    Reason.UNSUPPORTED,
                    "an external filter can't be attached to a socket: the program that reads its tables sits elsewhere");
        }
        program.attach(socket);
    }

    @Override
    public void detach(int socket) throws KernelException {
        if (program != null) {
            program.detach(socket);
        }
    }

    /** Sockets keep the program, and the program its tables, until they are closed. */
    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
        addresses.values().forEach(BlockTable::close);
        ranges.values().forEach(BlockTable::close);
        if (names != null) {
            names.close();
        }
        if (suffixes != null) {
            suffixes.close();
        }
        rates.values().forEach(FilterTable::close);
        tables.claims.close();
        lock.close();
        onClose.run();
    }
}
