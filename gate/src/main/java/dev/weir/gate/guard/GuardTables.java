package dev.weir.gate.guard;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.MapBatch;
import dev.weir.ebpf.map.MapSlot;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How full the tables are that guards share. */
public final class GuardTables {
    private static final int BATCH = 1024;

    private final Bpf bpf;
    private final GuardPins pins;

    public GuardTables(Bpf bpf, GuardPins pins) {
        this.bpf = bpf;
        this.pins = pins;
    }

    /**
     * A table.
     *
     * @param name of its pin
     * @param type of the map
     */
    public record Size(String name, String type, long used, long max) {}

    /** Returns the tables that are pinned. Reads all of their entries. */
    public List<Size> sizes() throws IOException {
        List<Size> sizes = new ArrayList<>();
        for (Table table : Table.values()) {
            Path pin = pins.table(table);
            if (!table.isSized() || !Files.exists(pin)) {
                continue;
            }
            try (BpfMap map = BpfMap.openPinnedReadOnly(bpf, pin)) {
                sizes.add(new Size(
                        table.pinName(), map.typeName(), count(map), Integer.toUnsignedLong(map.maxEntries())));
            }
        }
        return sizes;
    }

    /**
     * Describes the tables that are pinned, with the room that they have, for those who want to write into them.
     *
     * @return one without any table if none is pinned
     */
    public static FilterSpec filterSpec(Bpf bpf, GuardPins pins) throws IOException {
        Map<Kind, FilterSpec.Table> tables = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            Path pin = pins.table(Table.of(kind));
            if (Files.exists(pin)) {
                try (BpfMap map = BpfMap.openPinnedReadOnly(bpf, pin)) {
                    tables.put(kind, new FilterSpec.Table(map.maxEntries(), pin.toString()));
                }
            }
        }
        return new FilterSpec(tables, true, false, FilterSpec.ANY_TYPE);
    }

    /** Counts entries by batches, one by one where the kernel has none. */
    private static long count(BpfMap map) throws SyscallException {
        long count = 0;
        int capacity = BATCH;
        boolean fromStart = true;
        while (true) {
            // More room only if one bucket needs it: then the walk starts over, for a position is a batch's own.
            try (MapBatch batch = map.batch(capacity)) {
                int result = 0;
                while (result == 0) {
                    result = batch.read(fromStart);
                    count += result == 0 || result == -Errno.ENOENT ? batch.done() : 0;
                    fromStart = false;
                }
                switch (-result) {
                    case Errno.ENOENT -> {
                        return count;
                    }
                    case Errno.ENOSPC -> {
                        count = 0;
                        fromStart = true;
                        capacity *= 2;
                    }
                    case Errno.EINVAL, Errno.ENOTSUPP, Errno.EOPNOTSUPP -> {
                        return countOneByOne(map);
                    }
                    default -> throw Bpf.failure(BpfCommand.BPF_MAP_LOOKUP_BATCH, result);
                }
            }
        }
    }

    /** A key that vanishes under the walk sends it back to the start: what is counted twice then is at most the whole table. */
    private static long countOneByOne(BpfMap map) throws SyscallException {
        long count = 0;
        try (MapSlot slot = map.slot()) {
            int result = slot.nextKey(true);
            while (result == 0 && count < Integer.toUnsignedLong(map.maxEntries())) {
                count++;
                result = slot.nextKey(false);
            }
            if (result < 0 && !MapSlot.isMissing(result)) {
                throw Bpf.failure(BpfCommand.BPF_MAP_GET_NEXT_KEY, result);
            }
        }
        return count;
    }
}
