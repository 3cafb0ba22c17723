package dev.weir.sys;

import static dev.weir.sys.StructFields.padding;
import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * What BPF_PROG_TEST_RUN takes and gives, 80 bytes.
 *
 * <pre>{@code
 * struct {
 *     __u32         prog_fd;        //  0
 *     __u32         retval;         //  4  out
 *     __u32         data_size_in;   //  8
 *     __u32         data_size_out;  // 12  in: room; out: length
 *     __aligned_u64 data_in;        // 16
 *     __aligned_u64 data_out;       // 24
 *     __u32         repeat;         // 32
 *     __u32         duration;       // 36  out: mean nanoseconds of one run
 *     __u32         ctx_size_in;    // 40  since Linux 5.2
 *     __u32         ctx_size_out;   // 44
 *     __aligned_u64 ctx_in;         // 48
 *     __aligned_u64 ctx_out;        // 56
 *     __u32         flags;          // 64  since Linux 5.10
 *     __u32         cpu;            // 68
 *     __u32         batch_size;     // 72  since Linux 5.18
 * } test;
 * }</pre>
 *
 * @param data the packet that goes in
 * @param context the program's context that goes in, empty for the kernel's own
 * @param repeat how often to run; from the second run on the program sees what the run before left of the packet
 * @param roomBytes the longest packet that may come out
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public record TestRunAttr(byte[] data, byte[] context, int repeat, int roomBytes) {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            u32("prog_fd"),
            u32("retval"),
            u32("data_size_in"),
            u32("data_size_out"),
            u64("data_in"),
            u64("data_out"),
            u32("repeat"),
            u32("duration"),
            u32("ctx_size_in"),
            u32("ctx_size_out"),
            u64("ctx_in"),
            u64("ctx_out"),
            u32("flags"),
            u32("cpu"),
            u32("batch_size"),
            padding(4));

    /**
     * What came out.
     *
     * @param returned the program's return value
     * @param data the packet after the run
     * @param context the context after the run, empty if none went in
     * @param meanNs nanoseconds that one run took on average
     */
    public record Result(int returned, byte[] data, byte[] context, int meanNs) {}

    StructFields write(MemorySegment attr, Arena arena, int program) {
        StructFields fields = new StructFields(LAYOUT, attr)
                .putInt("prog_fd", program)
                .putInt("repeat", repeat)
                .putInt("data_size_in", data.length)
                .putInt("data_size_out", roomBytes)
                .putPointer("data_in", copy(arena, data))
                .putPointer("data_out", arena.allocate(Math.max(1, roomBytes), Long.BYTES));
        if (context.length > 0) {
            fields.putInt("ctx_size_in", context.length)
                    .putInt("ctx_size_out", context.length)
                    .putPointer("ctx_in", copy(arena, context))
                    .putPointer("ctx_out", arena.allocate(context.length, Long.BYTES));
        }
        return fields;
    }

    @SuppressWarnings("restricted")
    Result read(StructFields fields) {
        return new Result(
                fields.getInt("retval"),
                bytes(fields.getLong("data_out"), Math.min(roomBytes, fields.getInt("data_size_out"))),
                bytes(fields.getLong("ctx_out"), Math.min(context.length, fields.getInt("ctx_size_out"))),
                fields.getInt("duration"));
    }

    @SuppressWarnings("restricted")
    private static byte[] bytes(long address, int length) {
        return length == 0
                ? new byte[0]
                : MemorySegment.ofAddress(address).reinterpret(length).toArray(Struct.BYTE);
    }

    private static MemorySegment copy(Arena arena, byte[] bytes) {
        return arena.allocate(Math.max(1, bytes.length), Long.BYTES).copyFrom(MemorySegment.ofArray(bytes));
    }
}
