package dev.weir.engine.cache;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * One independently locked part of the cache: entries behind a table of keys and handles. Of queries with the same key only one has an
 * entry.
 *
 * <p>The table is open, with linear probing, at most 7/8 full, and doubles by itself: a lookup that finds nothing, and growth, touch no
 * entry. Removal closes the gap by moving later slots up (Knuth, The Art of Computer Programming 6.4, algorithm R), so no slot is ever
 * marked as deleted.
 *
 * <pre>
 *   slot   key &lt;&lt; 32 | handle, or -1
 * </pre>
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
    private static final long EMPTY = -1;
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
    private long[] slots = new long[16];
    private volatile int entries;

    private long hits;
    private long misses;
    private long lookupCollisions;
    private long insertCollisions;

    CacheShard(int capacity, PageSource pages) {
        this.capacity = capacity;
        this.slabs = new Slabs(pages);
        Arrays.fill(slots, EMPTY);
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
        int slot = find(key);
        if (slot == NONE) {
            return ABSENT;
        }
        int handle = (int) slots[slot];
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
        int slot = find(key);
        if (slot == NONE) {
            return add(size, key, identity, answer, length, nameLength, nowSeconds, validUntilSeconds);
        }
        int old = (int) slots[slot];
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
            CacheEntry.write(page, at, identity, answer, length, nameLength, nowSeconds, validUntilSeconds);
            return Insertion.STORED;
        }
        remove(slot);
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
        CacheEntry.write(page, at, identity, answer, length, nameLength, nowSeconds, validUntilSeconds);
        if (entries >= slots.length - (slots.length >> 3)) {
            grow();
        }
        place(key, handle);
        setEntries(entries + 1);
        return Insertion.STORED;
    }

    /** Only the lock's holder writes. */
    private void setEntries(int count) {
        entries = count;
    }

    private int home(int key) {
        // All keys of a shard leave the same remainder: the multiplication spreads them over the table again (Knuth,
        // 6.4).
        return (key * 0x9e3779b9) >>> Integer.numberOfLeadingZeros(slots.length) + 1;
    }

    /** The slot of a key, or {@link #NONE}. */
    private int find(int key) {
        int mask = slots.length - 1;
        for (int slot = home(key); ; slot = slot + 1 & mask) {
            long value = slots[slot];
            if (value == EMPTY) {
                return NONE;
            }
            if ((int) (value >>> 32) == key) {
                return slot;
            }
        }
    }

    private void place(int key, int handle) {
        int mask = slots.length - 1;
        int slot = home(key);
        while (slots[slot] != EMPTY) {
            slot = slot + 1 & mask;
        }
        slots[slot] = (long) key << 32 | handle;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length << 1];
        Arrays.fill(slots, EMPTY);
        for (long value : old) {
            if (value != EMPTY) {
                place((int) (value >>> 32), (int) value);
            }
        }
    }

    private void remove(int slot) {
        slabs.free((int) slots[slot]);
        int mask = slots.length - 1;
        int gap = slot;
        for (int other = slot + 1 & mask; slots[other] != EMPTY; other = other + 1 & mask) {
            int home = home((int) (slots[other] >>> 32));
            if ((other - home & mask) >= (other - gap & mask)) {
                slots[gap] = slots[other];
                gap = other;
            }
        }
        slots[gap] = EMPTY;
        setEntries(entries - 1);
    }

    /** Says something about an entry, for the control plane. */
    @FunctionalInterface
    interface EntryTest {
        boolean test(int key, MemorySegment page, int at);
    }

    /** Removes entries that pass the test, as long as more than {@code keep} are left. Returns how many went. */
    int removeIf(EntryTest test, int keep) {
        int removed = 0;
        for (int slot = 0; slot < slots.length && entries > keep; ) {
            // A removal may move a later entry here; one that moves from the table's start to its end is only tested
            // twice.
            if (slots[slot] != EMPTY && test(test, slots[slot])) {
                remove(slot);
                removed++;
            } else {
                slot++;
            }
        }
        return removed;
    }

    /** Shows every entry to the test; its results do not matter. */
    void forEach(EntryTest visitor) {
        for (long value : slots) {
            if (value != EMPTY) {
                test(visitor, value);
            }
        }
    }

    private boolean test(EntryTest test, long value) {
        int handle = (int) value;
        return test.test((int) (value >>> 32), slabs.page(handle), slabs.offset(handle));
    }

    /** Octets taken from the system for entries and table. */
    long reservedBytes() {
        return slabs.reservedBytes() + 8L * slots.length;
    }

    /** The counters kept under the lock: hits, misses, lookup collisions, insert collisions. */
    void addCounters(long[] sums) {
        sums[0] += hits;
        sums[1] += misses;
        sums[2] += lookupCollisions;
        sums[3] += insertCollisions;
    }
}
