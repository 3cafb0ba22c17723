package dev.weir.engine.block;

/**
 * How finely clients are told apart.
 *
 * @param v4 leading bits of an IPv4 address
 * @param v6 leading bits of an IPv6 address
 * @param portBits leading bits of an IPv4 client's port; 0: all ports together
 */
public record Masks(int v4, int v6, int portBits) {
    /** Single addresses. */
    public static final Masks DEFAULT = new Masks(32, 128, 0);

    public Masks {
        check("IPv4", v4, 32);
        check("IPv6", v6, 128);
        check("port", portBits, 16);
        if (portBits > 0 && v4 != 32) {
            throw new IllegalArgumentException("Setting a non-zero port mask for Dynamic Blocks while only considering"
                    + " parts of IPv4 addresses does not make sense");
        }
    }

    private static void check(String what, int bits, int most) {
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException(
                    "Trying to set an invalid " + what + " mask (" + bits + ") to a Dynamic Block object");
        }
    }

    /** Bits of an address of that family. */
    int bits(int family) {
        return family == 4 ? v4 : v6;
    }

    /** Bits of a port for that family. */
    int portBits(int family) {
        return family == 4 ? portBits : 0;
    }
}
