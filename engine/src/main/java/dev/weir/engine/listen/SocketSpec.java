package dev.weir.engine.listen;

import dev.weir.engine.acl.Endpoint;
import java.util.List;

/**
 * What every listener's socket needs, whatever is spoken there; pure description.
 *
 * @param reusePort whether other sockets may be bound to the same address, and share what comes
 * @param networkInterface interface to bind to; empty for any
 * @param cpus processors that the listener's threads stay on; empty for any
 * @param proxyProtocol whether peers in {@code setProxyProtocolACL} must send a PROXY header here
 */
public record SocketSpec(
        Endpoint address, boolean reusePort, String networkInterface, List<Integer> cpus, boolean proxyProtocol) {

    public SocketSpec {
        cpus = List.copyOf(cpus);
    }

    /** The same at an address that it shares with other sockets. */
    SocketSpec sharing() {
        return new SocketSpec(address, true, networkInterface, cpus, proxyProtocol);
    }

    /** All options at their defaults. */
    public static SocketSpec of(Endpoint address) {
        return new SocketSpec(address, false, "", List.of(), true);
    }
}
