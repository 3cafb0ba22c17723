package dev.weir.gate.guard;

import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapSlot;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.TypedMap;
import dev.weir.ebpf.prog.Program;
import dev.weir.engine.kernel.KernelException;
import dev.weir.gate.GuardObject;
import dev.weir.gate.GuardOptions;
import dev.weir.gate.GuardSpec;
import dev.weir.gate.table.Settings;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.DirectoryLock;
import dev.weir.sys.NetworkInterface;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A guard that is about to be put on a device, with the tables that were pinned before and new ones in place of those that were not. */
final class NewGuard implements AutoCloseable {
    private final GuardPins pins;
    private final String device;
    private final GuardOptions options;
    private final Map<Table, BpfMap> taken;
    private final GuardObject object;
    private final boolean newStats;
    private final boolean chained;

    private NewGuard(
            GuardPins pins,
            String device,
            GuardOptions options,
            Map<Table, BpfMap> taken,
            GuardObject object,
            boolean newStats,
            boolean chained) {
        this.pins = pins;
        this.device = device;
        this.options = options;
        this.taken = taken;
        this.object = object;
        this.newStats = newStats;
        this.chained = chained;
    }

    /**
     * Loads the program.
     *
     * @param chained gets what passes; null if there is none. Stays the caller's
     * @param current the guard there, with whose counters to go on, if they fit
     * @param notes gets a line if they don't
     * @throws KernelException FAILED if pinned tables don't fit, with every difference
     */
    static NewGuard load(
            Bpf bpf,
            GuardPins pins,
            NetworkInterface target,
            PinnedGuard current,
            @Nullable Program chained,
            AttachRequest request,
            List<String> notes)
            throws IOException {
        String device = target.name();
        GuardOptions options = request.options().after(current.options());
        BpfMap stats = current.stats();
        GuardSpec.Device place = new GuardSpec.Device(
                LinkHeader.of(target) == LinkHeader.ETHERNET,
                chained != null,
                GuardSpec.Kin.FRAGS,
                options.onlyLocal() ? LocalDestinations.here() : List.of());
        ObjectSpec object = GuardObject.spec();
        Map<Table, BpfMap> taken = takeUp(bpf, pins, object);
        try {
            GuardSpec spec =
                    GuardSpec.DEFAULT.withOptions(options).withDevice(place).withCountsPerTick(true);
            for (Map.Entry<Table, Integer> size : request.sizes().entrySet()) {
                spec = spec.withMaxEntries(size.getKey(), size.getValue());
            }
            spec = withRoomForEnds(spec, taken);
            for (Map.Entry<Table, BpfMap> table : taken.entrySet()) {
                spec = spec.withMap(table.getKey(), table.getValue());
            }
            boolean fits = stats != null
                    && stats.differences(object.map(GuardObject.STATS)).isEmpty();
            if (stats != null && fits) {
                spec = spec.withStats(stats);
            } else if (stats != null) {
                notes.add("the counters of " + device + " start at zero: this version counts other things");
            }
            return new NewGuard(pins, device, options, taken, load(bpf, spec, chained), !fits, chained != null);
        } catch (IOException | RuntimeException e) {
            taken.values().forEach(BpfMap::close);
            throw e;
        }
    }

    /** The guard before a stranger's program is made after it, in each way that there is until one fits. */
    private static GuardObject load(Bpf bpf, GuardSpec spec, @Nullable Program chained) throws IOException {
        if (chained == null) {
            return GuardObject.load(bpf, spec);
        }
        String refusal = "";
        for (GuardSpec.Kin kin : GuardSpec.Kin.values()) {
            GuardObject guard =
                    GuardObject.load(bpf, spec.withDevice(spec.device().withKin(kin)));
            try {
                guard.chain(chained);
                return guard;
            } catch (SyscallException e) {
                guard.close();
                refusal = e.getMessage();
            }
        }
        throw new KernelException(
                KernelException.Reason.FAILED,
                "program \"" + chained.name() + "\" can't be made to follow the guard: " + refusal);
    }

