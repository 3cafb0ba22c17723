package dev.weir.wire;

/**
 * The EDNS Client Subnet option (RFC 7871 6): a view that parses one, and a composer.
 *
 * <pre>
 *   OPTION-CODE    8                      +0
 *   OPTION-LENGTH                         +2
 *   FAMILY         1 IPv4, 2 IPv6         +4
 *   SOURCE PREFIX-LENGTH                  +6
 *   SCOPE PREFIX-LENGTH                   +7
 *   ADDRESS        ceil(source / 8)       +8
 * </pre>
 *
 * <p>An address is two longs, {@code hi} and {@code lo}; an IPv4 address stands in the low 32 bits of {@code lo}. One view serves one
 * thread.
 */
public final class ClientSubnet {
    public static final int OPTION = 8;
    public static final int IPV4 = 1;
    public static final int IPV6 = 2;
    /** Octets of the longest option, its code and length included. */
    public static final int MAX_LENGTH = 24;

    private int family;
    private int sourcePrefix;
    private int scopePrefix;
    private long hi;
    private long lo;

    /**
     * Reads the option of a message whose OPT was parsed into {@code edns}: 1 when there is one, 0 when there is none, or a
     * {@link WireFault} code.
     */
    public int parse(byte[] message, Edns edns) {
        int at = edns.findOption(message, OPTION);
        if (at < 0) {
            return 0;
        }
        int fault = parse(message, at + 4, Octets.u16(message, at + 2));
        return fault < 0 ? fault : 1;
    }

    /**
     * Reads an option's data: 0, or BAD_VALUE for an unknown family, a prefix longer than the family's addresses or address bits outside
     * the prefix, BAD_LENGTH for a number of address octets that does not fit the prefix. The view then keeps what it had.
     */
    public int parse(byte[] data, int offset, int length) {
        if (length < 4) {
            return WireFault.BAD_LENGTH.code();
        }
        int newFamily = Octets.u16(data, offset);
        int source = Octets.u8(data, offset + 2);
        int scope = Octets.u8(data, offset + 3);
        if (newFamily != IPV4 && newFamily != IPV6 || Math.max(source, scope) > addressBits(newFamily)) {
            return WireFault.BAD_VALUE.code();
        }
        int octets = source + 7 >> 3;
        if (length != 4 + octets) {
            return WireFault.BAD_LENGTH.code();
        }
        long newHi = 0;
        long newLo = 0;
        int width = addressBits(newFamily) / 8;
        for (int i = 0; i < octets; i++) {
            long octet = Octets.u8(data, offset + 4 + i);
            int shift = (width - 1 - i) * 8;
            if (shift >= 64) {
                newHi |= octet << shift - 64;
            } else {
                newLo |= octet << shift;
            }
        }
        if (maskHi(newFamily, newHi, source) != newHi || maskLo(newFamily, newLo, source) != newLo) {
            return WireFault.BAD_VALUE.code();
        }
        family = newFamily;
        sourcePrefix = source;
        scopePrefix = scope;
        hi = newHi;
        lo = newLo;
        return 0;
    }

    /**
     * Writes an option, code and length included, with scope 0 and the address cut to its prefix. Returns the offset behind it; NO_ROOM, or
     * BAD_VALUE for an unknown family or a prefix longer than its addresses.
     */
    public static int compose(byte[] target, int offset, int family, long hi, long lo, int prefix) {
        if (family != IPV4 && family != IPV6 || prefix < 0 || prefix > addressBits(family)) {
            return WireFault.BAD_VALUE.code();
        }
        int octets = prefix + 7 >> 3;
        if (offset + 8 + octets > target.length) {
            return WireFault.NO_ROOM.code();
        }
        Octets.putU16(target, offset, OPTION);
        Octets.putU16(target, offset + 2, 4 + octets);
        Octets.putU16(target, offset + 4, family);
        Octets.putU8(target, offset + 6, prefix);
        Octets.putU8(target, offset + 7, 0);
        long maskedHi = maskHi(family, hi, prefix);
        long maskedLo = maskLo(family, lo, prefix);
        int width = addressBits(family) / 8;
        for (int i = 0; i < octets; i++) {
            int shift = (width - 1 - i) * 8;
            Octets.putU8(target, offset + 8 + i, (int) (shift >= 64 ? maskedHi >>> shift - 64 : maskedLo >>> shift));
        }
        return offset + 8 + octets;
    }

    /** Bits of an address of a family. */
    public static int addressBits(int family) {
        return family == IPV4 ? 32 : 128;
    }

    /** The upper half of an address with the bits behind {@code prefix} cleared. */
    public static long maskHi(int family, long hi, int prefix) {
        return family == IPV4 ? 0 : hi & leading(prefix);
    }

    /** The lower half of an address with the bits behind {@code prefix} cleared. */
    public static long maskLo(int family, long lo, int prefix) {
        return family == IPV4 ? lo & leading(prefix + 32) & 0xffff_ffffL : lo & leading(prefix - 64);
    }

    private static long leading(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << 64 - bits;
    }

    /** {@link #IPV4} or {@link #IPV6}. */
    public int family() {
        return family;
    }

    public int sourcePrefix() {
        return sourcePrefix;
    }

    /** What part of the address the answer depends on, in bits; 0 in queries, and in answers that are the same for all. */
    public int scopePrefix() {
        return scopePrefix;
    }

    public long hi() {
        return hi;
    }

    public long lo() {
        return lo;
    }
}
