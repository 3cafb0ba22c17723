package dev.weir.gate.filter;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapMismatchException;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.engine.log.Log;
import dev.weir.gate.guard.GuardPins;
import dev.weir.gate.table.AddressKey;
import dev.weir.gate.table.Bucket;
import dev.weir.gate.table.NameKey;
import dev.weir.gate.table.PlainNameVerdict;
import dev.weir.gate.table.RangeEnd;
import dev.weir.gate.table.RangeKey;
import dev.weir.gate.table.Settings;
import dev.weir.gate.table.SuffixKey;
import dev.weir.gate.table.SuffixVerdict;
import dev.weir.gate.table.Table;
import dev.weir.gate.table.Verdict;
import dev.weir.sys.Bpf;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the maps of a filter, or opens those that are pinned. All or nothing: if one fails, all are closed and what was pinned here is unpinned.
 */
final class TableMaps {
    private static final String OURS = "weir-";
    private static final String ENDS = "weir-ends";
    /** The table of who wants what; programs don't look into it. */
    static final String CLAIMS = GuardPins.CLAIMS;

    private static final int MOST_CLAIMED = 1 << 18;

    private final Bpf bpf;
    private final FilterSpec spec;
    private final String directory;
    private final Map<String, SharedMap> maps = new LinkedHashMap<>();
    private final List<Path> pinned = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();

    private TableMaps(Bpf bpf, FilterSpec spec) {
        this.bpf = bpf;
        this.spec = spec;
        this.directory = FilterSpec.pinDirectory(spec.tables());
    }

    /** The table of a kind's ends. */
    static Table endsOf(Kind kind) {
        return switch (kind) {
            case IPV4 -> Table.ENDS4;
            case IPV6 -> Table.ENDS6;
            case CIDR4 -> Table.ENDS_CIDR4;
            case CIDR6 -> Table.ENDS_CIDR6;
            default -> throw new IllegalArgumentException(kind + " has no table of ends");
        };
    }

    /** Returns the maps, by the kinds' names, those of ends by their pins'; kinds without room have none. */
    static Map<String, SharedMap> open(Bpf bpf, FilterSpec spec) throws KernelException {
        TableMaps tables = new TableMaps(bpf, spec);
        try {
            for (Kind kind : Kind.values()) {
                tables.openKind(kind);
            }
            tables.addClaims();
            if (!tables.differences.isEmpty()) {
                throw new KernelException(
                        Reason.FAILED,
                        String.join("; ", tables.differences)
                                + "; give the filter the same sizes and format, or remove the pins");
            }
            return tables.maps;
        } catch (IOException e) {
            tables.undo();
            throw Remedy.of(e, Reason.FAILED);
        }
    }

    private void openKind(Kind kind) throws IOException {
        FilterSpec.Table table = spec.table(kind);
        boolean rate = kind == Kind.RATES4 || kind == Kind.RATES6;
        if (table.maxItems() == 0 || rate && !spec.external()) {
            return;
        }
        add(kind.name(), kindSpec(kind, table.maxItems()), table.pinnedPath());
        switch (kind) {
            case IPV4 -> addEnds(kind, AddressKey.V4, Codec.U64, table.maxItems());
            case IPV6 -> addEnds(kind, AddressKey.V6, Codec.U64, table.maxItems());
            case CIDR4 -> addEnds(kind, RangeKey.V4, RangeEnd.CODEC, table.maxItems());
            case CIDR6 -> addEnds(kind, RangeKey.V6, RangeEnd.CODEC, table.maxItems());
            case SUFFIXES -> addSettings();
            default -> {}
        }
    }

    private void addEnds(Kind kind, Codec<?> keys, Codec<?> values, int maxItems) throws IOException {
        String name = endsOf(kind).pinName();
        boolean trie = kind == Kind.CIDR4 || kind == Kind.CIDR6;
        MapType type = trie ? MapType.LPM_TRIE : MapType.HASH;
        add(name, map(name, type, keys, values, maxItems), directory.isEmpty() ? "" : directory + "/" + name);
    }

    /** Where nothing is pinned nobody else claims anything. */
    private void addClaims() throws IOException {
        if (!directory.isEmpty() && !maps.isEmpty()) {
            add(
                    CLAIMS,
                    map(CLAIMS, MapType.HASH, ClaimKey.CODEC, Claim.LIST, MOST_CLAIMED)
                            .withFlags(MapSpec.NO_PREALLOC),
                    directory + "/" + CLAIMS);
        }
    }

