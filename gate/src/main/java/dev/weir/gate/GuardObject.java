package dev.weir.gate;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.LoadOptions;
import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.KernelTypes;
import dev.weir.ebpf.btf.LoadedBtf;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.Cpus;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.prog.Program;
import dev.weir.engine.acl.Netmask;
import dev.weir.gate.table.GuardCounter;
import dev.weir.gate.table.RangeKey;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The guard in the kernel: an XDP program that drops, answers or passes queries before the network stack sees them, and its tables. Load one per
 * network interface: tables are shared through pins, counters are each one's own. Close links first, then this; a program that is attached and
 * tables that it uses or that are pinned live on. Any thread may call. Since Linux 5.18.
 */
public final class GuardObject implements AutoCloseable {
    /** The program's function, and what the kernel calls it. */
    public static final String PROGRAM = "guard";

    /** What the map of counters is called in the object. */
    public static final String STATS = "stats";

    private static final String FILE = "guard.bpf.o";
    private static final String COUNT_ENTRIES = "bpf_map_sum_elem_count";
    /** Sources with a bucket of their own, in sets; the program's own. */
    private static final String SOURCES = "sources";

    /** Destinations that are the host's own; the program's own, too. */
    private static final String LOCALS4 = "locals4";

    private static final String LOCALS6 = "locals6";
    private static final int MIN_LOCALS = 16;
    /** The program that gets what passes. */
    private static final String NEXT = "next";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SOURCE_KEYS = 4;
    private static final int PORT_WORDS = 65_536 / Long.SIZE;

    private final BpfObject object;
    private final List<BpfMap> pinned;

    private GuardObject(BpfObject object, List<BpfMap> pinned) {
        this.object = object;
        this.pinned = pinned;
    }

    /** The object as it was compiled. */
    public static ObjectSpec spec() throws IOException {
        return Objects.read(FILE);
    }

    /**
     * Loads a guard into a kernel.
     *
     * @throws dev.weir.ebpf.map.MapMismatchException if a pinned map does not fit, with every difference
     * @throws dev.weir.ebpf.prog.VerifierException if the verifier refuses the program, as it does on kernels before 5.18
     */
    public static GuardObject load(Bpf bpf, GuardSpec spec) throws IOException {
        ObjectSpec file = spec().withVariables(variables(spec));
        for (Map.Entry<Table, Integer> size : spec.maxEntries().entrySet()) {
            file = file.withMap(size.getKey().mapName(), map -> map.withMaxEntries(size.getValue()));
        }
        file = file.withMap(SOURCES, map -> map.withMaxEntries(spec.options().sourceSets()));
        int locals = Math.max(MIN_LOCALS, spec.device().locals().size());
        for (String table : List.of(LOCALS4, LOCALS6)) {
            file = file.withMap(table, map -> map.withMaxEntries(locals));
        }
        file = file.withProgram(PROGRAM, program -> spec.device().kin().change(program));
        LoadOptions options = LoadOptions.DEFAULT;
        List<BpfMap> pinned = new ArrayList<>();
        try {
            for (Map.Entry<Table, BpfMap> map :
                    pinnedOrNew(bpf, file, spec, pinned).entrySet()) {
                options = options.withMap(map.getKey().mapName(), map.getValue());
            }
            for (Map.Entry<Table, BpfMap> map : spec.borrowed().entrySet()) {
                options = options.withMap(map.getKey().mapName(), map.getValue());
            }
            BpfMap stats = spec.stats();
            if (stats != null) {
                options = options.withMap(STATS, stats);
            }
            GuardObject guard = new GuardObject(BpfObject.load(bpf, file, options), pinned);
            try {
                guard.fillLocals(spec.device().locals());
            } catch (IOException | RuntimeException e) {
                guard.close();
                throw e;
            }
            return guard;
        } catch (IOException | RuntimeException e) {
            pinned.forEach(BpfMap::close);
            throw e;
        }
    }

    private void fillLocals(List<Netmask> locals) throws SyscallException {
        for (Netmask local : locals) {
            object.map(local.ip().isV4() ? LOCALS4 : LOCALS6)
                    .typed(RangeKey.codec(local.ip().family()), Codec.bytes(1))
                    .put(local, new byte[1]);
        }
    }

    /**
     * Has a program get what passes here, for as long as {@link #chain()} is open or pinned.
     *
     * @throws SyscallException EINVAL if it is none for XDP, or of another {@link GuardSpec.Kin}
     */
    public void chain(Program next) throws SyscallException {
        object.map(NEXT).typed(Codec.U32, Codec.U32).put(0, next.fd().number());
    }

