package dev.weir.engine.listen;

import dev.weir.engine.acl.Endpoint;
import java.util.List;

/**
 * Where and how to listen for plain DNS ({@code setLocal}, {@code addLocal}); pure description.
 *
 * @param tcp whether to listen over TCP besides UDP
 * @param networkInterface interface to bind to; empty for any
 * @param cpus processors that the listener's threads stay on; empty for any
 * @param tcpListenQueueSize connections the kernel queues; 0 for its maximum
 * @param maxInFlight queries of one connection worked on at a time; 0 and 1 mean one after the other
 * @param maxConcurrentTcpConnections 0 for no limit
 */
public record ListenSpec(
        Endpoint address,
        boolean tcp,
        boolean reusePort,
        int tcpFastOpenQueueSize,
        String networkInterface,
        List<Integer> cpus,
        int tcpListenQueueSize,
        int maxInFlight,
        int maxConcurrentTcpConnections,
        boolean enableProxyProtocol) {

    public ListenSpec {
        cpus = List.copyOf(cpus);
    }

    /** All options at their defaults. */
    public static ListenSpec of(Endpoint address) {
        return new ListenSpec(address, true, false, 0, "", List.of(), 0, 0, 0, true);
    }
}
