package dev.weir.gate.filter;

import dev.weir.ebpf.map.Codec;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.wire.Name;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The entry that claims are about.
 *
 * <pre>{@code
 * struct claim_key {
 *     __u8 kind;        // 1 IPv4 address, 2 IPv6 address, 3 IPv4 range, 4 IPv6 range, 5 suffix
 *     __u8 prefix;      // of ranges and addresses
 *     __u16 type;       // of suffixes
 *     __u8 padding[4];
 *     __u8 octets[256]; // the address, or the name in wire format and lower case
 * };
 * }</pre>
 *
 * @param network of addresses and ranges
 * @param name of suffixes
 */
record ClaimKey(
        Kind kind, @Nullable Netmask network, @Nullable Name name, int type) {
    private static final int BYTES = 264;
    private static final int PREFIX = 1;
    private static final int TYPE = 2;
    private static final int OCTETS = 8;
    private static final Kind[] KINDS = {Kind.IPV4, Kind.IPV6, Kind.CIDR4, Kind.CIDR6, Kind.SUFFIXES};

    static final Codec<ClaimKey> CODEC = Codec.of(BYTES, ClaimKey::write, ClaimKey::read);

    static ClaimKey of(Kind kind, Netmask network) {
        return new ClaimKey(kind, network, null, FilterSpec.ANY_TYPE);
    }

    private static void write(ClaimKey key, MemorySegment to) {
        to.fill((byte) 0);
        Netmask network = key.network;
        Name name = key.name;
        byte[] octets = network != null ? network.ip().octets() : name != null ? name.toLowerWire() : new byte[0];
        to.set(ValueLayout.JAVA_BYTE, 0, number(key.kind));
        to.set(ValueLayout.JAVA_BYTE, PREFIX, network == null ? 0 : (byte) network.prefix());
        to.set(ValueLayout.JAVA_SHORT_UNALIGNED, TYPE, (short) key.type);
        to.asSlice(OCTETS).copyFrom(MemorySegment.ofArray(octets));
    }

    private static byte number(Kind kind) {
        byte number = 0;
        for (int i = 0; i < KINDS.length; i++) {
            number = KINDS[i] == kind ? (byte) (i + 1) : number;
        }
        return number;
    }

    private static ClaimKey read(MemorySegment from) {
        Kind kind = KINDS[Math.clamp(from.get(ValueLayout.JAVA_BYTE, 0) - 1L, 0, KINDS.length - 1)];
        int type = from.get(ValueLayout.JAVA_SHORT_UNALIGNED, TYPE) & 0xffff;
        byte[] octets = from.asSlice(OCTETS).toArray(ValueLayout.JAVA_BYTE);
        if (kind == Kind.SUFFIXES) {
            int length = 1;
            for (int at = 0; at < Name.MAX_LENGTH && octets[at] > 0; at += octets[at] + 1) {
                length = Math.min(Name.MAX_LENGTH, at + octets[at] + 2);
            }
            return new ClaimKey(kind, null, Name.ofWire(octets, 0, length), type);
        }
        boolean v4 = kind == Kind.IPV4 || kind == Kind.CIDR4;
        IpAddress address = v4
                ? IpAddress.v4(
                        from.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN), OCTETS))
                : IpAddress.v6(
                        from.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN), OCTETS),
                        from.get(
                                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN),
                                OCTETS + Long.BYTES));
        return of(kind, Netmask.of(address, from.get(ValueLayout.JAVA_BYTE, PREFIX) & 0xff));
    }
}
