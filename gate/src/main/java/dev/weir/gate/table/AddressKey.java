package dev.weir.gate.table;

import dev.weir.ebpf.map.Codec;
import dev.weir.engine.acl.IpAddress;

/** Addresses as keys: of IPv4 a number in the host's order, which dnsdist made so; of IPv6 16 octets. */
public final class AddressKey {
    /** {@code __u32}. */
    public static final Codec<IpAddress> V4 =
            Codec.U32.map(address -> (int) checked(address, 4).lo(), IpAddress::v4);

    /** {@code __u8[16]}. */
    public static final Codec<IpAddress> V6 = Codec.of(
            16,
            (address, to) -> {
                to.set(RangeKey.NETWORK_LONG, 0, checked(address, 6).hi());
                to.set(RangeKey.NETWORK_LONG, 8, address.lo());
            },
            from -> IpAddress.v6(from.get(RangeKey.NETWORK_LONG, 0), from.get(RangeKey.NETWORK_LONG, 8)));

    private AddressKey() {}

    /** The codec of an address' family. */
    public static Codec<IpAddress> codec(int family) {
        return family == 4 ? V4 : V6;
    }

    static IpAddress checked(IpAddress address, int family) {
        if (address.family() != family) {
            throw new IllegalArgumentException(address + " is no IPv" + family + " address");
        }
        return address;
    }
}
