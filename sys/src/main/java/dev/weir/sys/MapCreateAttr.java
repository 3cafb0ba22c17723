package dev.weir.sys;

import static dev.weir.sys.StructFields.text;
import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * What BPF_MAP_CREATE takes, 72 bytes.
 *
 * <pre>{@code
 * struct {
 *     __u32 map_type;                    //  0  enum bpf_map_type
 *     __u32 key_size;                    //  4  bytes
 *     __u32 value_size;                  //  8  bytes
 *     __u32 max_entries;                 // 12
 *     __u32 map_flags;                   // 16  BPF_F_*
 *     __u32 inner_map_fd;                // 20
 *     __u32 numa_node;                   // 24
 *     char  map_name[BPF_OBJ_NAME_LEN];  // 28  16 bytes; since Linux 4.15
 *     __u32 map_ifindex;                 // 44
 *     __u32 btf_fd;                      // 48
 *     __u32 btf_key_type_id;             // 52
 *     __u32 btf_value_type_id;           // 56
 *     __u32 btf_vmlinux_value_type_id;   // 60
 *     __u64 map_extra;                   // 64  since Linux 5.16
 * };
 * }</pre>
 *
 * Fields that an older kernel does not know must be zero, or it answers E2BIG.
 *
 * @param btfFd 0 for no BTF
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public record MapCreateAttr(
        int mapType,
        int keySize,
        int valueSize,
        int maxEntries,
        int mapFlags,
        int innerMapFd,
        int numaNode,
        String mapName,
        int btfFd,
        int btfKeyTypeId,
        int btfValueTypeId,
        long mapExtra) {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            u32("map_type"),
            u32("key_size"),
            u32("value_size"),
            u32("max_entries"),
            u32("map_flags"),
            u32("inner_map_fd"),
            u32("numa_node"),
            text("map_name", 16),
            u32("map_ifindex"),
            u32("btf_fd"),
            u32("btf_key_type_id"),
            u32("btf_value_type_id"),
            u32("btf_vmlinux_value_type_id"),
            u64("map_extra"));

    void write(MemorySegment attr) {
        new StructFields(LAYOUT, attr)
                .putInt("map_type", mapType)
                .putInt("key_size", keySize)
                .putInt("value_size", valueSize)
                .putInt("max_entries", maxEntries)
                .putInt("map_flags", mapFlags)
                .putInt("inner_map_fd", innerMapFd)
                .putInt("numa_node", numaNode)
                .putText("map_name", mapName)
                .putInt("btf_fd", btfFd)
                .putInt("btf_key_type_id", btfKeyTypeId)
                .putInt("btf_value_type_id", btfValueTypeId)
                .putLong("map_extra", mapExtra);
    }
}
