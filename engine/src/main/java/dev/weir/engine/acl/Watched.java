package dev.weir.engine.acl;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A set that its owner may change while tables made from it are in use.
 *
 * <p>Whoever copies a set's members into tables calls {@link Revision#watch} under the set's lock, and compares {@link #revision} later.
 * So that this need not be done for each set and query, the first change of a watched set moves {@link #changes}: as long as that number
 * stands still, all copies are good. Changes of sets that nobody copied leave it alone.
 */
public interface Watched {
    /** Counts the changes of this set; any thread. */
    int revision();

    /** Counts first changes of all watched sets of the process; any thread. */
    static int changes() {
        return Revision.CHANGES.get();
    }

    /** What a set keeps for its watchers. All calls but {@link #current} under the set's lock. */
    final class Revision {
        private static final AtomicInteger CHANGES = new AtomicInteger();

        private volatile int current;
        private boolean watched;

        /** Asks to hear of the next change; returns the revision that the members have now. */
        public int watch() {
            watched = true;
            return current;
        }

        /** To be called after the members have changed. */
        @SuppressWarnings("NonAtomicVolatileUpdate") // writers hold the set's lock
        public void changed() {
            current++;
            if (watched) {
                watched = false;
                CHANGES.incrementAndGet();
            }
        }

        public int current() {
            return current;
        }
    }
}
