package dev.weir.gate.table;

import static dev.weir.gate.table.Fields.octets;
import static dev.weir.gate.table.Fields.offset;
import static dev.weir.gate.table.Fields.u16;
import static dev.weir.gate.table.Fields.u64;

import dev.weir.ebpf.map.Codec;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * The older format's value of a name, which is there to be dropped.
 *
 * <pre>{@code
 * struct plain_name_verdict {
 *     __u64 hits;
 *     __u16 type;
 *     __u8 padding[6];
 * };
 * }</pre>
 *
 * @param type the one query type, or {@link NameKey#ANY_TYPE}
 */
public record PlainNameVerdict(long hits, int type) {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(u64("hits"), u16("type"), octets("padding", 6))
            .withName("plain_name_verdict");

    private static final long TYPE = offset(LAYOUT, "type");

    public static final Codec<PlainNameVerdict> CODEC = Codec.of(
            Fields.size(LAYOUT),
            (verdict, to) -> {
                to.fill((byte) 0);
                to.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, verdict.hits);
                to.set(ValueLayout.JAVA_SHORT_UNALIGNED, TYPE, (short) verdict.type);
            },
            from -> new PlainNameVerdict(
                    from.get(ValueLayout.JAVA_LONG_UNALIGNED, 0),
                    from.get(ValueLayout.JAVA_SHORT_UNALIGNED, TYPE) & 0xffff));
}
