package dev.weir.gate.table;

import static dev.weir.gate.table.Fields.octets;
import static dev.weir.gate.table.Fields.offset;
import static dev.weir.gate.table.Fields.u16;
import static dev.weir.gate.table.Fields.u32;

import dev.weir.ebpf.map.Codec;
import dev.weir.wire.Name;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A name with everything below it and a query type as a key of a longest-prefix-match trie: labels in reverse order, in lower case, each with
 * its length in front and without the root. A prefix of the key is then a suffix of the name, on label boundaries.
 *
 * <pre>{@code
 * struct suffix_key {
 *     __u32 prefix;   // bits of type and name that count
 *     __be16 type;
 *     __u8 name[254]; // www.example.com: 3 com 7 example 3 www
 * };
 * }</pre>
 *
 * @param type a query type, or {@link NameKey#ANY_TYPE}
 */
public record SuffixKey(Name suffix, int type) {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("prefix"), u16("type"), octets("name", Name.MAX_LENGTH - 1))
            .withName("suffix_key");

    private static final ValueLayout.OfShort NETWORK_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final long PREFIX = offset(LAYOUT, "prefix");
    private static final long TYPE = offset(LAYOUT, "type");
    private static final long NAME = offset(LAYOUT, "name");

    public static final Codec<SuffixKey> CODEC = Codec.of(
            Fields.size(LAYOUT),
            (key, to) -> {
                to.fill((byte) 0);
                to.set(ValueLayout.JAVA_INT_UNALIGNED, PREFIX, key.prefixBits());
                to.set(NETWORK_SHORT, TYPE, (short) key.type);
                byte[] labels = reverse(key.suffix.toLowerWire());
                MemorySegment.copy(labels, 0, to, ValueLayout.JAVA_BYTE, NAME, labels.length - 1);
            },
            from -> {
                int bits = from.get(ValueLayout.JAVA_INT_UNALIGNED, PREFIX) - Short.SIZE;
                int octets = Math.clamp(bits / Byte.SIZE, 0, Name.MAX_LENGTH - 1);
                byte[] labels = Arrays.copyOf(Fields.bytes(from, NAME, octets), octets + 1);
                return new SuffixKey(suffix(labels), from.get(NETWORK_SHORT, TYPE) & 0xffff);
            });

    /** The key's length in bits, as its {@link SuffixVerdict} repeats it. */
    public int prefixBits() {
        return Short.SIZE + (suffix.wireLength() - 1) * Byte.SIZE;
    }

    /** The root's if a stranger left no labels there. */
    private static Name suffix(byte[] labels) {
        boolean whole = NameKey.name(labels).wireLength() == labels.length;
        return whole ? NameKey.name(reverse(labels)) : Name.ROOT;
    }

    /** Turns the order of labels around; the octet behind them becomes the root's. */
    private static byte[] reverse(byte[] labels) {
        byte[] reversed = new byte[labels.length];
        int end = labels.length - 1;
        for (int at = 0; at < labels.length - 1; ) {
            int size = (labels[at] & 0xff) + 1;
            System.arraycopy(labels, at, reversed, end - size, size);
            at += size;
            end -= size;
        }
        return reversed;
    }
}
