package dev.weir.engine.acl;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IPv4 or IPv6 address without a port: family 4 or 6 and 128 bits in two longs. An IPv4 address fills the low 32 bits of {@code lo}
 * and leaves {@code hi} zero; it never equals an IPv6 address.
 *
 * @param scope interface index of a link-local IPv6 address (RFC 4007), else 0
 */
public record IpAddress(int family, long hi, long lo, int scope) implements Comparable<IpAddress> {
    public static final IpAddress ANY4 = v4(0);
    public static final IpAddress ANY6 = v6(0, 0);

    public static IpAddress v4(int bits) {
        return new IpAddress(4, 0, bits & 0xffff_ffffL, 0);
    }

    public static IpAddress v6(long hi, long lo) {
        return new IpAddress(6, hi, lo, 0);
    }

    /**
     * Reads an address literal, with {@code %interface} for a zone; host names are never resolved.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static IpAddress parse(String text) {
        boolean v6 = text.indexOf(':') >= 0;
        if (!v6 && !looksLikeV4(text)) {
            throw new IllegalArgumentException("'" + text + "' is not an IP address");
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            return v6 && address.getAddress().length == 4
                    ? v6(0, 0xffff_0000_0000L | of(address.getAddress()).lo)
                    : of(address.getAddress()).withScope(address instanceof Inet6Address six ? six.getScopeId() : 0);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
        }
    }

    /** InetAddress also takes "127.1" and "10"; configurations don't mean those. */
    private static boolean looksLikeV4(String text) {
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                dots++;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return dots == 3;
    }

    /**
     * From 4 or 16 octets in network order.
     *
     * @throws IllegalArgumentException for any other length
     */
    public static IpAddress of(byte[] octets) {
        if (octets.length == 4) {
            return new IpAddress(4, 0, word(octets, 0, 4), 0);
        }
        if (octets.length == 16) {
            return new IpAddress(6, word(octets, 0, 8), word(octets, 8, 8), 0);
        }
        throw new IllegalArgumentException("an address has 4 or 16 octets, not " + octets.length);
    }

    private static long word(byte[] octets, int offset, int length) {
        long word = 0;
        for (int i = offset; i < offset + length; i++) {
            word = word << 8 | octets[i] & 0xff;
        }
        return word;
    }

    public IpAddress withScope(int newScope) {
        return newScope == scope ? this : new IpAddress(family, hi, lo, newScope);
    }

    public boolean isV4() {
        return family == 4;
    }

    public boolean isV6() {
        return family == 6;
    }

    /** An IPv6 address of the form ::ffff:a.b.c.d (RFC 4291 2.5.5.2). */
    public boolean isMappedV4() {
        return family == 6 && hi == 0 && lo >>> 32 == 0xffff;
    }

    public boolean isUnspecified() {
        return hi == 0 && lo == 0;
    }

    /** Number of bits: 32 or 128. */
    public int bits() {
        return family == 4 ? 32 : 128;
    }

    /** The address with all but the first {@code prefix} bits cleared. */
    public IpAddress truncate(int prefix) {
        return family == 4
                ? new IpAddress(4, 0, lo & maskLo4(prefix), 0)
                : new IpAddress(6, hi & maskHi6(prefix), lo & maskLo6(prefix), scope);
    }

    /** Mask of the low word of an IPv4 address. */
    public static long maskLo4(int prefix) {
        return prefix <= 0 ? 0 : prefix >= 32 ? 0xffff_ffffL : -1L << (32 - prefix) & 0xffff_ffffL;
    }

    /** Mask of the high word of an IPv6 address. */
    public static long maskHi6(int prefix) {
        return prefix <= 0 ? 0 : prefix >= 64 ? -1L : -1L << (64 - prefix);
    }

    /** Mask of the low word of an IPv6 address. */
    public static long maskLo6(int prefix) {
        return prefix <= 64 ? 0 : prefix >= 128 ? -1L : -1L << (128 - prefix);
    }

    /** 4 or 16 octets in network order. */
    public byte[] octets() {
        byte[] octets = new byte[family == 4 ? 4 : 16];
        for (int i = 0; i < octets.length; i++) {
            int shift = 8 * (octets.length - 1 - i);
            octets[i] = (byte) (shift >= 64 ? hi >>> (shift - 64) : lo >>> shift);
        }
        return octets;
    }

    public InetAddress toInetAddress() {
        try {
            return family == 4 || scope == 0
                    ? InetAddress.getByAddress(octets())
                    : Inet6Address.getByAddress(null, octets(), scope);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 octets are always an address", e);
        }
    }

    @Override
    public int compareTo(IpAddress other) {
        int order = Integer.compare(family, other.family);
        order = order != 0 ? order : Long.compareUnsigned(hi, other.hi);
        return order != 0 ? order : Long.compareUnsigned(lo, other.lo);
    }

    /** Dotted quad, or the canonical IPv6 text of RFC 5952. */
    @Override
    public String toString() {
        if (family == 4) {
            return (lo >>> 24) + "." + (lo >>> 16 & 0xff) + "." + (lo >>> 8 & 0xff) + "." + (lo & 0xff);
        }
        String text = isMappedV4() ? "::ffff:" + v4((int) lo) : v6Text();
        return scope == 0 ? text : text + "%" + scope;
    }

    private String v6Text() {
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && group(i + run) == 0) {
                run++;
            }
            if (run > bestLength) {
                bestStart = i;
                bestLength = run;
            }
            i += run;
        }
        StringBuilder text = new StringBuilder(40);
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
            } else {
                if (i > 0 && i != bestStart + bestLength || i > 0 && bestStart < 0) {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    private int group(int index) {
        return (int) ((index < 4 ? hi >>> 48 - 16 * index : lo >>> 48 - 16 * (index - 4)) & 0xffff);
    }
}
