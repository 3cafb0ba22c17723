package dev.weir.gate;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.gate.table.Table;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes a guard before it is loaded. Immutable.
 *
 * @param pins where its tables are pinned, or taken up again if they are there; null to pin none
 * @param maxEntries sizes of tables; of those without one, pinned ones are taken as they are and new ones get 1024
 * @param borrowed maps to use in place of pinned or new ones; they stay the caller's
 * @param stats counters to go on with, null for new ones; they stay the caller's
 * @param ports UDP and TCP ports that queries come to
 * @param linkHeader whether frames start with an Ethernet header; those of tun, WireGuard and ppp devices start with the IP packet
 * @param passUnanswerable whether a client that is to be answered gets through with what can't be answered, which is dropped otherwise
 * @param anyIs255 whether type 255 in the table of names stands for every type, as dnsdist before 2.0 writes it
 * @param countsPerTick whether the program looks once per tick of the kernel's clock which tables are empty, so that the first entry of one is
 *     heeded up to 10 ms later, instead of at each packet, which costs that packet some 20 ns a table
 * @param maxSources for how many sources limits per source have room; the program rounds it up to sets of four, a power of two of them
 */
public record GuardSpec(
        @Nullable Path pins,
        Map<Table, Integer> maxEntries,
        Map<Table, BpfMap> borrowed,
        @Nullable BpfMap stats,
        Set<Integer> ports,
        boolean linkHeader,
        boolean passUnanswerable,
        boolean anyIs255,
        boolean countsPerTick,
        int maxSources) {
    /** For how many sources there is room if nobody says; a megabyte. */
    public static final int DEFAULT_SOURCES = 1 << 16;

    private static final int SOURCES_PER_SET = 4;
    private static final int MOST_SOURCES = 1 << 26;

    /** Port 53, Ethernet, nothing pinned. */
    public static final GuardSpec DEFAULT =
            new GuardSpec(null, Map.of(), Map.of(), null, Set.of(53), true, false, false, false, DEFAULT_SOURCES);

    public GuardSpec {
        maxEntries = Map.copyOf(maxEntries);
        borrowed = Map.copyOf(borrowed);
        ports = Set.copyOf(ports);
        for (int port : ports) {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException(port + " is no port");
            }
        }
        if (maxSources < 1 || maxSources > MOST_SOURCES) {
            throw new IllegalArgumentException("room for " + maxSources + " sources: from 1 to " + MOST_SOURCES);
        }
    }

    public GuardSpec withPins(Path directory) {
        return new GuardSpec(
                directory,
                maxEntries,
                borrowed,
                stats,
                ports,
                linkHeader,
                passUnanswerable,
                anyIs255,
                countsPerTick,
                maxSources);
    }

    /** Sets the size of a table. */
    public GuardSpec withMaxEntries(Table table, int entries) {
        Map<Table, Integer> more = new EnumMap<>(Table.class);
        more.putAll(maxEntries);
        more.put(table, entries);
        return new GuardSpec(
                pins, more, borrowed, stats, ports, linkHeader, passUnanswerable, anyIs255, countsPerTick, maxSources);
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
        return new GuardSpec(
                pins,
                maxEntries,
                more,
                stats,
                ports,
                linkHeader,
                passUnanswerable,
                anyIs255,
                countsPerTick,
                maxSources);
    }

    /** Has it count in the {@link GuardObject#stats} of another guard. */
    public GuardSpec withStats(BpfMap map) {
        return new GuardSpec(
                pins,
                maxEntries,
                borrowed,
                map,
                ports,
                linkHeader,
                passUnanswerable,
                anyIs255,
                countsPerTick,
                maxSources);
    }

    public GuardSpec withPorts(Set<Integer> newPorts) {
        return new GuardSpec(
                pins,
                maxEntries,
                borrowed,
                stats,
                newPorts,
                linkHeader,
                passUnanswerable,
                anyIs255,
                countsPerTick,
                maxSources);
    }

    public GuardSpec withAnyIs255(boolean newAnyIs255) {
        return new GuardSpec(
                pins,
                maxEntries,
                borrowed,
                stats,
                ports,
                linkHeader,
                passUnanswerable,
                newAnyIs255,
                countsPerTick,
                maxSources);
    }

    public GuardSpec withLinkHeader(boolean newLinkHeader) {
        return new GuardSpec(
                pins,
                maxEntries,
                borrowed,
                stats,
                ports,
                newLinkHeader,
                passUnanswerable,
                anyIs255,
                countsPerTick,
                maxSources);
    }

    public GuardSpec withPassUnanswerable(boolean newPassUnanswerable) {
        return new GuardSpec(
                pins,
                maxEntries,
                borrowed,
                stats,
                ports,
                linkHeader,
                newPassUnanswerable,
                anyIs255,
                countsPerTick,
                maxSources);
    }

    public GuardSpec withCountsPerTick(boolean newCountsPerTick) {
        return new GuardSpec(
                pins,
                maxEntries,
                borrowed,
                stats,
                ports,
                linkHeader,
                passUnanswerable,
                anyIs255,
                newCountsPerTick,
                maxSources);
    }

    public GuardSpec withMaxSources(int newMaxSources) {
        return new GuardSpec(
                pins,
                maxEntries,
                borrowed,
                stats,
                ports,
                linkHeader,
                passUnanswerable,
                anyIs255,
                countsPerTick,
                newMaxSources);
    }

    /** How many sets of sources there are: a power of two. */
    int sourceSets() {
        int sets = (maxSources + SOURCES_PER_SET - 1) / SOURCES_PER_SET;
        return Math.max(1, Integer.highestOneBit(2 * sets - 1));
    }
}
