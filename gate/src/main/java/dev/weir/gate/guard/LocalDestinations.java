package dev.weir.gate.guard;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.sys.LocalDestination;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.SyscallException;
import java.util.ArrayList;
import java.util.List;

/** Where packets go that end on this host: what its routing table says, and multicast and broadcast, which sockets may get as well. */
final class LocalDestinations {
    /** Not in the table of IPv4; IPv6 has its own there. */
    private static final List<Netmask> EVERYBODY =
            List.of(Netmask.parse("224.0.0.0/4"), Netmask.parse("255.255.255.255/32"));

    private LocalDestinations() {}

    /** Returns those of the thread's network namespace. */
    static List<Netmask> here() throws SyscallException {
        List<Netmask> found = new ArrayList<>(EVERYBODY);
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            for (LocalDestination local : netlink.localDestinations()) {
                found.add(Netmask.of(IpAddress.of(local.address().getAddress()), local.prefixBits()));
            }
        }
        return found;
    }
}
