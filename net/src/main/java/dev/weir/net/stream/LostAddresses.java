package dev.weir.net.stream;

import dev.weir.engine.acl.IpAddress;
import dev.weir.net.udp.SocketAddresses;
import dev.weir.sys.LocalAddress;
import java.util.HashMap;
import java.util.Map;

/** Addresses that connections began at and that this host does not have any more; each is asked about once, so this is for one look round. */
final class LostAddresses {
    private final Map<IpAddress, Boolean> known = new HashMap<>();

    boolean contains(IpAddress address) {
        return known.computeIfAbsent(address, a -> LocalAddress.isGone(SocketAddresses.toSocket(a, 0)));
    }
}
