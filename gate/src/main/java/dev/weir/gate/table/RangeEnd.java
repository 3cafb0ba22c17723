package dev.weir.gate.table;

import static dev.weir.gate.table.Fields.offset;
import static dev.weir.gate.table.Fields.u32;
import static dev.weir.gate.table.Fields.u64;

import dev.weir.ebpf.map.Codec;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * When the block of a network ends. Write it before the network's own entry and remove it after: an entry without an end stays for good.
 *
 * <pre>{@code
 * struct range_end {
 *     __u64 end;
 *     __u32 prefix;
 *     __u32 padding;
 * };
 * }</pre>
 *
 * @param endNs {@code CLOCK_MONOTONIC} nanoseconds
 * @param prefix the network's prefix length
 */
public record RangeEnd(long endNs, int prefix) {
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u64("end"), u32("prefix"), u32("padding")).withName("range_end");

    private static final long PREFIX = offset(LAYOUT, "prefix");

    public static final Codec<RangeEnd> CODEC = Codec.of(
            Fields.size(LAYOUT),
            (end, to) -> {
                to.fill((byte) 0);
                to.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, end.endNs);
                to.set(ValueLayout.JAVA_INT_UNALIGNED, PREFIX, end.prefix);
            },
            from -> new RangeEnd(
                    from.get(ValueLayout.JAVA_LONG_UNALIGNED, 0), from.get(ValueLayout.JAVA_INT_UNALIGNED, PREFIX)));
}