    /** Opens the tables that are pinned; their sizes win over ours. */
    private static Map<Table, BpfMap> takeUp(Bpf bpf, GuardPins pins, ObjectSpec object) throws IOException {
        Map<Table, BpfMap> taken = new EnumMap<>(Table.class);
        List<String> differences = new ArrayList<>();
        try {
            for (Table table : Table.values()) {
                Path pin = pins.table(table);
                if (Files.exists(pin)) {
                    BpfMap map = BpfMap.openPinned(bpf, pin);
                    taken.put(table, map);
                    for (String difference : map.differences(likeIn(object.map(table.mapName()), map))) {
                        differences.add(pin + ": " + difference);
                    }
                }
            }
            if (!differences.isEmpty()) {
                throw new KernelException(
                        KernelException.Reason.FAILED,
                        "the tables pinned there don't fit this guard: " + String.join("; ", differences)
                                + "; take another directory with --maps, or remove them once nothing uses them");
            }
            return taken;
        } catch (IOException | RuntimeException e) {
            taken.values().forEach(BpfMap::close);
            throw e;
        }
    }

    /** Each block that was found room for may have an end, also in tables that a dnsdist daemon made. */
    private static GuardSpec withRoomForEnds(GuardSpec spec, Map<Table, BpfMap> taken) {
        GuardSpec roomy = spec;
        for (Map.Entry<Table, BpfMap> blocks : taken.entrySet()) {
            Table ends = blocks.getKey().ends();
            if (ends != null && !taken.containsKey(ends)) {
                roomy = roomy.withMaxEntries(ends, blocks.getValue().maxEntries());
            }
        }
        return roomy;
    }

    /** What may differ is taken as it is: the program does not depend on it. */
    private static MapSpec likeIn(MapSpec spec, BpfMap map) throws SyscallException {
        return spec.withMaxEntries(map.maxEntries()).withFlags(map.info().mapFlags());
    }

    Program program() {
        return object.program();
    }

    /**
     * Gives names to what is new, last of all to the program.
     *
     * @param made gets each path at once
     */
    void pin(List<Path> made) throws IOException {
        for (Table table : Table.values()) {
            if (!taken.containsKey(table)) {
                object.map(table).pin(pins.table(table));
                made.add(pins.table(table));
            }
        }
        if (newStats) {
            object.stats().pin(pins.nextStats(device));
            made.add(pins.nextStats(device));
        }
        if (chained) {
            object.chain().pin(pins.nextChain(device));
            made.add(pins.nextChain(device));
        }
        Files.createSymbolicLink(pins.nextOptions(device), Path.of(options.text()));
        made.add(pins.nextOptions(device));
        program().pin(pins.nextProgram(device));
        made.add(pins.nextProgram(device));
    }

    /** Spares programs the look into a table of suffixes that has none; who adds one takes this back. */
    void tellIfNoSuffixes() throws IOException {
        try (DirectoryLock lock = DirectoryLock.open(pins.directory());
                MapSlot slot = object.map(Table.SUFFIXES).slot()) {
            if (lock.tryLock() && MapSlot.isMissing(slot.nextKey(true))) {
                TypedMap<Integer, Settings> settings =
                        object.map(Table.SETTINGS).typed(Codec.U32, Settings.CODEC);
                settings.put(0, settings.lookup(0).orElse(Settings.DEFAULT).withNoSuffixes(true));
            }
        }
    }

    /** Once the program runs: gives it, its options and its counters their final names. */
    void settle() throws IOException {
        if (newStats) {
            move(pins.nextStats(device), pins.stats(device));
        }
        if (chained) {
            move(pins.nextChain(device), pins.chain(device));
        }
        move(pins.nextOptions(device), pins.options(device));
        move(pins.nextProgram(device), pins.program(device));
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        object.close();
        taken.values().forEach(BpfMap::close);
    }
}
