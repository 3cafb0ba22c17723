package dev.weir.engine.kernel;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import java.util.HashMap;
import java.util.Map;

/** Blocks of single addresses that end, in a filter: {@code newDynBPFFilter}. Any thread. */
public final class DynamicFilter {
    private final KernelFilter filter;
    private final NetmaskGroup excluded = new NetmaskGroup();
    private final Map<IpAddress, Long> ends = new HashMap<>();

    public DynamicFilter(KernelFilter filter) {
        this.filter = filter;
    }

    public KernelFilter filter() {
        return filter;
    }

    /** Addresses of this network are never blocked, unless a smaller network is included again. */
    public void exclude(Netmask range) {
        excluded.add(Netmask.of(range.ip(), range.prefix()));
    }

    /** Addresses of this network may be blocked, unless a smaller network is excluded. */
    public void include(Netmask range) {
        excluded.add(new Netmask(range.ip(), range.prefix(), true));
    }

    /**
     * Drops what an address sends until the end. A block that ends later stays as it is; an address that is blocked for good does, too.
     *
     * @param endNanos by {@link System#nanoTime}
     * @return whether this is a new block
     */
    public synchronized boolean block(IpAddress address, long endNanos, long nowNanos) throws KernelException {
        if (excluded.match(address)) {
            return false;
        }
        Long known = ends.get(address);
        if (known != null && known - nowNanos > 0 && known - endNanos >= 0) {
            return false;
        }
        try {
            filter.block(address, MatchAction.DROP, endNanos);
        } catch (KernelException e) {
            if (e.reason() == KernelException.Reason.DUPLICATE) {
                return false;
            }
            throw e;
        }
        ends.put(address, endNanos);
        return known == null || known - nowNanos <= 0;
    }

    /** Forgets the blocks that have ended, and has the filter lift them. */
    public synchronized void purge(long nowNanos) throws KernelException {
        ends.values().removeIf(end -> end - nowNanos <= 0);
        filter.purge(nowNanos);
    }

    /** The blocks in force and their ends, by {@link System#nanoTime}. */
    public synchronized Map<IpAddress, Long> blocks() {
        return Map.copyOf(ends);
    }
}
