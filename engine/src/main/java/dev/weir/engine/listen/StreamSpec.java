package dev.weir.engine.listen;

import org.jspecify.annotations.Nullable;

/**
 * What a listener that takes connections needs besides its socket; pure description.
 *
 * @param queueSize connections the kernel queues; 0 for its maximum
 * @param fastOpenQueueSize half-open connections with data in their SYN (RFC 7413); 0 for none
 * @param fastOpenKey what cookies for those are made of; null for the host's key
 * @param maxInFlight queries of one connection worked on at a time; 0 and 1 mean one after the other
 * @param maxConcurrentConnections 0 for no limit
 */
public record StreamSpec(
        int queueSize,
        int fastOpenQueueSize,
        @Nullable FastOpenKey fastOpenKey,
        int maxInFlight,
        int maxConcurrentConnections) {
    /** All options at their defaults. */
    public static final StreamSpec DEFAULT = new StreamSpec(0, 0, 0, 0);

    public StreamSpec(int queueSize, int fastOpenQueueSize, int maxInFlight, int maxConcurrentConnections) {
        this(queueSize, fastOpenQueueSize, null, maxInFlight, maxConcurrentConnections);
    }

    /** The same with a key, if it is of use to it. */
    StreamSpec with(FastOpenKey key) {
        return fastOpenQueueSize == 0
                ? this
                : new StreamSpec(queueSize, fastOpenQueueSize, key, maxInFlight, maxConcurrentConnections);
    }
}
