package dev.weir.engine.block;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;

/**
 * Whom a block is for: a network, or a part of the ports of one IPv4 address, as behind a carrier's address translation (RFC 6888).
 *
 * @param family 4 or 6
 * @param hi as in {@link IpAddress}, host bits cleared
 * @param lo as in {@link IpAddress}, host bits cleared
 * @param prefix how many leading bits of the address count
 * @param port first port of the part
 * @param portBits how many leading bits of the port count; 0: all ports
 */
public record ClientRange(int family, long hi, long lo, int prefix, int port, int portBits)
        implements Comparable<ClientRange> {
    private static final int PORT_BITS = 16;

    /**
     * The range of that size which holds the address and port.
     *
     * @throws IllegalArgumentException for a size that is not possible
     */
    public static ClientRange of(IpAddress ip, int prefix, int port, int portBits) {
        if (prefix < 0 || prefix > ip.bits()) {
            throw new IllegalArgumentException(
                    "Trying to set an invalid IPv" + ip.family() + " mask (" + prefix + ") to a Dynamic Block object");
        }
        if (portBits < 0 || portBits > PORT_BITS) {
            throw new IllegalArgumentException(
                    "Trying to set an invalid port mask (" + portBits + ") to a Dynamic Block object");
        }
        if (portBits > 0 && prefix != ip.bits()) {
            throw new IllegalArgumentException("Setting a non-zero port mask for Dynamic Blocks while only considering"
                    + " parts of IPv" + ip.family() + " addresses does not make sense");
        }
        IpAddress network = ip.truncate(prefix);
        return new ClientRange(ip.family(), network.hi(), network.lo(), prefix, port & portMask(portBits), portBits);
    }

    public static ClientRange of(Netmask mask) {
        return of(mask.ip(), mask.prefix(), 0, 0);
    }

    static int portMask(int bits) {
        return 0xffff << PORT_BITS - bits & 0xffff;
    }

    public IpAddress network() {
        return new IpAddress(family, hi, lo, 0);
    }

    public Netmask netmask() {
        return Netmask.of(network(), prefix);
    }

    /** Whether it is one address with all its ports. */
    public boolean isAddress() {
        return portBits == 0 && prefix == (family == 4 ? 32 : 128);
    }

    /** IPv4 first, by address; a range after those inside. */
    @Override
    public int compareTo(ClientRange other) {
        int order = insideFirst(netmask(), other.netmask());
        order = order != 0 ? order : Integer.compare(other.portBits, portBits);
        return order != 0 ? order : Integer.compare(port, other.port);
    }

    /** By last address, then the smaller one first: networks are inside each other or apart. */
    static int insideFirst(Netmask a, Netmask b) {
        int order = last(a).compareTo(last(b));
        return order != 0 ? order : Integer.compare(b.prefix(), a.prefix());
    }

    private static IpAddress last(Netmask mask) {
        IpAddress ip = mask.ip();
        return ip.isV4()
                ? new IpAddress(4, 0, ip.lo() | ~IpAddress.maskLo4(mask.prefix()) & 0xffff_ffffL, 0)
                : IpAddress.v6(
                        ip.hi() | ~IpAddress.maskHi6(mask.prefix()), ip.lo() | ~IpAddress.maskLo6(mask.prefix()));
    }

    /** {@code 192.0.2.0/24}, or {@code 192.0.2.1:16384/2} for a part of the ports. */
    @Override
    public String toString() {
        if (portBits == 0) {
            return network() + "/" + prefix;
        }
        return (family == 4 ? network().toString() : "[" + network() + "]") + ":" + port + "/" + portBits;
    }
}
