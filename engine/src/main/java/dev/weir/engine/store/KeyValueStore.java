package dev.weir.engine.store;

import org.jspecify.annotations.Nullable;

/** Values by keys, from a file that others write. Any thread; nobody waits but for the disk. A broken file finds nothing. */
public interface KeyValueStore {
    /** The value of a key, or null. */
    byte @Nullable [] lookup(byte[] key);

    /**
     * The value of the range that a key lies in: the first entry whose key, the range's last one, is not below it, if the range's first one, with which its value
     * begins, is not above it. Null if there is none, or the store has no order.
     */
    byte @Nullable [] lookupRange(byte[] key);

    /** Opens the file anew; false if that fails, and what was known stays. */
    boolean reload();
}
