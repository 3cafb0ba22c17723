package dev.weir.sys;

import static dev.weir.sys.StructFields.padding;
import static dev.weir.sys.StructFields.text;
import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * What BPF_PROG_LOAD takes, 120 bytes.
 *
 * <pre>{@code
 * struct {
 *     __u32         prog_type;             //   0  enum bpf_prog_type
 *     __u32         insn_cnt;              //   4  instructions of 8 bytes
 *     __aligned_u64 insns;                 //   8
 *     __aligned_u64 license;               //  16  text that ends in a zero byte
 *     __u32         log_level;             //  24  0: no log
 *     __u32         log_size;              //  28
 *     __aligned_u64 log_buf;               //  32
 *     __u32         kern_version;          //  40  for kprobes before Linux 5.0
 *     __u32         prog_flags;            //  44  BPF_F_*
 *     char          prog_name[16];         //  48  since Linux 4.15
 *     __u32         prog_ifindex;          //  64  for offload
 *     __u32         expected_attach_type;  //  68  since Linux 4.17
 *     __u32         prog_btf_fd;           //  72  since Linux 5.0, like the rest
 *     __u32         func_info_rec_size;    //  76
 *     __aligned_u64 func_info;             //  80
 *     __u32         func_info_cnt;         //  88
 *     __u32         line_info_rec_size;    //  92
 *     __aligned_u64 line_info;             //  96
 *     __u32         line_info_cnt;         // 104
 *     __u32         attach_btf_id;         // 108
 *     __u32         attach_prog_fd;        // 112
 * };
 * }</pre>
 *
 * @param instructions 8 bytes each, in the byte order of this machine
 * @param programBtfFd 0 for no BTF; then the infos must be empty
 * @param functionInfo records of {@code struct bpf_func_info}
 * @param lineInfo records of {@code struct bpf_line_info}
 * @param attachBtfId what of the kernel's a tracing program is for, a number in its types, else 0
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public record ProgLoadAttr(
        int programType,
        int expectedAttachType,
        String programName,
        String license,
        byte[] instructions,
        int programFlags,
        int interfaceIndex,
        int programBtfFd,
        int functionInfoRecordBytes,
        byte[] functionInfo,
        int lineInfoRecordBytes,
        byte[] lineInfo,
        int attachBtfId) {
    /** {@code sizeof(struct bpf_insn)}. */
    public static final int INSTRUCTION_BYTES = 8;

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            u32("prog_type"),
            u32("insn_cnt"),
            u64("insns"),
            u64("license"),
            u32("log_level"),
            u32("log_size"),
            u64("log_buf"),
            u32("kern_version"),
            u32("prog_flags"),
            text("prog_name", 16),
            u32("prog_ifindex"),
            u32("expected_attach_type"),
            u32("prog_btf_fd"),
            u32("func_info_rec_size"),
            u64("func_info"),
            u32("func_info_cnt"),
            u32("line_info_rec_size"),
            u64("line_info"),
            u32("line_info_cnt"),
            u32("attach_btf_id"),
            u32("attach_prog_fd"),
            padding(4));

    /**
     * @param log where the verifier writes, or NULL for no log
     * @param logLevel how much it writes there
     */
    void write(MemorySegment attr, Arena arena, MemorySegment log, int logLevel) {
        StructFields fields = new StructFields(LAYOUT, attr)
                .putInt("prog_type", programType)
                .putInt("insn_cnt", instructions.length / INSTRUCTION_BYTES)
                .putPointer("insns", copy(arena, instructions))
                .putPointer("license", arena.allocateFrom(license))
                .putInt("prog_flags", programFlags)
                .putText("prog_name", programName)
                .putInt("prog_ifindex", interfaceIndex)
                .putInt("expected_attach_type", expectedAttachType)
                .putInt("attach_btf_id", attachBtfId);
        if (log.byteSize() > 0) {
            fields.putInt("log_level", logLevel)
                    .putInt("log_size", (int) log.byteSize())
                    .putPointer("log_buf", log);
        }
        if (programBtfFd != 0) {
            fields.putInt("prog_btf_fd", programBtfFd);
            if (functionInfo.length > 0) {
                fields.putInt("func_info_rec_size", functionInfoRecordBytes)
                        .putPointer("func_info", copy(arena, functionInfo))
                        .putInt("func_info_cnt", functionInfo.length / functionInfoRecordBytes);
            }
            if (lineInfo.length > 0) {
                fields.putInt("line_info_rec_size", lineInfoRecordBytes)
                        .putPointer("line_info", copy(arena, lineInfo))
                        .putInt("line_info_cnt", lineInfo.length / lineInfoRecordBytes);
            }
        }
    }

    private static MemorySegment copy(Arena arena, byte[] bytes) {
        return arena.allocate(bytes.length, Long.BYTES).copyFrom(MemorySegment.ofArray(bytes));
    }
}
