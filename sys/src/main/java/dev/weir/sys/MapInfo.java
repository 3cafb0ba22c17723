package dev.weir.sys;

import static dev.weir.sys.StructFields.text;
import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * What BPF_OBJ_GET_INFO_BY_FD says of a map, 88 bytes; an older kernel fills in less.
 *
 * <pre>{@code
 * struct bpf_map_info {
 *     __u32 type;                       //  0
 *     __u32 id;                         //  4
 *     __u32 key_size;                   //  8
 *     __u32 value_size;                 // 12
 *     __u32 max_entries;                // 16
 *     __u32 map_flags;                  // 20
 *     char  name[BPF_OBJ_NAME_LEN];     // 24
 *     __u32 ifindex;                    // 40
 *     __u32 btf_vmlinux_value_type_id;  // 44
 *     __u64 netns_dev;                  // 48
 *     __u64 netns_ino;                  // 56
 *     __u32 btf_id;                     // 64
 *     __u32 btf_key_type_id;            // 68
 *     __u32 btf_value_type_id;          // 72
 *     __u32 btf_vmlinux_id;             // 76
 *     __u64 map_extra;                  // 80
 * };
 * }</pre>
 *
 * @param btfId 0 if the map was made without BTF
 */
public record MapInfo(
        int type,
        int id,
        int keySize,
        int valueSize,
        int maxEntries,
        int mapFlags,
        String name,
        int btfId,
        int btfKeyTypeId,
        int btfValueTypeId,
        long mapExtra) {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            u32("type"),
            u32("id"),
            u32("key_size"),
            u32("value_size"),
            u32("max_entries"),
            u32("map_flags"),
            text("name", 16),
            u32("ifindex"),
            u32("btf_vmlinux_value_type_id"),
            u64("netns_dev"),
            u64("netns_ino"),
            u32("btf_id"),
            u32("btf_key_type_id"),
            u32("btf_value_type_id"),
            u32("btf_vmlinux_id"),
            u64("map_extra"));

    static MapInfo read(MemorySegment info) {
        StructFields f = new StructFields(LAYOUT, info);
        return new MapInfo(
                f.getInt("type"),
                f.getInt("id"),
                f.getInt("key_size"),
                f.getInt("value_size"),
                f.getInt("max_entries"),
                f.getInt("map_flags"),
                f.getText("name"),
                f.getInt("btf_id"),
                f.getInt("btf_key_type_id"),
                f.getInt("btf_value_type_id"),
                f.getLong("map_extra"));
    }
}
