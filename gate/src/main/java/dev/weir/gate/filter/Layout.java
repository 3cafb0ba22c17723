package dev.weir.gate.filter;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.wire.Name;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Keys of the tables as bytes; {@code bpf/include/tables.h} draws them. Numbers are in the order of this machine unless a key says otherwise.
 *
 * <pre>{@code
 * address4    u32 address (host order)
 * address6    16 bytes
 * range       u32 prefix, 4 or 16 bytes
 * typed name  255 bytes of the lower-case wire form, 1 of padding, u16 type
 * plain name  255 bytes of the lower-case wire form
 * suffix      u32 prefix (bits of what follows), be16 type, 254 bytes: labels from the last to the first, without the root
 * }</pre>
 */
final class Layout {
    static final int ADDRESS4 = 4;
    static final int ADDRESS6 = 16;
    static final int RANGE4 = 8;
    static final int RANGE6 = 20;
    static final int PLAIN_NAME = Name.MAX_LENGTH;
    static final int TYPED_NAME = Name.MAX_LENGTH + 3;
    static final int SUFFIX = 260;

    private static final int SUFFIX_NAME = 6;

    private Layout() {}

    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    static ByteBuffer read(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    static byte[] address(IpAddress address) {
        return address.isV4() ? buffer(ADDRESS4).putInt((int) address.lo()).array() : address.octets();
    }

    static IpAddress address(byte[] key) {
        return key.length == ADDRESS4 ? IpAddress.v4(read(key).getInt()) : IpAddress.of(key);
    }

    static byte[] range(Netmask range) {
        byte[] octets = range.network().octets();
        return buffer(Integer.BYTES + octets.length)
                .putInt(range.prefix())
                .put(octets)
                .array();
    }

    static Netmask range(byte[] key) {
        return Netmask.of(IpAddress.of(Arrays.copyOfRange(key, Integer.BYTES, key.length)), prefix(key));
    }

    /** How many bits of a trie's key count. */
    static int prefix(byte[] key) {
        return read(key).getInt();
    }

    /** The key with another prefix; what lies behind stays, the kernel does not look at it. */
    static byte[] withPrefix(byte[] key, int prefix) {
        byte[] copy = key.clone();
        read(copy).putInt(prefix);
        return copy;
    }

    static byte[] typedName(Name name, int type) {
        byte[] key = Arrays.copyOf(name.toLowerWire(), TYPED_NAME);
        read(key).putShort(Name.MAX_LENGTH + 1, (short) type);
        return key;
    }

    static int typeOfName(byte[] key) {
        return read(key).getShort(Name.MAX_LENGTH + 1) & 0xffff;
    }

    static byte[] plainName(Name name) {
        return Arrays.copyOf(name.toLowerWire(), PLAIN_NAME);
    }

    /** The name at the start of a key, the root's if there is no valid one: other programs may write anything. */
    static Name name(byte[] key) {
        int at = 0;
        while (at < Name.MAX_LENGTH && key[at] > 0 && key[at] <= Name.MAX_LABEL) {
            at += key[at] + 1;
        }
        return at < Name.MAX_LENGTH && key[at] == 0 ? Name.ofWire(key, 0, at + 1) : Name.ROOT;
    }

    static byte[] suffix(Name suffix, int type) {
        byte[] wire = suffix.toLowerWire();
        byte[] key = new byte[SUFFIX];
        read(key).putInt((Short.BYTES + wire.length - 1) * Byte.SIZE);
        ByteBuffer.wrap(key).putShort(Integer.BYTES, (short) type);
        int[] starts = new int[suffix.countLabels()];
        for (int i = 0, at = 0; i < starts.length; at += wire[at] + 1, i++) {
            starts[i] = at;
        }
        int end = wire.length - 1;
        int to = SUFFIX_NAME;
        for (int i = starts.length - 1; i >= 0; i--) {
            System.arraycopy(wire, starts[i], key, to, end - starts[i]);
            to += end - starts[i];
            end = starts[i];
        }
        return key;
    }

    static Name suffix(byte[] key) {
        int length = Math.clamp(prefix(key) / Byte.SIZE - Short.BYTES, 0, SUFFIX - SUFFIX_NAME);
        byte[] wire = new byte[length + 1];
        int to = length;
        for (int at = SUFFIX_NAME; at < SUFFIX_NAME + length; ) {
            int label = key[at] + 1;
            if (label < 2 || label > to) {
                return Name.ROOT;
            }
            to -= label;
            System.arraycopy(key, at, wire, to, label);
            at += label;
        }
        return Name.ofWire(wire, 0, wire.length);
    }

    static int typeOfSuffix(byte[] key) {
        return ByteBuffer.wrap(key).getShort(Integer.BYTES) & 0xffff;
    }

    /** The type in a table of names, where {@code anyType} and 65535 both mean all. */
    static int readType(int stored, int anyType) {
        return stored == anyType ? FilterSpec.ANY_TYPE : stored;
    }

    /** The type to put into a table of names. */
    static int writeType(int type, int anyType) {
        return type == FilterSpec.ANY_TYPE ? anyType : type;
    }
}
