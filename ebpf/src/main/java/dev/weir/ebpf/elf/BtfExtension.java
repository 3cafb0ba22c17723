package dev.weir.ebpf.elf;

import dev.weir.ebpf.core.CoreRelocation;
import dev.weir.ebpf.parse.Bytes;
import dev.weir.ebpf.parse.FaultException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code .BTF.ext}: which function and which source line each instruction belongs to, by section.
 *
 * <pre>{@code
 * struct btf_ext_header {
 *     __u16 magic;            //  0  0xeb9f
 *     __u8  version;          //  2
 *     __u8  flags;            //  3
 *     __u32 hdr_len;          //  4
 *     __u32 func_info_off;    //  8  from the end of the header
 *     __u32 func_info_len;    // 12
 *     __u32 line_info_off;    // 16
 *     __u32 line_info_len;    // 20
 *     __u32 core_relo_off;    // 24  only if hdr_len is 32
 *     __u32 core_relo_len;    // 28
 * };
 * struct btf_ext_info_sec { __u32 sec_name_off; __u32 num_info; };   // then its records
 * struct bpf_func_info    { __u32 insn_off; __u32 type_id; };
 * struct bpf_line_info    { __u32 insn_off; __u32 file_name_off; __u32 line_off; __u32 line_col; };
 * }</pre>
 *
 * In the file {@code insn_off} counts bytes of the section, for the kernel it counts instructions of the program.
 *
 * @param functions records by section, two numbers each
 * @param lines records by section, four numbers each
 * @param relocations by section, where instructions need types of the running kernel (CO-RE)
 * @see <a href="https://docs.kernel.org/bpf/btf.html">BPF Type Format</a>
 */
record BtfExtension(
        Map<String, List<int[]>> functions, Map<String, List<int[]>> lines, Map<String, List<Core>> relocations) {
    static final BtfExtension NONE = new BtfExtension(Map.of(), Map.of(), Map.of());

    private static final int MAGIC = 0xeb9f;
    private static final int FUNCTION_NUMBERS = 2;
    private static final int LINE_NUMBERS = 4;
    private static final int CORE_NUMBERS = 4;
    private static final int INSTRUCTION_BYTES = 8;

    /** @param instruction index in its section */
    record Core(int instruction, int type, String access, CoreRelocation.Kind kind) {}

    static BtfExtension parse(Bytes extension, Bytes btf) throws FaultException {
        if (extension.u16(0) != MAGIC) {
            throw FaultException.malformed(".BTF.ext starts with 0xeb9f in little endian, this does not");
        }
        Bytes strings = btf.slice(btf.unsigned(4) + btf.unsigned(16), btf.unsigned(20), "BTF strings");
        long header = extension.unsigned(4);
        Map<String, List<int[]>> core = header >= 32 ? records(extension, header, 24, strings, CORE_NUMBERS) : Map.of();
        return new BtfExtension(
                records(extension, header, 8, strings, FUNCTION_NUMBERS),
                records(extension, header, 16, strings, LINE_NUMBERS),
                relocations(core, strings));
    }

    private static Map<String, List<Core>> relocations(Map<String, List<int[]>> records, Bytes strings)
            throws FaultException {
        Map<String, List<Core>> bySection = new HashMap<>();
        for (Map.Entry<String, List<int[]>> section : records.entrySet()) {
            List<Core> relocations = new ArrayList<>();
            for (int[] record : section.getValue()) {
                CoreRelocation.Kind kind = CoreRelocation.Kind.ofNumber(record[3]);
                if (kind == null) {
                    throw FaultException.unsupported("a CO-RE relocation of kind " + record[3]);
                }
                relocations.add(new Core(
                        Integer.divideUnsigned(record[0], INSTRUCTION_BYTES),
                        record[1],
                        strings.text(Integer.toUnsignedLong(record[2])),
                        kind));
            }
            bySection.put(section.getKey(), relocations);
        }
        return bySection;
    }

    /** Returns the function records of instructions {@code [from, to)} of a section, moved to {@code base} of a program. */
    void copyFunctions(String section, int from, int to, int base, ByteArrayOutputStream out) {
        copy(functions.getOrDefault(section, List.of()), from, to, base, out);
    }

    /** The same for lines. */
    void copyLines(String section, int from, int to, int base, ByteArrayOutputStream out) {
        copy(lines.getOrDefault(section, List.of()), from, to, base, out);
    }

    private static void copy(List<int[]> records, int from, int to, int base, ByteArrayOutputStream out) {
        for (int[] record : records) {
            int instruction = Integer.divideUnsigned(record[0], INSTRUCTION_BYTES);
            if (instruction >= from && instruction < to) {
                ByteBuffer bytes = ByteBuffer.allocate(record.length * Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(instruction - from + base);
                for (int i = 1; i < record.length; i++) {
                    bytes.putInt(record[i]);
                }
                out.writeBytes(bytes.array());
            }
        }
    }

    private static Map<String, List<int[]>> records(Bytes extension, long header, int at, Bytes strings, int numbers)
            throws FaultException {
        long length = extension.unsigned(at + 4L);
        if (length == 0) {
            return Map.of();
        }
        Bytes info = extension.slice(header + extension.unsigned(at), length, ".BTF.ext records");
        long recordBytes = info.unsigned(0);
        if (recordBytes < (long) numbers * Integer.BYTES) {
            throw FaultException.malformed(".BTF.ext records of " + recordBytes + " bytes");
        }
        Map<String, List<int[]>> bySection = new HashMap<>();
        long next = Integer.BYTES;
        while (next < length) {
            String section = strings.text(info.unsigned(next));
            long count = info.unsigned(next + 4);
            next += 8;
            info.slice(next, count * recordBytes, "records of " + section);
            List<int[]> records = bySection.computeIfAbsent(section, name -> new ArrayList<>());
            for (long i = 0; i < count; i++, next += recordBytes) {
                int[] record = new int[numbers];
                for (int n = 0; n < numbers; n++) {
                    record[n] = info.u32(next + (long) n * Integer.BYTES);
                }
                records.add(record);
            }
        }
        return bySection;
    }
}
