package dev.weir.engine.acl;

import org.jspecify.annotations.Nullable;

/** Which hardware address a neighbour on the same network has. Implemented by who may ask the kernel. Any thread. */
@FunctionalInterface
public interface LinkAddresses {
    /** Nobody is known. */
    LinkAddresses NONE = address -> null;

    /** Six octets on Ethernet; null if the address is no neighbour's, or not known yet. Not to be changed. */
    byte @Nullable [] of(IpAddress address);
}
