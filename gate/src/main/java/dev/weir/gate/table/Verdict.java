package dev.weir.gate.table;

import static dev.weir.gate.table.Fields.octets;
import static dev.weir.gate.table.Fields.offset;
import static dev.weir.gate.table.Fields.u64;
import static dev.weir.gate.table.Fields.u8;

import dev.weir.ebpf.map.Codec;
import dev.weir.engine.kernel.MatchAction;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * What an entry wants, and how often it got it. Shared with dnsdist, which leaves garbage in the padding; we write zeros.
 *
 * <pre>{@code
 * struct verdict {
 *     __u64 hits;
 *     __u8 action;
 *     __u8 padding[7];
 * };
 * }</pre>
 *
 * @param hits packets with which the action was carried out
 * @param action {@link MatchAction#number}, or a number that nobody here knows
 */
public record Verdict(long hits, int action) {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(u64("hits"), u8("action"), octets("padding", 7))
            .withName("verdict");

    /** Where it counts. */
    public static final long HITS = offset(LAYOUT, "hits");

    private static final long ACTION = offset(LAYOUT, "action");

    public static final Codec<Verdict> CODEC = Codec.of(
            Fields.size(LAYOUT),
            (verdict, to) -> {
                to.fill((byte) 0);
                to.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, verdict.hits);
                to.set(ValueLayout.JAVA_BYTE, ACTION, (byte) verdict.action);
            },
            from -> new Verdict(
                    from.get(ValueLayout.JAVA_LONG_UNALIGNED, 0), from.get(ValueLayout.JAVA_BYTE, ACTION) & 0xff));

    /** A new entry. */
    public static Verdict of(MatchAction action) {
        return new Verdict(0, action.number());
    }
}
