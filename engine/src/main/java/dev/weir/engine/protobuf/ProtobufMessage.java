package dev.weir.engine.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message of Protocol Buffers that grows field by field.
 *
 * <pre>
 * field   = varint (number &lt;&lt; 3 | type), value
 * type 0  : varint, seven bits an octet, low ones first, the top bit set in all octets but the last
 * type 1  : 8 octets, little-endian
 * type 2  : varint length, so many octets
 * </pre>
 *
 * One thread. An object can be used again after {@link #clear}, without garbage once it has grown.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>
 */
public final class ProtobufMessage {
    private static final int VARINT = 0;
    private static final int EIGHT_OCTETS = 1;
    private static final int LENGTH_AND_OCTETS = 2;

    private static final int TYPE_BITS = 3;
    private static final int FIRST_SIZE = 256;

    /** Octets of the longest varint. */
    private static final int MOST_VARINT = 10;

    private byte[] octets = new byte[FIRST_SIZE];
    private int length;

    /** Begins anew. */
    public void clear() {
        length = 0;
    }

    public int length() {
        return length;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(octets, length);
    }

    /** A field of type uint32, uint64, int32, int64, bool or enum. */
    public ProtobufMessage number(int field, long value) {
        key(field, VARINT);
        varint(value);
        return this;
    }

    /** A field of type sint32 or sint64. */
    public ProtobufMessage signed(int field, long value) {
        return number(field, value << 1 ^ value >> Long.SIZE - 1);
    }

    /** A field of type double. */
    public ProtobufMessage real(int field, double value) {
        key(field, EIGHT_OCTETS);
        room(Long.BYTES);
        long bits = Double.doubleToRawLongBits(value);
        for (int i = 0; i < Long.BYTES; i++) {
            octets[length++] = (byte) (bits >> i * Byte.SIZE);
        }
        return this;
    }

    /** A field of type string. */
    public ProtobufMessage text(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return octets(field, utf8, 0, utf8.length);
    }

    /** A field of type bytes. */
    public ProtobufMessage octets(int field, byte[] value, int offset, int count) {
        key(field, LENGTH_AND_OCTETS);
        delimited(value, offset, count);
        return this;
    }

    /** A field whose value is a message. */
    public ProtobufMessage message(int field, ProtobufMessage value) {
        return octets(field, value.octets, 0, value.length);
    }

    /** A message behind its length, as streams of messages have them; no field. */
    public void delimited(ProtobufMessage value) {
        delimited(value.octets, 0, value.length);
    }

    private void delimited(byte[] value, int offset, int count) {
        varint(count);
        room(count);
        System.arraycopy(value, offset, octets, length, count);
        length += count;
    }

    private void key(int field, int type) {
        varint((long) field << TYPE_BITS | type);
    }

    private void varint(long value) {
        room(MOST_VARINT);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            octets[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        octets[length++] = (byte) rest;
    }

    private void room(int more) {
        if (octets.length - length < more) {
            octets = Arrays.copyOf(octets, Math.max(2 * octets.length, length + more));
        }
    }
}
