package dev.weir.net.udp;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;

/** Addresses of the engine as the kernel's room writes them, and back. */
public final class SocketAddresses {
    private SocketAddresses() {}

    /** The endpoint in the form that sockets take. */
    public static dev.weir.sys.InetEndpoint toSocket(Endpoint endpoint) {
        return toSocket(endpoint.ip(), endpoint.port());
    }

    /** The address and port in the form that sockets take. */
    public static dev.weir.sys.InetEndpoint toSocket(IpAddress ip, int port) {
        return new dev.weir.sys.InetEndpoint(ip.family(), ip.hi(), ip.lo(), port, ip.scope());
    }

    /** The endpoint in the engine's form. */
    public static Endpoint fromSocket(dev.weir.sys.InetEndpoint endpoint) {
        return new Endpoint(
                new IpAddress(endpoint.family(), endpoint.hi(), endpoint.lo(), endpoint.scopeId()), endpoint.port());
    }
}
