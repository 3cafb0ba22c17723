package dev.weir.net.stream;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Peer;
import io.netty.channel.Channel;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Between the JDK's socket addresses and ours. */
final class Peers {
    private Peers() {}

    static Peer of(InetSocketAddress address) {
        IpAddress ip = IpAddress.of(address.getAddress().getAddress());
        int scope = address.getAddress() instanceof Inet6Address six ? six.getScopeId() : 0;
        Peer peer = new Peer();
        peer.set(ip.family(), ip.hi(), ip.lo(), address.getPort(), scope);
        return peer;
    }

    static Endpoint endpoint(InetSocketAddress address) {
        return new Endpoint(IpAddress.of(address.getAddress().getAddress()), address.getPort());
    }

    /** This host's address of a connection; null if it is not connected any more. */
    static @Nullable IpAddress localAddress(Channel channel) {
        return channel.localAddress() instanceof InetSocketAddress local
                ? IpAddress.of(local.getAddress().getAddress())
                : null;
    }
}
