package dev.weir.sys;

import static dev.weir.sys.StructFields.padding;
import static dev.weir.sys.StructFields.text;
import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.HexFormat;
import java.util.List;

/**
 * What BPF_OBJ_GET_INFO_BY_FD says of a program, 224 bytes; an older kernel fills in less.
 *
 * <pre>{@code
 * struct bpf_prog_info {
 *     __u32         type;                      //   0
 *     __u32         id;                        //   4
 *     __u8          tag[BPF_TAG_SIZE];         //   8  8 bytes
 *     __u32         jited_prog_len;            //  16
 *     __u32         xlated_prog_len;           //  20
 *     __aligned_u64 jited_prog_insns;          //  24
 *     __aligned_u64 xlated_prog_insns;         //  32
 *     __u64         load_time;                 //  40  ns since boot
 *     __u32         created_by_uid;            //  48
 *     __u32         nr_map_ids;                //  52  in: room; out: number
 *     __aligned_u64 map_ids;                   //  56
 *     char          name[BPF_OBJ_NAME_LEN];    //  64
 *     __u32         ifindex;                   //  80
 *     __u32         gpl_compatible:1;          //  84
 *     __u64         netns_dev;                 //  88
 *     __u64         netns_ino;                 //  96
 *     __u32         nr_jited_ksyms;            // 104
 *     __u32         nr_jited_func_lens;        // 108
 *     __aligned_u64 jited_ksyms;               // 112
 *     __aligned_u64 jited_func_lens;           // 120
 *     __u32         btf_id;                    // 128
 *     __u32         func_info_rec_size;        // 132
 *     __aligned_u64 func_info;                 // 136
 *     __u32         nr_func_info;              // 144
 *     __u32         nr_line_info;              // 148
 *     __aligned_u64 line_info;                 // 152
 *     __aligned_u64 jited_line_info;           // 160
 *     __u32         nr_jited_line_info;        // 168
 *     __u32         line_info_rec_size;        // 172
 *     __u32         jited_line_info_rec_size;  // 176
 *     __u32         nr_prog_tags;              // 180
 *     __aligned_u64 prog_tags;                 // 184
 *     __u64         run_time_ns;               // 192  since Linux 5.1
 *     __u64         run_cnt;                   // 200
 *     __u64         recursion_misses;          // 208  since Linux 5.12
 *     __u32         verified_insns;            // 216  since Linux 5.16
 * };
 * }</pre>
 *
 * @param tag the kernel's hash over the instructions, in hexadecimal
 * @param mapIds the maps that the program uses
 * @param btfId 0 if the program was loaded without BTF
 * @param runTimeNs time spent in it while statistics were on
 * @param runCount runs while statistics were on
 * @param verifiedInstructions how many instructions the verifier walked; 0 before Linux 5.16
 */
public record ProgInfo(
        int type,
        int id,
        String tag,
        String name,
        int instructions,
        long loadTimeNs,
        int createdByUid,
        List<Integer> mapIds,
        int btfId,
        int functionInfos,
        int lineInfos,
        long runTimeNs,
        long runCount,
        int verifiedInstructions) {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            u32("type"),
            u32("id"),
            text("tag", 8),
            u32("jited_prog_len"),
            u32("xlated_prog_len"),
            u64("jited_prog_insns"),
            u64("xlated_prog_insns"),
            u64("load_time"),
            u32("created_by_uid"),
            u32("nr_map_ids"),
            u64("map_ids"),
            text("name", 16),
            u32("ifindex"),
            u32("gpl_compatible"),
            u64("netns_dev"),
            u64("netns_ino"),
            u32("nr_jited_ksyms"),
            u32("nr_jited_func_lens"),
            u64("jited_ksyms"),
            u64("jited_func_lens"),
            u32("btf_id"),
            u32("func_info_rec_size"),
            u64("func_info"),
            u32("nr_func_info"),
            u32("nr_line_info"),
            u64("line_info"),
            u64("jited_line_info"),
            u32("nr_jited_line_info"),
            u32("line_info_rec_size"),
            u32("jited_line_info_rec_size"),
            u32("nr_prog_tags"),
            u64("prog_tags"),
            u64("run_time_ns"),
            u64("run_cnt"),
            u64("recursion_misses"),
            u32("verified_insns"),
            padding(4));

    /** @param mapIds the memory that {@code map_ids} points to */
    static ProgInfo read(MemorySegment info, MemorySegment mapIds) {
        StructFields f = new StructFields(LAYOUT, info);
        int maps = (int) Math.min(f.getInt("nr_map_ids"), mapIds.byteSize() / Integer.BYTES);
        return new ProgInfo(
                f.getInt("type"),
                f.getInt("id"),
                HexFormat.of().formatHex(f.getBytes("tag")),
                f.getText("name"),
                f.getInt("xlated_prog_len") / ProgLoadAttr.INSTRUCTION_BYTES,
                f.getLong("load_time"),
                f.getInt("created_by_uid"),
                mapIds.elements(Struct.U32)
                        .limit(maps)
                        .map(id -> id.get(Struct.U32, 0))
                        .toList(),
                f.getInt("btf_id"),
                f.getInt("nr_func_info"),
                f.getInt("nr_line_info"),
                f.getLong("run_time_ns"),
                f.getLong("run_cnt"),
                f.getInt("verified_insns"));
    }
}
