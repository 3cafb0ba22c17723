package dev.weir.engine.cache;

/**
 * What must be equal, beside name, type and class, for a cached answer to be a query's answer. Kept with the query while it is in flight.
 * Not for several threads at once.
 */
public final class CacheIdentity {
    private static final int DNSSEC_OK = 1 << 16;
    private static final int OVER_UDP = 1 << 17;
    private static final int FAMILY_SHIFT = 18;
    private static final int PREFIX_SHIFT = 20;

    private int traits;
    private int subnet;
    private long subnetHi;
    private long subnetLo;

    /**
     * Sets all but the subnet.
     *
     * @param flags the header's flags word as sent to the backend
     * @param dnssecOk OPT's DO bit
     * @param overUdp whether the query goes on over UDP
     */
    public void set(int flags, boolean dnssecOk, boolean overUdp) {
        traits = traits(flags, dnssecOk, overUdp);
    }

    /** Whether {@link #set} was called with these last. */
    public boolean is(int flags, boolean dnssecOk, boolean overUdp) {
        return traits == traits(flags, dnssecOk, overUdp);
    }

    private static int traits(int flags, boolean dnssecOk, boolean overUdp) {
        return flags & 0xffff | (dnssecOk ? DNSSEC_OK : 0) | (overUdp ? OVER_UDP : 0);
    }

    /** The client subnet that goes to the backend; for caches that parse it. */
    public void setSubnet(int family, int sourcePrefix, long hi, long lo) {
        subnet = family << FAMILY_SHIFT | sourcePrefix << PREFIX_SHIFT;
        subnetHi = hi;
        subnetLo = lo;
    }

    public void clearSubnet() {
        subnet = 0;
        subnetHi = 0;
        subnetLo = 0;
    }

    /** Everything but the subnet's address in one word: bits 0-15 flags, 16 DO, 17 UDP, 18-19 subnet family, 20-27 its prefix. */
    int traits() {
        return traits | subnet;
    }

    static boolean hasSubnet(int traits) {
        return traits >>> FAMILY_SHIFT != 0;
    }

    static boolean overUdp(int traits) {
        return (traits & OVER_UDP) != 0;
    }

    long subnetHi() {
        return subnetHi;
    }

    long subnetLo() {
        return subnetLo;
    }
}
