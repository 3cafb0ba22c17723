package dev.weir.gate.filter;

import dev.weir.ebpf.map.Codec;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFiltering;
import dev.weir.gate.guard.Growth;
import dev.weir.gate.guard.GuardPins;
import dev.weir.gate.table.Bucket;
import dev.weir.gate.table.RangeKey;
import dev.weir.gate.table.Verdict;
import dev.weir.sys.Bpf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes packet filters in this kernel. Needs CAP_BPF (CAP_SYS_ADMIN before Linux 5.8); changing entries needs nothing more
 * since Linux 5.19. Maps: Linux 4.11; the program for sockets: 5.17. Any thread.
 */
public final class PacketFilters implements KernelFiltering {
    /** A flood must not wait for a process that somebody has stopped. */
    private static final long DAEMON_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long OPERATOR_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Directories with tables of ends that a filter of this process looks after. */
    private final Set<String> directories = new HashSet<>();

    private final Bpf bpf;
    private final LongSupplier nanoClock;
    private final String origin;
    private final long patienceNanos;
    private final @Nullable Enlarger enlarger;

    /** Filters in the running kernel. */
    public PacketFilters() {
        this(Bpf.kernel(), System::nanoTime);
    }

    /**
     * @param bpf the kernel, or what plays its part in a test
     * @param nanoClock CLOCK_MONOTONIC, which {@link System#nanoTime} is
     */
    public PacketFilters(Bpf bpf, LongSupplier nanoClock) {
        this(bpf, nanoClock, "", DAEMON_PATIENCE_NANOS, null);
    }

    private PacketFilters(
            Bpf bpf, LongSupplier nanoClock, String origin, long patienceNanos, @Nullable Enlarger enlarger) {
        this.origin = origin;
        this.bpf = bpf;
        this.nanoClock = nanoClock;
        this.patienceNanos = patienceNanos;
        this.enlarger = enlarger;
    }

    /**
     * Filters for commands: they wait longer for other processes than those who have a flood to stop, and a table of a guard's that is full
     * grows.
     *
     * @param notes gets a line for each table that has grown
     */
    public static PacketFilters ofOperator(Bpf bpf, Consumer<String> notes) {
        return new PacketFilters(bpf, System::nanoTime, "", OPERATOR_PATIENCE_NANOS, (kind, directory) -> new Growth(
                        bpf, new GuardPins(Path.of(directory)))
                .more(kind)
                .forEach(grown -> notes.accept(grown.toString())));
    }

    /**
     * Filters of a daemon, whose blocks bear its name: it lifts its own only, and nobody else's orders soften or shorten them.
     *
     * @param name the same after a restart, and no other daemon's on the same tables
     */
    public static PacketFilters ofDaemon(Bpf bpf, LongSupplier nanoClock, String name) {
        return new PacketFilters(bpf, nanoClock, name, DAEMON_PATIENCE_NANOS, null);
    }

    /** Makes room in a kind's tables. */
    @FunctionalInterface
    interface Enlarger {
        /** @param directory of pins */
        void enlarge(Kind kind, String directory) throws IOException;
    }

    @Override
    public synchronized KernelFilter open(FilterSpec spec) throws KernelException {
        String directory = FilterSpec.pinDirectory(spec.tables());
        if (!directory.isEmpty() && !directories.add(directory)) {
            throw new KernelException(
                    Reason.FAILED,
                    "another filter has its tables in " + directory
                            + " already; give each filter a directory of its own");
        }
        try {
            return make(spec, directory, () -> forget(directory));
        } catch (KernelException | RuntimeException e) {
            directories.remove(directory);
            throw e;
        }
    }

    private synchronized void forget(String directory) {
        directories.remove(directory);
    }

    private KernelFilter make(FilterSpec spec, String directory, Runnable onClose) throws KernelException {
        Map<String, SharedMap> maps = TableMaps.open(bpf, spec);
        PinLock lock = PinLock.of(directory, patienceNanos);
        try {
            TableFilter.Tables tables = tables(spec, maps, lock, claimants(maps, lock));
            long nowNanos = nanoClock.getAsLong();
            tables.takeOver(nowNanos);
            SocketProgram program =
                    spec.external() ? null : SocketProgram.load(bpf, maps, spec.anyType() != FilterSpec.ANY_TYPE);
            return new TableFilter(spec, tables, program, lock, spec.external() ? enlarger : null, nowNanos, onClose);
        } catch (KernelException | RuntimeException e) {
            lock.close();
            maps.values().forEach(SharedMap::close);
            throw e;
        }
    }

    private Claimants claimants(Map<String, SharedMap> maps, PinLock lock) {
        SharedMap shared = maps.get(TableMaps.CLAIMS);
        Claims claims = new Claims(
                shared == null ? null : lock.guarding(new FilterTable<>(shared, ClaimKey.CODEC, Claim.LIST, lock)));
        return new Claimants(claims, origin, nanoClock);
    }

    private static TableFilter.Tables tables(
            FilterSpec spec, Map<String, SharedMap> maps, PinLock lock, Claimants claimants) {
        Map<Kind, BlockTable<IpAddress>> addresses = new EnumMap<>(Kind.class);
        Map<Kind, BlockTable<Netmask>> ranges = new EnumMap<>(Kind.class);
        Map<Kind, FilterTable<Netmask, Bucket>> rates = new EnumMap<>(Kind.class);
        NameTable names = null;
        SuffixTable suffixes = null;
        Codec<Verdict> values = spec.external() ? Verdict.CODEC : BlockTable.COUNTERS;
        for (Kind kind : Kind.values()) {
            SharedMap map = maps.get(kind.name());
            if (map == null) {
                continue;
            }
            int family = kind == Kind.IPV4 || kind == Kind.CIDR4 || kind == Kind.RATES4 ? 4 : 6;
            switch (kind) {
                case IPV4, IPV6 ->
                    addresses.put(
                            kind,
                            new BlockTable<>(
                                    kind,
                                    new BlockKeys.Addresses(family),
                                    map,
                                    values,
                                    ends(maps, kind),
                                    claimants,
                                    lock));
                case CIDR4, CIDR6 ->
                    ranges.put(
                            kind,
                            new BlockTable<>(
                                    kind,
                                    new BlockKeys.Ranges(family),
                                    map,
                                    Verdict.CODEC,
                                    ends(maps, kind),
                                    claimants,
                                    lock));
                case QNAMES -> names = NameTable.of(map, spec, lock);
                case SUFFIXES ->
                    suffixes = new SuffixTable(
                            map, maps.get(dev.weir.gate.table.Table.SETTINGS.pinName()), claimants, lock);
                case RATES4, RATES6 ->
                    rates.put(kind, lock.guarding(new FilterTable<>(map, RangeKey.codec(family), Bucket.CODEC, lock)));
            }
        }
        return new TableFilter.Tables(addresses, ranges, names, suffixes, rates, claimants.claims());
    }

    private static SharedMap ends(Map<String, SharedMap> maps, Kind kind) {
        return Objects.requireNonNull(maps.get(TableMaps.endsOf(kind).pinName()), "kinds with ends have a map of them");
    }
}
