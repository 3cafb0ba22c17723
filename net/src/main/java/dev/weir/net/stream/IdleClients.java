package dev.weir.net.stream;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One loop's client connections in the order in which they were last active, to a second: the first one is to go when descriptors run short.
 * A connection moves to the end at most once a second, so that a busy one pays with a comparison. Belongs to the loop's thread, but for
 * {@link #longestIdleSince}.
 */
final class IdleClients {
    static final long NOBODY = Long.MAX_VALUE;

    private static final long MOVE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A client that has waited so long for an answer may go as if it were idle. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int LOOK_AT = 1024;

    /** {@link System#nanoTime} has any origin: times are kept as distances from here, never negative. */
    private static final long ORIGIN_NANOS = System.nanoTime();

    /** What stands in the list. */
    interface Client {
        /** Whether nothing but the client itself is waited for, or its own side is closed, as that of one that has gone. */
        boolean isIdle();

        /** Its descriptor is needed for others: closes the connection, which {@linkplain IdleClients#remove leaves} the list. */
        void evict();

        /** If its listener is closed, it ends as soon as it has got what it asked for. */
        void leaveClosedListener();
    }

    /** A connection's place in the list. */
    static final class Place {
        final Client client;
        private long sinceNanos;
        private boolean listed;
        private @Nullable Place longer;
        private @Nullable Place shorter;

        Place(Client client) {
            this.client = client;
        }
    }

    private @Nullable Place longest;
    private @Nullable Place shortest;
    private volatile long longestIdleSince = NOBODY;

    /** When the connection idle longest was active, as a number to compare with other loops'; {@link #NOBODY} without connections. Any thread. */
    long longestIdleSince() {
        return longestIdleSince;
    }

    /** The connection is there and idle, or active again. */
    void active(Place place, long nowNanos) {
        long since = nowNanos - ORIGIN_NANOS;
        if (place.listed && since - place.sinceNanos < MOVE_NANOS) {
            return;
        }
        remove(place);
        place.sinceNanos = since;
        place.listed = true;
        place.longer = shortest;
        if (shortest == null) {
            longest = place;
            longestIdleSince = since;
        } else {
            shortest.shorter = place;
        }
        shortest = place;
    }

    /** The connection is over. */
    void remove(Place place) {
        if (!place.listed) {
            return;
        }
        Place longer = place.longer;
        Place shorter = place.shorter;
        if (longer == null) {
            longest = shorter;
            longestIdleSince = shorter == null ? NOBODY : shorter.sinceNanos;
        } else {
            longer.shorter = shorter;
        }
        if (shorter == null) {
            shortest = longer;
        } else {
            shorter.longer = longer;
        }
        place.longer = null;
        place.shorter = null;
        place.listed = false;
    }

    /** Each client once; it may leave the list. */
    void forEach(Consumer<Client> action) {
        Place next;
        for (Place at = longest; at != null; at = next) {
            next = at.shorter;
            action.accept(at.client);
        }
    }

    /** Closes the connection that has been idle longest; false if none of the first ones is idle. */
    boolean closeLongest(long nowNanos) {
        Place at = longest;
        for (int i = 0; at != null && i < LOOK_AT; i++) {
            boolean patient = nowNanos - ORIGIN_NANOS - at.sinceNanos > PATIENCE_NANOS;
            if (patient || at.client.isIdle()) {
                at.client.evict();
                return true;
            }
            at = at.shorter;
        }
        return false;
    }
}
