package dev.weir.engine.acl;

/**
 * A network: an address and how many of its leading bits count. {@code negated} is a leading {@code !} in a list, which excludes.
 */
public record Netmask(IpAddress ip, int prefix, boolean negated) implements Comparable<Netmask> {
    public Netmask {
        if (prefix < 0 || prefix > ip.bits()) {
            throw new IllegalArgumentException("/" + prefix + " is no prefix length for " + ip);
        }
    }

    public static Netmask of(IpAddress ip, int prefix) {
        return new Netmask(ip, prefix, false);
    }

    /**
     * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32}, a bare address, {@code 192.0.2.0/255.255.255.0}, or one of these behind
     * {@code !}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static Netmask parse(String text) {
        String rest = text.strip();
        boolean negated = rest.startsWith("!");
        rest = negated ? rest.substring(1).strip() : rest;
        int slash = rest.indexOf('/');
        IpAddress ip = IpAddress.parse(slash < 0 ? rest : rest.substring(0, slash));
        int prefix = slash < 0 ? ip.bits() : parsePrefix(text, rest.substring(slash + 1), ip);
        if (prefix < 0 || prefix > ip.bits()) {
            throw new IllegalArgumentException("'" + text + "' has no valid prefix length");
        }
        return new Netmask(ip, prefix, negated);
    }

    private static int parsePrefix(String text, String prefix, IpAddress ip) {
        try {
            if (prefix.indexOf('.') >= 0 && ip.isV4()) {
                long mask = IpAddress.parse(prefix).lo();
                int bits = Long.bitCount(mask);
                return mask == IpAddress.maskLo4(bits) ? bits : -1;
            }
            return Integer.parseInt(prefix);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' has no valid prefix length", e);
        }
    }

    public boolean matches(int family, long hi, long lo) {
        if (family != ip.family()) {
            return false;
        }
        return family == 4
                ? ((lo ^ ip.lo()) & IpAddress.maskLo4(prefix)) == 0
                : ((hi ^ ip.hi()) & IpAddress.maskHi6(prefix)) == 0
                        && ((lo ^ ip.lo()) & IpAddress.maskLo6(prefix)) == 0;
    }

    public boolean matches(IpAddress address) {
        return matches(address.family(), address.hi(), address.lo());
    }

    /** The first address of the network. */
    public IpAddress network() {
        return ip.truncate(prefix);
    }

    @Override
    public int compareTo(Netmask other) {
        int order = network().compareTo(other.network());
        return order != 0 ? order : Integer.compare(prefix, other.prefix);
    }

    @Override
    public String toString() {
        return (negated ? "!" : "") + ip + "/" + prefix;
    }
}
