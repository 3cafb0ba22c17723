package dev.weir.gate.guard;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.prog.Program;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.gate.GuardObject;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.DirectoryLock;
import dev.weir.sys.NetlinkRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives tables more room while guards look into them. The size of a map is fixed, so there is a new map for each:
 *
 * <ol>
 *   <li>made, and filled with what the old one has, its counters at zero;
 *   <li>pinned beside the old one and renamed over it: from then on whoever writes finds the new one ({@code dev.weir.gate.filter.SharedMap}
 *       follows the pin);
 *   <li>each guard is replaced by one that looks into the new one; until then it goes on with the old one, which has the same entries;
 *   <li>what the old one has counted is added to the new one.
 * </ol>
 *
 * <p>All under the lock on the directory, for which others wait longer while {@link #MARK} is there. Whoever dies between the second step and
 * the third leaves guards with the old tables, which {@link #catchUp} replaces. One thread at a time; needs what attaching needs.
 */
public final class Growth {
    /** A symbolic link in the directory of pins; it means something while somebody has the lock. */
    public static final String MARK = "weir-growing";

    private static final String NEXT = "-next";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** A table that is full grows to twice its size, and to this at least. */
    private static final int FIRST = 16_384;

    private static final int MOST = 1 << 28;

    private final Bpf bpf;
    private final GuardPins pins;

    public Growth(Bpf bpf, GuardPins pins) {
        this.bpf = bpf;
        this.pins = pins;
    }

    /**
     * A table that has grown.
     *
     * @param before room for so many entries
     */
    public record Grown(Table table, int before, int after) {
        @Override
        public String toString() {
            return table.pinName() + " has grown: " + before + " → " + after + " entries";
        }
    }

    private record Move(Table table, BpfMap old, BpfMap fresh) implements AutoCloseable {
        @Override
        public void close() {
            old.close();
            fresh.close();
        }
    }

    /** Doubles the tables of a kind, for one of them is full. @throws KernelException as {@link #toAtLeast} */
    public List<Grown> more(Kind kind) throws IOException {
        Map<Table, Integer> sizes = new EnumMap<>(Table.class);
        Table table = Table.of(kind);
        Table ends = table.ends();
        for (Table each : ends == null ? List.of(table) : List.of(table, ends)) {
            try (BpfMap map = BpfMap.openPinnedReadOnly(bpf, pins.table(each))) {
                sizes.put(each, Math.clamp(2L * map.maxEntries(), FIRST, MOST));
            }
        }
        return toAtLeast(sizes);
    }

    /**
     * Sees to it that tables have room for so many entries; those that have, and those that are not there, stay as they are.
     *
     * @throws KernelException FAILED, before anything has changed, if somebody uses a table who would go on with the old one, a guard can't be
     *     reached from this network namespace, or the lock is not to be had
     */
    public List<Grown> toAtLeast(Map<Table, Integer> sizes) throws IOException {
        if (!Files.isDirectory(pins.directory()) || !isNeeded(sizes)) {
            return List.of();
        }
        try (DirectoryLock lock = DirectoryLock.open(pins.directory())) {
            acquire(lock);
            Path mark = pins.directory().resolve(MARK);
            List<Move> moves = new ArrayList<>();
            try {
                if (!Files.isSymbolicLink(mark)) {
                    Files.createSymbolicLink(mark, Path.of("growing"));
                }
                return grow(sizes, moves);
            } finally {
                moves.forEach(Move::close);
                Files.deleteIfExists(mark);
                lock.unlock();
            }
        }
    }

    private boolean isNeeded(Map<Table, Integer> sizes) throws IOException {
        for (Map.Entry<Table, Integer> size : sizes.entrySet()) {
            if (hasLess(size.getKey(), size.getValue())) {
                return true;
            }
        }
        return false;
    }

    private boolean hasLess(Table table, int size) throws IOException {
        if (!Files.exists(pins.table(table))) {
            return false;
        }
        try (BpfMap map = BpfMap.openPinnedReadOnly(bpf, pins.table(table))) {
            return Integer.compareUnsigned(map.maxEntries(), size) < 0;
        }
    }

    private void acquire(DirectoryLock lock) throws IOException {
        long start = System.nanoTime();
        while (!lock.tryLock()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new KernelException(
                        Reason.FAILED, "another process has had the lock on " + pins.directory() + " for 10 s");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private List<Grown> grow(Map<Table, Integer> sizes, List<Move> moves) throws IOException {
        List<String> devices = reachable();
        for (Map.Entry<Table, Integer> size : sizes.entrySet()) {
            if (hasLess(size.getKey(), size.getValue())) {
                moves.add(begin(size.getKey(), size.getValue()));
            }
        }
        Users.check(bpf, pins, moves.stream().map(Move::old).toList());
        checkRights(devices);
        List<Grown> grown = new ArrayList<>();
        Map<Table, Long> copied = new EnumMap<>(Table.class);
        for (Move move : moves) {
            copied.put(move.table, TableCopy.fill(move.table, move.old, move.fresh));
        }
        for (Move move : moves) {
            Path next = pins.directory().resolve(move.table.pinName() + NEXT);
            Files.deleteIfExists(next);
            move.fresh.pin(next);
            Files.move(next, pins.table(move.table), StandardCopyOption.ATOMIC_MOVE);
            grown.add(new Grown(move.table, move.old.maxEntries(), move.fresh.maxEntries()));
        }
        Guard guard = new Guard(bpf, pins);
        for (String device : devices) {
            guard.attach(device, AttachRequest.DEFAULT);
        }
        for (Move move : moves) {
            TableCopy.complete(move.table, move.old, move.fresh, copied.getOrDefault(move.table, 0L));
        }
        return grown;
    }

    private Move begin(Table table, int size) throws IOException {
        BpfMap old = BpfMap.openPinned(bpf, pins.table(table));
        try {
            MapSpec spec =
                    GuardObject.spec().map(table.mapName()).withFlags(old.info().mapFlags());
            return new Move(table, old, BpfMap.create(bpf, spec.withMaxEntries(size), null));
        } catch (IOException | RuntimeException e) {
            old.close();
            throw e;
        }
    }

    /** Returns the devices whose guards must be replaced; each must be here. */
    private List<String> reachable() throws IOException {
        List<String> devices = new ArrayList<>();
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            for (String device : pins.devices()) {
                try (PinnedGuard guard = PinnedGuard.open(bpf, pins, device)) {
                    if (guard.link() == null) {
                        continue;
                    }
                    boolean here = netlink.networkInterface(device)
                            .filter(found -> found.index() == guard.deviceIndex())
                            .isPresent();
                    if (!here) {
                        throw new KernelException(
                                Reason.FAILED,
                                "the guard of " + device + ", which uses the tables in " + pins.directory()
                                        + ", is in another network namespace: only from there can they grow");
                    }
                    devices.add(device);
                }
            }
        }
        return devices;
    }

    /** Whoever may not load the program must not get half-way. */
    private void checkRights(List<String> devices) throws IOException {
        if (!devices.isEmpty()) {
            GuardObject.load(bpf, dev.weir.gate.GuardSpec.DEFAULT).close();
        }
    }

    /**
     * Replaces guards that look into other tables than those that are pinned, which somebody left who died while tables grew.
     *
     * @return their devices
     */
    public List<String> catchUp() throws IOException {
        Set<Integer> pinned = new HashSet<>();
        for (Table table : Table.values()) {
            if (Files.exists(pins.table(table))) {
                try (BpfMap map = BpfMap.openPinnedReadOnly(bpf, pins.table(table))) {
                    pinned.add(map.info().id());
                }
            }
        }
        Set<String> behind = new TreeSet<>();
        for (String device : pins.devices()) {
            try (PinnedGuard guard = PinnedGuard.open(bpf, pins, device)) {
                Program program = guard.program();
                if (program != null && !program.info().mapIds().containsAll(pinned)) {
                    behind.add(device);
                }
            }
        }
        for (String device : behind) {
            new Guard(bpf, pins).attach(device, AttachRequest.DEFAULT);
        }
        return List.copyOf(behind);
    }
}
