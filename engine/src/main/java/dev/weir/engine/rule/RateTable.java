package dev.weir.engine.rule;

import dev.weir.engine.acl.IpAddress;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket for each client network ({@code MaxQPSIPRule}). Any thread.
 *
 * <p>Buckets that nobody has used for the expiration time go away: every {@code cleanupDelay} seconds one query looks at one in
 * {@code scanFraction} of the networks, so that the cost of cleaning is spread.
 */
public final class RateTable {
    private record Network(long hi, long lo) {}

    private static final class Entry {
        final TokenBucket bucket;
        volatile long usedNanos;

        Entry(TokenBucket bucket, long nowNanos) {
            this.bucket = bucket;
            this.usedNanos = nowNanos;
        }
    }

    private final long qps;
    private final long burst;
    private final int v4Prefix;
    private final int v6Prefix;
    private final long expirationNanos;
    private final long cleanupNanos;
    private final int scanFraction;
    private final Map<Network, Entry> networks = new ConcurrentHashMap<>();
    private final AtomicLong lastCleanupNanos;
    private Iterator<Entry> scan = networks.values().iterator();

    /**
     * @param burst 0: as {@code qps}
     * @param expirationSeconds how long an unused network is remembered
     * @param cleanupSeconds how often old ones are looked for
     * @param scanFraction one in so many networks is looked at each time
     */
    public RateTable(
            long qps,
            int v4Prefix,
            int v6Prefix,
            long burst,
            long expirationSeconds,
            long cleanupSeconds,
            int scanFraction,
            long nowNanos) {
        this.qps = qps;
        this.burst = burst == 0 ? qps : burst;
        this.v4Prefix = v4Prefix;
        this.v6Prefix = v6Prefix;
        this.expirationNanos = expirationSeconds * 1_000_000_000L;
        this.cleanupNanos = cleanupSeconds * 1_000_000_000L;
        this.scanFraction = Math.max(1, scanFraction);
        this.lastCleanupNanos = new AtomicLong(nowNanos);
    }

    /** Counts a query of this client: whether its network is over its rate. */
    public boolean exceeds(int family, long hi, long lo, long nowNanos) {
        cleanUp(nowNanos);
        // IPv4 networks are kept as mapped addresses (RFC 4291 2.5.5.2): no IPv6 client has one of those.
        Network network = family == 4
                ? new Network(0, 0xffff_0000_0000L | lo & IpAddress.maskLo4(v4Prefix))
                : new Network(hi & IpAddress.maskHi6(v6Prefix), lo & IpAddress.maskLo6(v6Prefix));
        Entry entry = networks.get(network);
        if (entry == null) {
            entry = networks.computeIfAbsent(network, n -> new Entry(new TokenBucket(qps, burst, nowNanos), nowNanos));
        }
        entry.usedNanos = nowNanos;
        return !entry.bucket.take(nowNanos);
    }

    private void cleanUp(long nowNanos) {
        long last = lastCleanupNanos.get();
        if (nowNanos - last < cleanupNanos || !lastCleanupNanos.compareAndSet(last, nowNanos)) {
            return;
        }
        synchronized (networks) {
            for (int toSee = networks.size() / scanFraction + 1; toSee > 0; toSee--) {
                if (!scan.hasNext()) {
                    scan = networks.values().iterator();
                    if (!scan.hasNext()) {
                        return;
                    }
                }
                if (nowNanos - scan.next().usedNanos > expirationNanos) {
                    scan.remove();
                }
            }
        }
    }

    /** Networks remembered now. */
    public int size() {
        return networks.size();
    }

    String text() {
        return "IP (/" + v4Prefix + ", /" + v6Prefix + ") match for QPS over " + qps + " burst " + burst;
    }
}
