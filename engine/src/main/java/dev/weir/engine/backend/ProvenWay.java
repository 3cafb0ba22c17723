package dev.weir.engine.backend;

import dev.weir.engine.acl.IpAddress;

/**
 * The latest way to a backend that is known to work: that of a health check which was answered. What transports hold open for longer is
 * measured by it.
 *
 * @param local this host's address, as the kernel chose it for the check
 * @param sentNanos when the check was sent, on the clock of {@link System#nanoTime}
 */
public record ProvenWay(IpAddress local, long sentNanos) {
    /** Whether this host was the same address as seen by the backend; zones are left out, since not every source knows them. */
    public boolean startsAt(IpAddress other) {
        return local.family() == other.family() && local.hi() == other.hi() && local.lo() == other.lo();
    }
}
