package dev.weir.gate.table;

import static dev.weir.gate.table.Fields.octets;
import static dev.weir.gate.table.Fields.offset;
import static dev.weir.gate.table.Fields.u16;
import static dev.weir.gate.table.Fields.u8;

import dev.weir.ebpf.map.Codec;
import dev.weir.wire.Name;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * A name and a query type as a key: the name in wire format and lower case, zeros behind its root.
 *
 * <pre>{@code
 * struct typed_name {
 *     __u8 name[255];
 *     __u8 padding;
 *     __u16 type;
 * };
 * }</pre>
 *
 * @param type a query type, or {@link #ANY_TYPE}
 */
public record NameKey(Name name, int type) {
    /** Every type. In tables for readers made before dnsdist 2.0, 255 says so. */
    public static final int ANY_TYPE = 65_535;

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    octets("name", Name.MAX_LENGTH), u8("padding"), u16("type"))
            .withName("typed_name");

    private static final long TYPE = offset(LAYOUT, "type");

    public static final Codec<NameKey> CODEC = Codec.of(
            Fields.size(LAYOUT),
            (key, to) -> {
                put(key.name, to);
                to.set(ValueLayout.JAVA_SHORT_UNALIGNED, TYPE, (short) key.type);
            },
            from -> new NameKey(name(from), from.get(ValueLayout.JAVA_SHORT_UNALIGNED, TYPE) & 0xffff));

    /** {@code struct plain_name}, the older format's key: the name alone. */
    public static final Codec<Name> PLAIN = Codec.of(Name.MAX_LENGTH, NameKey::put, NameKey::name);

    private static void put(Name name, MemorySegment to) {
        to.fill((byte) 0);
        to.copyFrom(MemorySegment.ofArray(name.toLowerWire()));
    }

    /** The root's if a stranger left no name there. */
    private static Name name(MemorySegment from) {
        return name(Fields.bytes(from, 0, Name.MAX_LENGTH));
    }

    /** The name at the start of octets, the root's if there is none. */
    static Name name(byte[] wire) {
        int at = 0;
        while (at < wire.length && wire[at] > 0 && wire[at] <= Name.MAX_LABEL) {
            at += wire[at] + 1;
        }
        return at < wire.length && wire[at] == 0 ? Name.ofWire(wire, 0, at + 1) : Name.ROOT;
    }
}
