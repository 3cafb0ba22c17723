package dev.weir.ebpf.map;

import dev.weir.sys.MapInfo;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of a map.
 *
 * @param id unique while the machine runs
 * @param type null if it is newer than this toolkit
 * @param name at most 15 characters
 * @param valueSize bytes of one value, of one CPU's where values are per CPU
 * @param flags BPF_F_*, or-ed
 */
public record MapDescription(
        int id, @Nullable MapType type, String name, int keySize, int valueSize, int maxEntries, int flags) {
    static MapDescription of(MapInfo info) {
        return new MapDescription(
                info.id(),
                MapType.ofNumber(info.type()),
                info.name(),
                info.keySize(),
                info.valueSize(),
                info.maxEntries(),
                info.mapFlags());
    }
}
