package dev.weir.gate;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.ebpf.prog.SectionName;
import dev.weir.engine.acl.Netmask;
import dev.weir.gate.table.Table;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes a guard before it is loaded. Immutable.
 *
 * @param pins where its tables are pinned, or taken up again if they are there; null to pin none
 * @param maxEntries sizes of tables; of those without one, pinned ones are taken as they are and new ones get 1024
 * @param borrowed maps to use in place of pinned or new ones; they stay the caller's
 * @param stats counters to go on with, null for new ones; they stay the caller's
 * @param options how it is to judge
 * @param device what it is to know of its device
 * @param countsPerTick whether the program looks once per tick of the kernel's clock which tables are empty, so that the first entry of one is
 *     heeded up to 10 ms later, instead of at each packet, which costs that packet some 20 ns a table
 */
public record GuardSpec(
        @Nullable Path pins,
        Map<Table, Integer> maxEntries,
        Map<Table, BpfMap> borrowed,
        @Nullable BpfMap stats,
        GuardOptions options,
        Device device,
        boolean countsPerTick) {

    /**
     * What a guard knows of its device.
     *
     * @param linkHeader whether frames start with an Ethernet header; those of tun, WireGuard and ppp devices start with the IP packet
     * @param chained whether a program was there before, which {@link GuardObject#chain} is given and which gets what passes
     * @param kin what the guard and the chained program must have in common
     * @param locals destinations that are its host's own, for {@link GuardOptions#onlyLocal}
     */
    public record Device(boolean linkHeader, boolean chained, Kin kin, List<Netmask> locals) {
        /** Ethernet, and nothing before. */
        public static final Device DEFAULT = new Device(true, false, Kin.FRAGS, List.of());

        public Device {
            locals = List.copyOf(locals);
        }

        public Device withLocals(List<Netmask> newLocals) {
            return new Device(linkHeader, chained, kin, newLocals);
        }

        public Device withKin(Kin newKin) {
            return new Device(linkHeader, chained, newKin, locals);
        }
    }

    /** How a program is loaded, as far as programs that call each other by their tails must agree. The kernel does not tell it of a program. */
    public enum Kin {
        /** Takes frames in several pieces, as those of large MTUs are, and says that XDP is what it attaches to: libbpf does. */
        FRAGS(true, SectionName.ATTACH_XDP),
        PLAIN(false, SectionName.ATTACH_XDP),
        /** Says nothing of attaching, as older loaders do. */
        FRAGS_UNDECLARED(true, 0),
        PLAIN_UNDECLARED(false, 0);

        private final boolean frags;
        private final int attachType;

        Kin(boolean frags, int attachType) {
            this.frags = frags;
            this.attachType = attachType;
        }

        ProgramSpec change(ProgramSpec program) {
            return program.withFrags(frags).withType(program.type(), attachType);
        }
    }

    /** Port 53, Ethernet, nothing pinned. */
    public static final GuardSpec DEFAULT =
            new GuardSpec(null, Map.of(), Map.of(), null, GuardOptions.DEFAULT, Device.DEFAULT, false);

    public GuardSpec {
        maxEntries = Map.copyOf(maxEntries);
        borrowed = Map.copyOf(borrowed);
    }

    public GuardSpec withPins(Path directory) {
        return new GuardSpec(directory, maxEntries, borrowed, stats, options, device, countsPerTick);
    }

    /** Sets the size of a table. */
    public GuardSpec withMaxEntries(Table table, int entries) {
        Map<Table, Integer> more = new EnumMap<>(Table.class);
        more.putAll(maxEntries);
        more.put(table, entries);
        return new GuardSpec(pins, more, borrowed, stats, options, device, countsPerTick);
    }

    /** Sets the size of all tables whose size is for the operator to choose. */
    public GuardSpec withMaxEntries(int entries) {
        GuardSpec all = this;
        for (Table table : Table.values()) {
            all = table.isSized() ? all.withMaxEntries(table, entries) : all;
        }
        return all;
    }

    public GuardSpec withMap(Table table, BpfMap map) {
        Map<Table, BpfMap> more = new EnumMap<>(Table.class);
        more.putAll(borrowed);
        more.put(table, map);
        return new GuardSpec(pins, maxEntries, more, stats, options, device, countsPerTick);
    }

    /** Has it count in the {@link GuardObject#stats} of another guard. */
    public GuardSpec withStats(BpfMap map) {
        return new GuardSpec(pins, maxEntries, borrowed, map, options, device, countsPerTick);
    }

    public GuardSpec withOptions(GuardOptions newOptions) {
        return new GuardSpec(pins, maxEntries, borrowed, stats, newOptions, device, countsPerTick);
    }

    public GuardSpec withDevice(Device newDevice) {
        return new GuardSpec(pins, maxEntries, borrowed, stats, options, newDevice, countsPerTick);
    }

    public GuardSpec withCountsPerTick(boolean newCountsPerTick) {
        return new GuardSpec(pins, maxEntries, borrowed, stats, options, device, newCountsPerTick);
    }
}
