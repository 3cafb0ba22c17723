package dev.weir.engine.acl;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Addresses that are in the set for some time ({@code TimedIPSetRule}). Who adds them is mostly the operator's code on behalf of clients, whose addresses may
 * be forged: there are never more than {@value #MOST}. Any thread.
 */
public final class TimedAddresses {
    /** Addresses remembered at the same time: about 30 MB. */
    public static final int MOST = 1 << 18;

    private final Map<IpAddress, Long> until = new ConcurrentHashMap<>();

    /**
     * Has an address in the set for so long; one that is there for longer stays so.
     *
     * @return false if there is no room
     */
    public boolean add(IpAddress address, long seconds, long nowNanos) {
        if (until.size() >= MOST && !until.containsKey(address)) {
            cleanUp(nowNanos);
            if (until.size() >= MOST) {
                return false;
            }
        }
        long end = nowNanos + TimeUnit.SECONDS.toNanos(seconds);
        until.merge(address, end, (old, fresh) -> fresh - old > 0 ? fresh : old);
        return true;
    }

    /** Whether it is in the set now. */
    public boolean contains(IpAddress address, long nowNanos) {
        if (until.isEmpty()) {
            return false;
        }
        Long end = until.get(address);
        return end != null && end - nowNanos > 0;
    }

    /** Forgets those whose time is over. */
    public void cleanUp(long nowNanos) {
        until.values().removeIf(end -> end - nowNanos <= 0);
    }

    /** Forgets all. */
    public void clear() {
        until.clear();
    }

    /** How many are remembered, those among them whose time is over. */
    public int size() {
        return until.size();
    }
}
