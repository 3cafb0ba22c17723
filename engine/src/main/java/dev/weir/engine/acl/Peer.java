package dev.weir.engine.acl;

/**
 * An address with a port that is overwritten for each packet: what a {@link dev.weir.engine.query.Query} carries, so that no object is made per
 * packet. Belongs to its query and so to the thread that has the query.
 */
public final class Peer {
    private int family = 4;
    private long hi;
    private long lo;
    private int port;
    private int scope;

    public void set(int newFamily, long newHi, long newLo, int newPort, int newScope) {
        family = newFamily;
        hi = newHi;
        lo = newLo;
        port = newPort;
        scope = newScope;
    }

    public void set(Peer other) {
        set(other.family, other.hi, other.lo, other.port, other.scope);
    }

    public void set(Endpoint endpoint) {
        set(
                endpoint.ip().family(),
                endpoint.ip().hi(),
                endpoint.ip().lo(),
                endpoint.port(),
                endpoint.ip().scope());
    }

    /** 4 or 6. */
    public int family() {
        return family;
    }

    /** High 64 bits of an IPv6 address; 0 for IPv4. */
    public long hi() {
        return hi;
    }

    /** Low 64 bits of an IPv6 address, or an IPv4 address in the low 32 bits. */
    public long lo() {
        return lo;
    }

    public int port() {
        return port;
    }

    public int scope() {
        return scope;
    }

    public IpAddress ip() {
        return new IpAddress(family, hi, lo, scope);
    }

    public Endpoint toEndpoint() {
        return new Endpoint(ip(), port);
    }

    @Override
    public String toString() {
        return toEndpoint().toString();
    }
}
