package dev.weir.gate.table;

import dev.weir.ebpf.map.Codec;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Networks as keys of a longest-prefix-match trie. Bits behind the prefix are cleared, so that a network has one key.
 *
 * <pre>{@code
 * struct range4 { __u32 prefix; __u8 address[4];  };
 * struct range6 { __u32 prefix; __u8 address[16]; };
 * }</pre>
 */
public final class RangeKey {
    static final ValueLayout.OfLong NETWORK_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NETWORK_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt PREFIX = ValueLayout.JAVA_INT_UNALIGNED;
    private static final int ADDRESS = Integer.BYTES;

    public static final Codec<Netmask> V4 = Codec.of(
            8,
            (range, to) -> {
                to.set(PREFIX, 0, range.prefix());
                to.set(NETWORK_INT, ADDRESS, (int)
                        AddressKey.checked(range.network(), 4).lo());
            },
            from -> Netmask.of(IpAddress.v4(from.get(NETWORK_INT, ADDRESS)), prefix(from)));

    public static final Codec<Netmask> V6 = Codec.of(
            20,
            (range, to) -> {
                IpAddress network = AddressKey.checked(range.network(), 6);
                to.set(PREFIX, 0, range.prefix());
                to.set(NETWORK_LONG, ADDRESS, network.hi());
                to.set(NETWORK_LONG, ADDRESS + 8, network.lo());
            },
            from -> Netmask.of(
                    IpAddress.v6(from.get(NETWORK_LONG, ADDRESS), from.get(NETWORK_LONG, ADDRESS + 8)), prefix(from)));

    private RangeKey() {}

    /** The codec of a network's family. */
    public static Codec<Netmask> codec(int family) {
        return family == 4 ? V4 : V6;
    }

    private static int prefix(MemorySegment from) {
        return from.get(PREFIX, 0);
    }
}