    /** The map that holds the program that gets what passes: the kernel empties it when no process and no pin has it any more. */
    public BpfMap chain() {
        return object.map(NEXT);
    }

    private static Map<String, Object> variables(GuardSpec spec) throws IOException {
        boolean canCount = !KernelTypes.functions(Set.of(COUNT_ENTRIES)).isEmpty();
        GuardOptions options = spec.options();
        return Map.ofEntries(
                Map.entry("ports", bitmap(options.ports())),
                Map.entry("has_link_header", spec.device().linkHeader()),
                Map.entry("has_next", spec.device().chained()),
                Map.entry("pass_unanswerable", options.passUnanswerable()),
                Map.entry("any_is_255", options.anyIs255()),
                Map.entry("only_local", options.onlyLocal()),
                Map.entry("can_count", canCount),
                Map.entry("count_each_time", !spec.countsPerTick()),
                Map.entry("source_set_mask", options.sourceSets() - 1),
                Map.entry("source_keys", sourceKeys()));
    }

    private static byte[] sourceKeys() {
        ByteBuffer keys = ByteBuffer.allocate(SOURCE_KEYS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < SOURCE_KEYS; i++) {
            keys.putLong(RANDOM.nextLong() | 1);
        }
        return keys.array();
    }

    /** Opens or makes, and pins, the tables that are not borrowed. */
    private static Map<Table, BpfMap> pinnedOrNew(Bpf bpf, ObjectSpec file, GuardSpec spec, List<BpfMap> opened)
            throws IOException {
        Map<Table, BpfMap> maps = new EnumMap<>(Table.class);
        Path directory = spec.pins();
        Btf types = file.btf();
        if (directory == null || types == null) {
            return maps;
        }
        try (LoadedBtf btf = LoadedBtf.load(bpf, types)) {
            for (Table table : Table.values()) {
                if (!spec.borrowed().containsKey(table)) {
                    boolean anySize = !spec.maxEntries().containsKey(table);
                    BpfMap map = openOrMake(bpf, file.map(table.mapName()), table.pin(directory), anySize, btf);
                    opened.add(map);
                    maps.put(table, map);
                }
            }
        }
        return maps;
    }

    private static BpfMap openOrMake(Bpf bpf, MapSpec spec, Path pin, boolean anySize, @Nullable LoadedBtf btf)
            throws IOException {
        if (Files.exists(pin)) {
            return BpfMap.openPinned(bpf, pin, anySize ? spec.withMaxEntries(entriesOf(bpf, pin)) : spec);
        }
        BpfMap map = BpfMap.create(bpf, spec, btf);
        try {
            map.pin(pin);
        } catch (SyscallException e) {
            map.close();
            throw e;
        }
        return map;
    }

    private static int entriesOf(Bpf bpf, Path pin) throws SyscallException {
        try (BpfMap map = BpfMap.openPinned(bpf, pin)) {
            return map.maxEntries();
        }
    }

    /** {@code __u64 ports[1024]}: a bit per port. */
    private static byte[] bitmap(Iterable<Integer> ports) {
        ByteBuffer words = ByteBuffer.allocate(PORT_WORDS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int port : ports) {
            int word = port / Long.SIZE * Long.BYTES;
            words.putLong(word, words.getLong(word) | 1L << port % Long.SIZE);
        }
        return words.array();
    }

    /** The XDP program. */
    public Program program() {
        return object.program(PROGRAM);
    }

    /** A table. It is the guard's, or whose it was when it was borrowed. */
    public BpfMap map(Table table) {
        return object.map(table.mapName());
    }

    /** The counters' map, for a pin that outlives the process. */
    public BpfMap stats() {
        return object.map(STATS);
    }

    /** Reads this program's counters, all CPUs together. */
    public Map<GuardCounter, Long> counters() throws SyscallException {
        return counters(stats());
    }

    /** Reads the counters of any guard's {@link #stats} map. */
    public static Map<GuardCounter, Long> counters(BpfMap stats) throws SyscallException {
        Map<GuardCounter, Long> counters = new EnumMap<>(GuardCounter.class);
        stats.typed(Codec.U32, Codec.perCpu(Codec.U64, Cpus.possible())).forEach((number, perCpu) -> {
            long sum = perCpu.stream().mapToLong(Long::longValue).sum();
            counters.put(GuardCounter.values()[number], sum);
        });
        return counters;
    }

    @Override
    public void close() {
        object.close();
        pinned.forEach(BpfMap::close);
    }
}
