package dev.weir.gate.filter;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFiltering;
import dev.weir.sys.Bpf;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes packet filters in this kernel. Needs CAP_BPF and CAP_NET_ADMIN (CAP_SYS_ADMIN before Linux 5.8); changing entries needs nothing more
 * since Linux 5.19. Maps: Linux 4.11; the program for sockets: 5.18. Any thread.
 */
public final class PacketFilters implements KernelFiltering {
    /** Directories with tables of ends that a filter of this process looks after. */
    private final Set<String> directories = new HashSet<>();

    private final Bpf bpf;

    /** Filters in the running kernel. */
    public PacketFilters() {
        this(Bpf.kernel());
    }

    /** @param bpf the kernel, or what plays its part in a test */
    public PacketFilters(Bpf bpf) {
        this.bpf = bpf;
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
            return make(spec, () -> forget(directory));
        } catch (KernelException | RuntimeException e) {
            directories.remove(directory);
            throw e;
        }
    }

    private synchronized void forget(String directory) {
        directories.remove(directory);
    }

    private KernelFilter make(FilterSpec spec, Runnable onClose) throws KernelException {
        Map<String, BpfMap> maps = TableMaps.open(bpf, spec);
        try {
            Map<Kind, BlockTable> blocks = blocks(spec, maps);
            for (BlockTable table : blocks.values()) {
                table.takeOver();
            }
            BpfMap suffixes = maps.get(Kind.SUFFIXES.name());
            SuffixTable suffixTable = suffixes == null ? null : new SuffixTable(new Table(suffixes));
            if (suffixTable != null) {
                suffixTable.takeOver();
            }
            BpfMap names = maps.get(Kind.QNAMES.name());
            return new TableFilter(
                    spec,
                    blocks,
                    names == null ? null : new NameTable(new Table(names), spec),
                    suffixTable,
                    rates(maps),
                    spec.external() ? null : SocketProgram.load(bpf, maps, spec.anyType() != FilterSpec.ANY_TYPE),
                    onClose);
        } catch (KernelException | RuntimeException e) {
            maps.values().forEach(BpfMap::close);
            throw e;
        }
    }

    private static Map<Kind, BlockTable> blocks(FilterSpec spec, Map<String, BpfMap> maps) {
        Map<Kind, BlockTable> blocks = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            boolean trie = kind == Kind.CIDR4 || kind == Kind.CIDR6;
            BpfMap map = maps.get(kind.name());
            if (map != null && (trie || kind == Kind.IPV4 || kind == Kind.IPV6)) {
                BlockTable.ValueFormat format =
                        trie || spec.external() ? BlockTable.ValueFormat.VERDICT : BlockTable.ValueFormat.COUNTER;
                Table ends = new Table(present(maps.get(TableMaps.endsOf(kind))));
                blocks.put(kind, new BlockTable(new Table(map), ends, trie, format));
            }
        }
        return blocks;
    }

    private static BpfMap present(@Nullable BpfMap map) {
        return java.util.Objects.requireNonNull(map, "kinds with ends have a map of them");
    }

    private static Map<Kind, RateTable> rates(Map<String, BpfMap> maps) {
        Map<Kind, RateTable> rates = new EnumMap<>(Kind.class);
        for (Kind kind : new Kind[] {Kind.RATES4, Kind.RATES6}) {
            BpfMap map = maps.get(kind.name());
            if (map != null) {
                rates.put(kind, new RateTable(new Table(map)));
            }
        }
        return rates;
    }
}
