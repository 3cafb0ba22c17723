package dev.weir.gate.table;

import static dev.weir.gate.table.Fields.octets;
import static dev.weir.gate.table.Fields.offset;
import static dev.weir.gate.table.Fields.u16;
import static dev.weir.gate.table.Fields.u64;
import static dev.weir.gate.table.Fields.u8;

import dev.weir.ebpf.map.Codec;
import dev.weir.engine.kernel.MatchAction;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * What the entry of a suffix wants, until when, and how often it got it.
 *
 * <pre>{@code
 * struct suffix_verdict {
 *     __u64 hits;
 *     __u64 end;
 *     __u16 prefix;
 *     __u8 action;
 *     __u8 padding[5];
 * };
 * }</pre>
 *
 * @param hits packets with which the action was carried out
 * @param endNs when the entry ends, {@code CLOCK_MONOTONIC} nanoseconds; 0: never
 * @param prefixBits {@link SuffixKey#prefixBits} of its key: programs look on below it when the entry has ended
 * @param action {@link MatchAction#number}, or a number that nobody here knows
 */
public record SuffixVerdict(long hits, long endNs, int prefixBits, int action) {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u64("hits"), u64("end"), u16("prefix"), u8("action"), octets("padding", 5))
            .withName("suffix_verdict");

    /** Where it counts. */
    public static final long HITS = offset(LAYOUT, "hits");

    private static final long END = offset(LAYOUT, "end");
    private static final long PREFIX = offset(LAYOUT, "prefix");
    private static final long ACTION = offset(LAYOUT, "action");

    public static final Codec<SuffixVerdict> CODEC = Codec.of(
            Fields.size(LAYOUT),
            (verdict, to) -> {
                to.fill((byte) 0);
                to.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, verdict.hits);
                to.set(ValueLayout.JAVA_LONG_UNALIGNED, END, verdict.endNs);
                to.set(ValueLayout.JAVA_SHORT_UNALIGNED, PREFIX, (short) verdict.prefixBits);
                to.set(ValueLayout.JAVA_BYTE, ACTION, (byte) verdict.action);
            },
            from -> new SuffixVerdict(
                    from.get(ValueLayout.JAVA_LONG_UNALIGNED, 0),
                    from.get(ValueLayout.JAVA_LONG_UNALIGNED, END),
                    from.get(ValueLayout.JAVA_SHORT_UNALIGNED, PREFIX) & 0xffff,
                    from.get(ValueLayout.JAVA_BYTE, ACTION) & 0xff));

    /** A new entry. */
    public static SuffixVerdict of(SuffixKey key, MatchAction action, long endNs) {
        return new SuffixVerdict(0, endNs, key.prefixBits(), action.number());
    }
}
