package dev.weir.engine.cache;

import dev.weir.wire.Header;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * One independently locked part of the cache: entries behind a table of keys' upper halves and handles. Of queries whose keys agree in that
 * half only one has an entry; the lower half stands in the entry.
 *
 * <p>The table is open, with linear probing, at most 7/8 full, and doubles by itself: a lookup that finds nothing, and growth, touch no
 * entry. Removal closes the gap by moving later slots up (Knuth, The Art of Computer Programming 6.4, algorithm R), so no slot is ever
 * marked as deleted.
 *
 * <pre>
 *   slot   key &amp; ~0xffffffff | handle, or -1
 * </pre>
 *
 * <p>The lock is one word, taken by compare-and-set; it is held for the time of one copy, or of one walk by the control plane. All other
 * members but {@link #lookUp} are for its holder.
 *
 * <p>A look-up takes no lock and writes nothing that others read, so that any number of threads find entries of one shard without waiting
 * for each other's cache lines. The lock's word is a sequence lock (as in Linux, seqlock.h): odd while somebody holds it, and another
 * number each time he lets go. What was read counts only if the word is even and the same before and after. In between a reader may see
 * anything: half an entry, another entry's block, a table that is just being replaced. So it goes by what it has copied once, checks
 * every position and length before use, and never goes around the table twice; memory outside the heap stays mapped as long as the cache
 * is reachable. Who is disturbed too often takes the lock.
 */
final class CacheShard {
    /** What {@link #read} returns instead of an answer. */
    static final long ABSENT = -1;

    static final long OTHER_IDENTITY = -2;

    /** The lock was not to be had. */
    static final long LOCKED = -3;

    /** Bit in {@link #read}'s result: the entry's time is over. */
    static final long STALE = 1L << 16;
    /** The entry's age in seconds stands above this bit in {@link #read}'s result, the answer's length below {@link #STALE}. */
    static final int AGE_SHIFT = 17;

    /** About a microsecond: longer than another thread's lookup, shorter than a walk. */
    private static final int SPINS = 64;

    /** Optimistic reads before the lock is asked for. */
    private static final int TRIES = 4;

    private static final long WAIT_NANOS = 20_000;

    /** Words on either side of those that change with each insertion: cache lines that neighbours in the heap don't share. */
    private static final int PAD = 16;

    private static final int SEQUENCE = PAD;
    private static final int ENTRIES = PAD + 1;

    private static final int NONE = Slabs.NONE;
    private static final long EMPTY = -1;
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    /** The lock, and how many entries there are. */
    private final long[] words = new long[2 * PAD + 2];

    private final int capacity;
    private final Slabs slabs;
    private long[] slots = new long[16];

    private long insertCollisions;

    CacheShard(int capacity, PageSource pages) {
        this.capacity = capacity;
        this.slabs = new Slabs(pages);
        Arrays.fill(slots, EMPTY);
    }

    /** Takes the lock if it becomes free within about a microsecond. */
    boolean tryLock() {
        for (int spin = 0; spin < SPINS; spin++) {
            long sequence = (long) WORDS.getOpaque(words, SEQUENCE);
            if ((sequence & 1) == 0 && WORDS.compareAndSet(words, SEQUENCE, sequence, sequence + 1)) {
                VarHandle.storeStoreFence(); // readers must see the lock taken before anything that its holder writes
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
        WORDS.setRelease(words, SEQUENCE, words[SEQUENCE] + 1);
    }

    /** Entries held; may be read without the lock. */
    int entries() {
        return (int) (long) WORDS.getOpaque(words, ENTRIES);
    }

    /** Only the lock's holder writes. */
    private void setEntries(int count) {
        WORDS.setOpaque(words, ENTRIES, (long) count);
    }

    /**
     * {@link #read} for any thread, without the lock unless others write here all the time or the answer goes into the query's own array;
     * what {@code answer} has afterwards is undefined if there is no answer. {@link #LOCKED}: no luck.
     */
    long lookUp(CacheQuery asked, byte[] answer) {
        for (int tries = answer == asked.packet ? 0 : TRIES; tries > 0; tries--) {
            long sequence = awaitUnlocked();
            if (sequence < 0) {
                return LOCKED;
            }
            long found = read(asked, answer);
            VarHandle.loadLoadFence();
            if ((long) WORDS.getOpaque(words, SEQUENCE) == sequence) {
                return found;
            }
        }
        if (!tryLock()) {
            return LOCKED;
        }
        try {
            return read(asked, answer);
        } finally {
            unlock();
        }
    }

    /** The lock's word once nobody holds it, or -1 if somebody does for more than about a microsecond. */
    private long awaitUnlocked() {
        for (int spin = 0; spin < SPINS; spin++) {
            long sequence = (long) WORDS.getAcquire(words, SEQUENCE);
            if ((sequence & 1) == 0) {
                return sequence;
            }
            Thread.onSpinWait();
        }
        return -1;
    }

    /**
     * Copies the answer for a query into {@code answer}, all but ID and name. Returns its length, {@link #STALE} and age, or
     * {@link #ABSENT} or {@link #OTHER_IDENTITY}. Without the lock the result may be any of them.
     */
    private long read(CacheQuery asked, byte[] answer) {
        long[] table = slots;
        int slot = find(table, tableKey(asked.key));
        if (slot == NONE) {
            return ABSENT;
        }
        int handle = (int) table[slot];
        MemorySegment page = slabs.pageOrNull(handle);
        int at = slabs.offset(handle);
        if (page == null || !CacheEntry.hasHead(page, at)) {
            return ABSENT; // somebody is writing
        }
        long validUntil = CacheEntry.validUntilSeconds(page, at);
        boolean stale = asked.nowSeconds >= validUntil;
        if (stale && asked.nowSeconds >= validUntil + asked.staleSeconds) {
            return ABSENT;
        }
        int length = CacheEntry.answerLength(page, at);
        if (!CacheEntry.hasQuestion(page, at, asked.nameLength, length)
                || !CacheEntry.answers(page, at, asked.key, asked.identity, asked.packet, asked.nameLength, length)) {
            return OTHER_IDENTITY;
        }
        int refused = (asked.options & PacketCache.REFUSE_TRUNCATED) != 0 ? Header.TC : 0;
        if (length > answer.length || (CacheEntry.answerFlags(page, at) & refused) != 0) {
            return ABSENT;
        }
        CacheEntry.readBesideName(page, at, asked.nameLength, length, answer);
        long age = Math.max(0, asked.nowSeconds - CacheEntry.addedSeconds(page, at));
        return CacheEntry.messageLength(page, at, length) | (stale ? STALE : 0) | age << AGE_SHIFT;
    }

    /** Stores an answer, or says why not. */
    Insertion write(
            long key,
            CacheIdentity identity,
            byte[] answer,
            int length,
            int nameLength,
            long nowSeconds,
            long validUntilSeconds) {
        int size = CacheEntry.size(length, identity.traits());
        int slot = find(slots, tableKey(key));
        if (slot == NONE) {
            return add(size, key, identity, answer, length, nameLength, nowSeconds, validUntilSeconds);
        }
        int old = (int) slots[slot];
        MemorySegment page = slabs.page(old);
        int at = slabs.offset(old);
        long oldValidUntil = CacheEntry.validUntilSeconds(page, at);
        if (!CacheEntry.answers(page, at, key, identity, answer, nameLength, CacheEntry.answerLength(page, at))) {
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
        remove(slot);
        return add(size, key, identity, answer, length, nameLength, nowSeconds, validUntilSeconds);
    }

    private Insertion add(
            int size,
            long key,
            CacheIdentity identity,
            byte[] answer,
            int length,
            int nameLength,
            long nowSeconds,
            long validUntilSeconds) {
        int entries = entries();
        int handle = entries < capacity ? slabs.allocate(size) : NONE;
        if (handle == NONE) {
            return Insertion.FULL;
        }
        MemorySegment page = slabs.page(handle);
        int at = slabs.offset(handle);
        CacheEntry.write(page, at, key, identity, answer, length, nameLength, nowSeconds, validUntilSeconds);
        if (entries >= slots.length - (slots.length >> 3)) {
            grow();
        }
        place(slots, tableKey(key), handle);
        setEntries(entries + 1);
        return Insertion.STORED;
    }

    /** The half of a key that shards and tables go by. */
    static int tableKey(long key) {
        return (int) (key >>> 32);
    }

    private static int home(long[] table, int key) {
        // All keys of a shard leave the same remainder: the multiplication spreads them over the table again (Knuth,
        // 6.4).
        return (key * 0x9e3779b9) >>> Integer.numberOfLeadingZeros(table.length) + 1;
    }

    /** The slot of a key, or {@link #NONE}; ends even in a table that is being changed. */
    private static int find(long[] table, int key) {
        int mask = table.length - 1;
        int slot = home(table, key);
        for (int left = table.length; left > 0; left--) {
            long value = table[slot];
            if (value == EMPTY) {
                return NONE;
            }
            if ((int) (value >>> 32) == key) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return NONE;
    }

    private static void place(long[] table, int key, int handle) {
        int mask = table.length - 1;
        int slot = home(table, key);
        while (table[slot] != EMPTY) {
            slot = slot + 1 & mask;
        }
        table[slot] = (long) key << 32 | handle;
    }

    private void grow() {
        long[] old = slots;
        long[] table = new long[old.length << 1];
        Arrays.fill(table, EMPTY);
        for (long value : old) {
            if (value != EMPTY) {
                place(table, (int) (value >>> 32), (int) value);
            }
        }
        slots = table;
    }

    private void remove(int slot) {
        slabs.free((int) slots[slot]);
        int mask = slots.length - 1;
        int gap = slot;
        for (int other = slot + 1 & mask; slots[other] != EMPTY; other = other + 1 & mask) {
            int home = home(slots, (int) (slots[other] >>> 32));
            if ((other - home & mask) >= (other - gap & mask)) {
                slots[gap] = slots[other];
                gap = other;
            }
        }
        slots[gap] = EMPTY;
        setEntries(entries() - 1);
    }

    /** Says something about an entry, for the control plane. */
    @FunctionalInterface
    interface EntryTest {
        boolean test(int key, MemorySegment page, int at);
    }

    /** Removes entries that pass the test, as long as more than {@code keep} are left. Returns how many went. */
    int removeIf(EntryTest test, int keep) {
        int removed = 0;
        for (int slot = 0; slot < slots.length && entries() > keep; ) {
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

    /** Answers not stored because another query's answer had their key. */
    long insertCollisions() {
        return insertCollisions;
    }
}
