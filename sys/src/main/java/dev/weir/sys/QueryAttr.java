package dev.weir.sys;

import static dev.weir.sys.StructFields.padding;
import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What BPF_PROG_QUERY takes and gives, 64 bytes.
 *
 * <pre>{@code
 * struct {
 *     union {
 *         __u32 target_fd;        //  0  of a cgroup or network namespace
 *         __u32 target_ifindex;   //  0
 *     };
 *     __u32         attach_type;  //  4
 *     __u32         query_flags;  //  8  BPF_F_QUERY_EFFECTIVE
 *     __u32         attach_flags; // 12  out
 *     __aligned_u64 prog_ids;     // 16
 *     __u32         count;        // 24  in: room; out: number
 *     __aligned_u64 prog_attach_flags;  // 32  since Linux 6.0
 *     __aligned_u64 link_ids;           // 40  since Linux 6.6
 *     __aligned_u64 link_attach_flags;  // 48
 *     __u64         revision;           // 56  out
 * } query;
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class QueryAttr {
    /** Also what cgroups above decide. */
    public static final int BPF_F_QUERY_EFFECTIVE = 1;

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            u32("target_ifindex"),
            u32("attach_type"),
            u32("query_flags"),
            u32("attach_flags"),
            u64("prog_ids"),
            u32("count"),
            padding(4),
            u64("prog_attach_flags"),
            u64("link_ids"),
            u64("link_attach_flags"),
            u64("revision"));

    static final int FIRST_ROOM = 64;
    static final int MAX_ROOM = 1 << 16;

    private QueryAttr() {}

    /** @param target a descriptor's number or an interface's index */
    record Question(int target, int attachType, int flags) {
        StructFields write(Arena arena, int room) {
            // Kernels before 6.6 refuse what they do not know, if it is not zero.
            MemorySegment links =
                    KernelVersion.running().isBefore("6.6") ? MemorySegment.NULL : arena.allocate(Struct.U32, room);
            return new StructFields(LAYOUT, arena.allocate(LAYOUT))
                    .putInt("target_ifindex", target)
                    .putInt("attach_type", attachType)
                    .putInt("query_flags", flags)
                    .putInt("count", room)
                    .putPointer("prog_ids", arena.allocate(Struct.U32, room))
                    .putPointer("link_ids", links);
        }
    }

    static Result read(StructFields fields) {
        int count = fields.getInt("count");
        MemorySegment programs = ids(fields.getLong("prog_ids"), count);
        MemorySegment links = ids(fields.getLong("link_ids"), count);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int link = links.byteSize() == 0 ? 0 : links.getAtIndex(Struct.U32, i);
            entries.add(new Entry(programs.getAtIndex(Struct.U32, i), link));
        }
        return new Result(entries, fields.getLong("revision"));
    }

    @SuppressWarnings("restricted")
    private static MemorySegment ids(long address, int count) {
        return MemorySegment.ofAddress(address).reinterpret(address == 0 ? 0 : (long) count * Integer.BYTES);
    }

    /**
     * One program that is attached.
     *
     * @param linkId of its link; 0 if it is attached without one, or the kernel does not say
     */
    public record Entry(int programId, int linkId) {}

    /**
     * What is attached.
     *
     * @param entries in the order in which they run
     * @param revision counts changes; 0 where the kernel does not say
     */
    public record Result(List<Entry> entries, long revision) {
        public Result {
            entries = List.copyOf(entries);
        }
    }
}
