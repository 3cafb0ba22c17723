package dev.weir.sys;

import static dev.weir.sys.StructFields.padding;
import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the commands on links take: BPF_LINK_CREATE, BPF_LINK_UPDATE, BPF_LINK_DETACH.
 *
 * <pre>{@code
 * struct {                     // what every kind of link needs
 *     __u32 prog_fd;           //  0
 *     union {
 *         __u32 target_fd;       //  4
 *         __u32 target_ifindex;  //  4
 *     };
 *     __u32 attach_type;       //  8  enum bpf_attach_type
 *     __u32 flags;             // 12  XDP_FLAGS_* for XDP, BPF_F_BEFORE and so on where there is an order
 *     union {
 *         struct { __u64 bpf_cookie; } perf_event;                                            // 16
 *         struct { __u32 target_btf_id; __u64 cookie; } tracing;                              // 16
 *         struct { __u32 flags; __u32 cnt; __u64 syms; __u64 addrs; __u64 cookies; } kprobe_multi;  // 16
 *         struct { __u32 relative_fd; __u64 expected_revision; } tcx, netkit, cgroup;         // 16
 *     };
 * } link_create;
 *
 * struct {
 *     __u32 link_fd;           //  0
 *     __u32 new_prog_fd;       //  4
 *     __u32 flags;             //  8  BPF_F_REPLACE: the old program must be old_prog_fd
 *     __u32 old_prog_fd;       // 12
 * } link_update;
 *
 * struct {
 *     __u32 link_fd;           //  0
 * } link_detach;
 * }</pre>
 */
public final class LinkAttr {
    public static final StructLayout CREATE =
            MemoryLayout.structLayout(u32("prog_fd"), u32("target_ifindex"), u32("attach_type"), u32("flags"));
    /** The rest of {@code link_create} for kinds that have an order. */
    public static final StructLayout RELATIVE =
            MemoryLayout.structLayout(u32("relative_fd"), padding(4), u64("expected_revision"));
    /** The rest of {@code link_create} for perf events. */
    public static final StructLayout PERF_EVENT = MemoryLayout.structLayout(u64("bpf_cookie"));
    /** The rest of {@code link_create} for many kprobes at once. */
    public static final StructLayout KPROBE_MULTI =
            MemoryLayout.structLayout(u32("flags"), u32("cnt"), u64("syms"), u64("addrs"), u64("cookies"));

    public static final StructLayout UPDATE =
            MemoryLayout.structLayout(u32("link_fd"), u32("new_prog_fd"), u32("flags"), u32("old_prog_fd"));
    public static final StructLayout DETACH = MemoryLayout.structLayout(u32("link_fd"));

    private LinkAttr() {}

    /** What a kind of link needs beside a target. */
    public sealed interface Detail {
        /** Nothing. */
        record None() implements Detail {}

        /**
         * A place among others.
         *
         * @param neighbour the program or link that flags speak of, null for none
         * @param expectedRevision 0 for any
         */
        record Relative(@Nullable Fd neighbour, long expectedRevision) implements Detail {}

        /** @param cookie what the program gets from bpf_get_attach_cookie() */
        record PerfEvent(long cookie) implements Detail {}

        /** @param flags BPF_F_KPROBE_MULTI_RETURN or 0 */
        record KprobeMulti(int flags, List<String> symbols) implements Detail {}

        /** Returns the memory of {@code link_create}, with the rest filled in. */
        default MemorySegment write(Arena arena, HeldFds held) {
            return switch (this) {
                case None none -> arena.allocate(CREATE);
                case Relative relative -> {
                    MemorySegment attr = allocate(arena, RELATIVE);
                    rest(RELATIVE, attr)
                            .putInt("relative_fd", held.numberOrZero(relative.neighbour()))
                            .putLong("expected_revision", relative.expectedRevision());
                    yield attr;
                }
                case PerfEvent event -> {
                    MemorySegment attr = allocate(arena, PERF_EVENT);
                    rest(PERF_EVENT, attr).putLong("bpf_cookie", event.cookie());
                    yield attr;
                }
                case KprobeMulti probes -> {
                    MemorySegment attr = allocate(arena, KPROBE_MULTI);
                    int count = probes.symbols().size();
                    MemorySegment symbols = arena.allocate(Struct.U64, Math.max(1, count));
                    for (int i = 0; i < count; i++) {
                        symbols.setAtIndex(
                                Struct.U64,
                                i,
                                arena.allocateFrom(probes.symbols().get(i)).address());
                    }
                    rest(KPROBE_MULTI, attr)
                            .putInt("flags", probes.flags())
                            .putInt("cnt", count)
                            .putPointer("syms", symbols);
                    yield attr;
                }
            };
        }

        private static MemorySegment allocate(Arena arena, StructLayout rest) {
            return arena.allocate(CREATE.byteSize() + rest.byteSize(), Long.BYTES);
        }

        private static StructFields rest(StructLayout layout, MemorySegment attr) {
            return new StructFields(layout, attr.asSlice(CREATE.byteSize()));
        }
    }
}
