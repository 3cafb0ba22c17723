package dev.weir.engine.cache;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * One independently locked part of the cache: chains of entries behind a table of handles that doubles when it has as many entries as
 * buckets. Of queries with the same key only one has an entry.
 *
 * <p>The lock is one word, taken by compare-and-set; it is held for the time of one copy, or of one walk by the control plane. All other
 * members are for its holder.
 */
final class CacheShard {
    /** What {@link #read} returns instead of an answer. */
    static final long ABSENT = -1;

    static final long OTHER_IDENTITY = -2;

    /** Bit in {@link #read}'s result: the entry's time is over. */
    static final long STALE = 1L << 16;
    /** The entry's age in seconds stands above this bit in {@link #read}'s result, the answer's length below {@link #STALE}. */
    static final int AGE_SHIFT = 17;

    /** About a microsecond: longer than another thread's lookup, shorter than a walk. */
    private static final int SPINS = 64;

    private static final long WAIT_NANOS = 20_000;

    private static final int NONE = Slabs.NONE;
    private static final VarHandle LOCKED;

    static {
        try {
            LOCKED = MethodHandles.lookup().findVarHandle(CacheShard.class, "locked", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @SuppressWarnings("UnusedVariable") // through LOCKED
    private volatile int locked;

    private final int capacity;
    private final Slabs slabs;
    private int[] buckets = new int[16];
    private volatile int entries;

    private long hits;
    private long misses;
    private long lookupCollisions;
    private long insertCollisions;

    CacheShard(int capacity, Arena arena) {
        this.capacity = capacity;
        this.slabs = new Slabs(arena);
        Arrays.fill(buckets, NONE);
    }

    /** Takes the lock if it becomes free within about a microsecond. */
    boolean tryLock() {
        for (int spin = 0; spin < SPINS; spin++) {
            if (locked == 0 && LOCKED.compareAndSet(this, 0, 1)) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    void lock() {
        while (!tryLock()) {
            LockSupport.parkNanos(WAIT_NANOS);
        }
    }

    void unlock() {
        LOCKED.setRelease(this, 0);
    }

    /** Entries held; may be read without the lock. */
    int entries() {
        return entries;
    }

    /**
     * Copies the answer for a query into {@code answer}, all but ID and name. Returns its length, {@link #STALE} and age, or
     * {@link #ABSENT} or {@link #OTHER_IDENTITY}.
     *
     * @param staleSeconds how long after its time an entry may still be used
     * @param refused header flags that make an answer unusable
     */
    long read(
            int key,
            CacheIdentity identity,
            byte[] query,
            int nameLength,
            long nowSeconds,
            int staleSeconds,
            int refused,
            byte[] answer) {
        int handle = find(key);
        if (handle == NONE) {
            return ABSENT;
        }
        MemorySegment page = slabs.page(handle);
        int at = slabs.offset(handle);
        long validUntil = CacheEntry.validUntilSeconds(page, at);
        boolean stale = nowSeconds >= validUntil;
        if (stale && nowSeconds >= validUntil + staleSeconds) {
            return ABSENT;
        }
        if (!CacheEntry.answers(page, at, identity, query, nameLength)) {
            return OTHER_IDENTITY;
        }
        int length = CacheEntry.answerLength(page, at);
        if (length > answer.length || (CacheEntry.answerFlags(page, at) & refused) != 0) {
            return ABSENT;
        }
        CacheEntry.readBesideName(page, at, answer);
        long age = Math.max(0, nowSeconds - CacheEntry.addedSeconds(page, at));
        return length | (stale ? STALE : 0) | age << AGE_SHIFT;
    }

    void countHit() {
        hits++;
    }

    void countMiss() {
        misses++;
    }

    void countLookupCollision() {
        lookupCollisions++;
    }

    /** Stores an answer, or says why not. */
    Insertion write(
            int key,
            CacheIdentity identity,
            byte[] answer,
            int length,
            int nameLength,
            long nowSeconds,
            long validUntilSeconds) {
        int size = CacheEntry.size(length, identity.traits());
        int old = find(key);
        if (old == NONE) {
            return add(size, key, identity, answer, length, nameLength, nowSeconds, validUntilSeconds);
        }
        MemorySegment page = slabs.page(old);
        int at = slabs.offset(old);
        long oldValidUntil = CacheEntry.validUntilSeconds(page, at);
        if (!CacheEntry.answers(page, at, identity, answer, nameLength)) {
            if (nowSeconds < oldValidUntil) {
                insertCollisions++;
                return Insertion.COLLISION;
            }
        } else if (validUntilSeconds <= oldValidUntil) {
            return Insertion.KEPT;
        }
        if (slabs.capacity(old) == Slabs.blockSize(size)) {
            CacheEntry.write(page, at, key, identity, answer, length, nameLength, nowSeconds, validUntilSeconds);
            return Insertion.STORED;
        }
        remove(old);
        return add(size, key, identity, answer, length, nameLength, nowSeconds, validUntilSeconds);
    }

    private Insertion add(
            int size,
            int key,
            CacheIdentity identity,
            byte[] answer,
            int length,
            int nameLength,
            long nowSeconds,
            long validUntilSeconds) {
        int handle = entries < capacity ? slabs.allocate(size) : NONE;
        if (handle == NONE) {
            return Insertion.FULL;
        }
        MemorySegment page = slabs.page(handle);
        int at = slabs.offset(handle);
        CacheEntry.write(page, at, key, identity, answer, length, nameLength, nowSeconds, validUntilSeconds);
        if (entries == buckets.length) {
            grow();
        }
        int bucket = bucket(key);
        CacheEntry.setNext(page, at, buckets[bucket]);
        buckets[bucket] = handle;
        setEntries(entries + 1);
        return Insertion.STORED;
    }

    /** Only the lock's holder writes. */
    private void setEntries(int count) {
        entries = count;
    }

    private int bucket(int key) {
        // All keys of a shard leave the same remainder: the multiplication spreads them over the table again (Knuth,
        // 6.4).
        return (key * 0x9e3779b9) >>> Integer.numberOfLeadingZeros(buckets.length) + 1;
    }

    private int find(int key) {
        int handle = buckets[bucket(key)];
        while (handle != NONE) {
            MemorySegment page = slabs.page(handle);
            int at = slabs.offset(handle);
            if (CacheEntry.key(page, at) == key) {
                return handle;
            }
            handle = CacheEntry.next(page, at);
        }
        return NONE;
    }

    private void grow() {
        int[] old = buckets;
        buckets = new int[old.length << 1];
        Arrays.fill(buckets, NONE);
        for (int head : old) {
            for (int handle = head; handle != NONE; ) {
                MemorySegment page = slabs.page(handle);
                int at = slabs.offset(handle);
                int next = CacheEntry.next(page, at);
                int bucket = bucket(CacheEntry.key(page, at));
                CacheEntry.setNext(page, at, buckets[bucket]);
                buckets[bucket] = handle;
                handle = next;
            }
        }
    }

    private void remove(int handle) {
        MemorySegment page = slabs.page(handle);
        int at = slabs.offset(handle);
        int bucket = bucket(CacheEntry.key(page, at));
        int next = CacheEntry.next(page, at);
        int previous = NONE;
        for (int other = buckets[bucket]; other != handle; ) {
            previous = other;
            other = CacheEntry.next(slabs.page(other), slabs.offset(other));
        }
        if (previous == NONE) {
            buckets[bucket] = next;
        } else {
            CacheEntry.setNext(slabs.page(previous), slabs.offset(previous), next);
        }
        slabs.free(handle);
        setEntries(entries - 1);
    }

    /** Says something about an entry, for the control plane. */
    @FunctionalInterface
    interface EntryTest {
        boolean test(MemorySegment page, int at);
    }

    /** Removes entries that pass the test, as long as more than {@code keep} are left. Returns how many went. */
    int removeIf(EntryTest test, int keep) {
        int removed = 0;
        for (int bucket = 0; bucket < buckets.length && entries > keep; bucket++) {
            int handle = buckets[bucket];
            while (handle != NONE && entries > keep) {
                int next = CacheEntry.next(slabs.page(handle), slabs.offset(handle));
                if (test.test(slabs.page(handle), slabs.offset(handle))) {
                    remove(handle);
                    removed++;
                }
                handle = next;
            }
        }
        return removed;
    }

    /** Shows every entry to the test; its results do not matter. */
    void forEach(EntryTest visitor) {
        for (int head : buckets) {
            for (int handle = head; handle != NONE; ) {
                MemorySegment page = slabs.page(handle);
                int at = slabs.offset(handle);
                visitor.test(page, at);
                handle = CacheEntry.next(page, at);
            }
        }
    }

    /** Octets taken from the system for entries and table. */
    long reservedBytes() {
        return slabs.reservedBytes() + 4L * buckets.length;
    }

    /** The counters kept under the lock: hits, misses, lookup collisions, insert collisions. */
    void addCounters(long[] sums) {
        sums[0] += hits;
        sums[1] += misses;
        sums[2] += lookupCollisions;
        sums[3] += insertCollisions;
    }
}