    /** Guards that share the directory are told there that there are suffixes. */
    private void addSettings() throws IOException {
        if (spec.external() && !directory.isEmpty()) {
            String name = Table.SETTINGS.pinName();
            add(name, map(name, MapType.ARRAY, Codec.U32, Settings.CODEC, 1), directory + "/" + name);
        }
    }

    private MapSpec kindSpec(Kind kind, int room) {
        boolean external = spec.external();
        Codec<?> address = external ? Verdict.CODEC : BlockTable.COUNTERS;
        String name = Table.of(kind).mapName();
        return switch (kind) {
            case IPV4 -> map(name, MapType.HASH, AddressKey.V4, address, room);
            case IPV6 -> map(name, MapType.HASH, AddressKey.V6, address, room);
            case CIDR4 -> map(name, MapType.LPM_TRIE, RangeKey.V4, Verdict.CODEC, room);
            case CIDR6 -> map(name, MapType.LPM_TRIE, RangeKey.V6, Verdict.CODEC, room);
            case QNAMES ->
                external
                        ? map(name, MapType.HASH, NameKey.CODEC, Verdict.CODEC, room)
                        : map(name, MapType.HASH, NameKey.PLAIN, PlainNameVerdict.CODEC, room);
            case SUFFIXES -> map(name, MapType.LPM_TRIE, SuffixKey.CODEC, SuffixVerdict.CODEC, room);
            case RATES4 -> map(name, MapType.LPM_TRIE, RangeKey.V4, Bucket.CODEC, room);
            case RATES6 -> map(name, MapType.LPM_TRIE, RangeKey.V6, Bucket.CODEC, room);
        };
    }

    private static MapSpec map(String name, MapType type, Codec<?> keys, Codec<?> values, int room) {
        MapSpec map = new MapSpec(name, type, keys.sizeBytes(), values.sizeBytes(), room);
        return type == MapType.LPM_TRIE ? map.withFlags(MapSpec.NO_PREALLOC) : map;
    }

    private void add(String name, MapSpec map, String pin) throws IOException {
        if (pin.isEmpty()) {
            maps.put(name, new SharedMap(bpf, BpfMap.create(bpf, map, null), null));
            return;
        }
        Path path = Path.of(pin);
        PinDirectory.prepare(path);
        try {
            BpfMap opened = opened(path, map);
            // Programs before sockets keep the maps that they were loaded with.
            maps.put(
                    name,
                    new SharedMap(bpf, opened == null ? created(path, map) : opened, spec.external() ? path : null));
        } catch (MapMismatchException e) {
            differences.add(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable BpfMap opened(Path path, MapSpec map) throws IOException {
        try {
            // Tables that guards use may have grown since somebody decided how much room a filter asks for.
            return spec.external() || String.valueOf(path.getFileName()).startsWith(OURS)
                    ? openedLarger(path, map)
                    : BpfMap.openPinned(bpf, path, map);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    private BpfMap openedLarger(Path path, MapSpec map) throws IOException {
        int room;
        try (BpfMap found = BpfMap.openPinnedReadOnly(bpf, path)) {
            room = found.maxEntries();
        }
        // Tables grow one after the other, and who lets them may die in between.
        boolean ends = String.valueOf(path.getFileName()).startsWith(ENDS);
        int wanted = ends || Integer.compareUnsigned(room, map.maxEntries()) > 0 ? room : map.maxEntries();
        return BpfMap.openPinned(bpf, path, map.withMaxEntries(wanted));
    }

    private BpfMap created(Path path, MapSpec spec) throws IOException {
        BpfMap map = BpfMap.create(bpf, spec, null);
        try {
            map.pin(path);
            pinned.add(path);
            return map;
        } catch (SyscallException e) {
            map.close();
            BpfMap others = e.errno() == Errno.EEXIST ? opened(path, spec) : null;
            if (others != null) {
                // Another process has made it in between.
                return others;
            }
            throw SyscallException.explained("pinning a map at " + path, e.errno(), String.valueOf(e.getMessage()));
        }
    }

    private void undo() {
        maps.values().forEach(SharedMap::close);
        for (Path path : pinned) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                Log.warning("Unable to remove a pin", "ebpf", "path", path, "error", e);
            }
        }
    }
}
