package dev.weir.engine.cache;

import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Tally;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Names;
import dev.weir.wire.Octets;
import dev.weir.wire.Question;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import dev.weir.wire.Ttls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Holds whole answers for the time of their smallest TTL, found by a hash of the query.
 *
 * <p><b>Memory.</b> An answer of <i>n</i> octets takes 20 + <i>n</i> octets (16 more with a client subnet) outside the heap, rounded up to a
 * multiple of 16, above 256 octets to the next of eight sizes per doubling; and 9 to 18 octets of heap for the table. A million answers of
 * 100 octets take 128 MB and 10 to 17 MB. Pages of 16 KiB are allocated as entries come, so that an empty cache of any size takes a
 * few kilobytes; pages are never given back, only reused, until the cache is unreachable. {@code -XX:MaxDirectMemorySize} bounds them:
 * beyond it the cache is full.
 *
 * <p><b>Threads.</b> All methods are for any thread. A key belongs to one shard. Lookups lock nothing, unless others write to the shard all
 * the time ({@link CacheShard}). They, and insertions unless the spec says that these wait, give a locked shard about a microsecond and then
 * do without; the control plane's methods lock one shard after the other. Neither a hit nor an insertion makes an object.
 *
 * <p>Time is handed in, as {@link #seconds} counts it.
 */
public final class PacketCache {
    /** Nothing usable is there. */
    public static final int MISS = -1;
    /** Another query's answer has the key; no hit, and counted by itself. */
    public static final int COLLISION = -2;
    /** The shard was locked: to be treated as a miss. */
    public static final int DEFERRED = -3;

    /** Bit beside the length that a lookup returns: the answer's time is over, and its TTLs are the spec's staleTTL. */
    public static final int STALE = 1 << 16;
    /** The answer's length in what a lookup returns. */
    public static final int LENGTH_MASK = 0xffff;

    /** Lookup option: an answer with TC=1 is no hit, as the query can be repeated over TCP. */
    public static final int REFUSE_TRUNCATED = 1;
    /** Lookup option: a miss is not counted, as another lookup follows for the same query. */
    public static final int MISS_NOT_COUNTED = 2;

    private static final int KEPT_FLAGS = Header.RD | Header.CD;

    private final CacheSpec spec;
    // Not final: see continueFrom.
    private CacheKeys keys;
    private CacheShard[] shards;
    private final IntUnaryOperator random;

    private Tally hits = new Tally();
    private Tally misses = new Tally();
    private Tally lookupCollisions = new Tally();
    private Tally deferredInserts = new Tally();
    private Tally deferredLookups = new Tally();
    private Tally ttlTooShorts = new Tally();
    private Tally cleanups = new Tally();

    /**
     * An empty cache.
     *
     * @param secret 64 random bits: outsiders must not be able to make keys collide
     * @param random for shuffling: a number from 0 to its argument, exclusive; for any thread
     */
    public PacketCache(CacheSpec spec, long secret, IntUnaryOperator random) {
        this.spec = spec;
        this.keys = new CacheKeys(spec, secret);
        this.random = random;
        this.shards = new CacheShard[spec.numberOfShards()];
        PageSource pages = new PageSource(Arena.ofAuto());
        for (int i = 0; i < shards.length; i++) {
            shards[i] = new CacheShard(spec.maxEntries() / shards.length, pages);
        }
    }

    public CacheSpec spec() {
        return spec;
    }

    /**
     * Goes on with the contents and counters of another cache of an equal description, which stays usable: both are the same from then on. To be
     * called before any data thread knows this one.
     *
     * @throws IllegalArgumentException if the descriptions differ
     */
    public void continueFrom(PacketCache other) {
        if (!spec.equals(other.spec)) {
            throw new IllegalArgumentException(other + " is another kind of cache");
        }
        keys = other.keys;
        shards = other.shards;
        hits = other.hits;
        misses = other.misses;
        lookupCollisions = other.lookupCollisions;
        deferredInserts = other.deferredInserts;
        deferredLookups = other.deferredLookups;
        ttlTooShorts = other.ttlTooShorts;
        cleanups = other.cleanups;
    }

    /**
     * The key of a query whose question was parsed. Computed from the query as it would go to the backend, client subnet included.
     *
     * @param nameLength octets of the question's name
     * @param overUdp whether the query goes on over UDP
     */
    public long key(byte[] query, int length, int nameLength, boolean overUdp) {
        return keys.key(query, length, nameLength, overUdp);
    }

    /**
     * The time that entries age by: seconds of {@link System#nanoTime}, which begins when the system does. An answer that was stored before
     * the system's clock was set, or set back, is no younger for it.
     */
    public static long seconds(long nowNanos) {
        return Math.floorDiv(nowNanos, 1_000_000_000L);
    }

    private CacheShard shard(long key) {
        return shards[Integer.remainderUnsigned(CacheShard.tableKey(key), shards.length)];
    }

    /**
     * Looks for a query's answer and writes it to {@code answer}, which may be the query's own array: ID and name are the query's, RD and CD
     * the client's, TTLs are reduced by the age, address records shuffled, as the spec says. Returns the answer's length, perhaps with
     * {@link #STALE}; or {@link #MISS}, {@link #COLLISION} or {@link #DEFERRED}, and {@code answer} is the query's own and untouched, or
     * undefined. An answer longer than the array is a miss. Into another array than the query's it is copied without a lock.
     *
     * @param mine the calling thread's
     */
    public int lookup(CacheQuery asked, byte[] answer, StatShard mine) {
        long found = shard(asked.key).lookUp(asked, answer);
        if (found < 0) {
            return notFound(found, asked.options, mine);
        }
        hits.increment(mine);
        int length = (int) found & LENGTH_MASK;
        Octets.putU16(answer, Header.ID, Octets.u16(asked.packet, Header.ID));
        System.arraycopy(asked.packet, Question.OFFSET, answer, Question.OFFSET, asked.nameLength);
        Header.setFlags(answer, Header.flags(answer) & ~KEPT_FLAGS | asked.clientFlags & KEPT_FLAGS);
        boolean stale = (found & CacheShard.STALE) != 0;
        freshen(answer, length, stale, found >>> CacheShard.AGE_SHIFT);
        return stale ? length | STALE : length;
    }

    private int notFound(long found, int options, StatShard mine) {
        if (found == CacheShard.LOCKED) {
            deferredLookups.increment(mine);
            return DEFERRED;
        }
        if (found == CacheShard.OTHER_IDENTITY) {
            lookupCollisions.increment(mine);
            return COLLISION;
        }
        if ((options & MISS_NOT_COUNTED) == 0) {
            misses.increment(mine);
        }
        return MISS;
    }

    private void freshen(byte[] answer, int length, boolean stale, long ageSeconds) {
        if (stale) {
            Ttls.clamp(answer, length, spec.staleTtl(), spec.staleTtl());
        } else if (ageSeconds > 0 && !spec.dontAge()) {
            Ttls.age(answer, length, ageSeconds);
        }
        if (spec.shuffle()) {
            AddressShuffle.shuffle(answer, length, random);
        }
    }

    /**
     * Offers an answer that has the form the client will get, and whose question is that of the query with this key.
     *
     * @param temporaryFailureTtl seconds to keep SERVFAIL and REFUSED, 0 for not at all, -1 for as the spec says
     * @param mine the calling thread's
     */
    public Insertion insert(
            long key,
            CacheIdentity identity,
            byte[] answer,
            int length,
            int temporaryFailureTtl,
            long nowSeconds,
            StatShard mine) {
        return offer(key, identity, answer, length, 1, temporaryFailureTtl, nowSeconds, mine);
    }

    /**
     * {@link #insert} for an answer of a header alone, which counts no question, as backends report errors. The question that it answers
     * stands behind the header here all the same, and in the length.
     */
    public Insertion insertBare(
            long key,
            CacheIdentity identity,
            byte[] answer,
            int length,
            int temporaryFailureTtl,
            long nowSeconds,
            StatShard mine) {
        return offer(key, identity, answer, length, 0, temporaryFailureTtl, nowSeconds, mine);
    }

    private Insertion offer(
            long key,
            CacheIdentity identity,
            byte[] answer,
            int length,
            int questions,
            int temporaryFailureTtl,
            long nowSeconds,
            StatShard mine) {
        if (length < Header.LENGTH || length > spec.maximumEntrySize() || Header.qdcount(answer) != questions) {
            return Insertion.NOT_CACHEABLE;
        }
        int nameEnd = Names.endOfPlain(answer, length, Question.OFFSET);
        if (nameEnd < 0 || nameEnd + 4 > length || isTransfer(Octets.u16(answer, nameEnd))) {
            return Insertion.NOT_CACHEABLE;
        }
        long lifetime = lifetime(answer, length, temporaryFailureTtl);
        if (lifetime < 0) {
            if (lifetime == TOO_SHORT) {
                ttlTooShorts.increment(mine);
                return Insertion.TTL_TOO_SHORT;
            }
            return Insertion.NOT_CACHEABLE;
        }
        CacheShard shard = shard(key);
        if (!shard.tryLock()) {
            if (spec.deferrableInsertLock()) {
                deferredInserts.increment(mine);
                return Insertion.DEFERRED;
            }
            shard.lock();
        }
        try {
            return shard.write(
                    key, identity, answer, length, nameEnd - Question.OFFSET, nowSeconds, nowSeconds + lifetime);
        } finally {
            shard.unlock();
        }
    }

    private static boolean isTransfer(int type) {
        return type == RecordType.AXFR || type == RecordType.IXFR;
    }

    private static final long NO_LIFETIME = -1;
    private static final long TOO_SHORT = -2;

    /** Seconds to keep an answer, or {@link #NO_LIFETIME} or {@link #TOO_SHORT}. The minimum holds for TTLs that came with records only. */
    private long lifetime(byte[] answer, int length, int temporaryFailureTtl) {
        int rcode = Header.rcode(answer);
        if (rcode == Rcode.SERVFAIL || rcode == Rcode.REFUSED) {
            int seconds = temporaryFailureTtl >= 0 ? temporaryFailureTtl : spec.temporaryFailureTtl();
            return seconds > 0 ? seconds : NO_LIFETIME;
        }
        long scan = Ttls.scan(answer, length); // of a bare one there is nothing to scan
        if (scan < 0) {
            return NO_LIFETIME;
        }
        if ((scan & Ttls.ANY_RECORD) == 0) {
            return Header.has(answer, Header.TC) && spec.truncatedTtl() > 0 ? spec.truncatedTtl() : NO_LIFETIME;
        }
        boolean negative = rcode == Rcode.NXDOMAIN || rcode == Rcode.NOERROR && (scan & Ttls.SOA_IN_AUTHORITY) != 0;
        long seconds = Math.min((int) scan, negative ? spec.maxNegativeTtl() : spec.maxTtl());
        return seconds < spec.minTtl() ? TOO_SHORT : seconds;
    }

    // ---- control plane

    /** Answers held, expired ones included. */
    public int size() {
        int size = 0;
        for (CacheShard shard : shards) {
            size += shard.entries();
        }
        return size;
    }

    public boolean isFull() {
        return size() >= spec.maxEntries();
    }

    /** Removes expired answers until at most {@code keep} answers are left; returns how many went. */
    public int purgeExpired(int keep, long nowSeconds) {
        cleanups.increment();
        return removeIf((key, page, at) -> nowSeconds >= CacheEntry.validUntilSeconds(page, at), keep);
    }

    /** Removes answers, whichever, until at most {@code keep} are left; returns how many went. */
    public int expunge(int keep) {
        return removeIf((key, page, at) -> true, keep);
    }

    /**
     * Removes the answers to questions for a name; returns how many went.
     *
     * @param type {@link RecordType#ANY} for all types
     * @param suffixMatch whether names below it are meant too
     */
    public int expungeByName(Name name, int type, boolean suffixMatch) {
        byte[] buffer = new byte[LENGTH_MASK];
        return removeIf(
                (key, page, at) -> {
                    if (type != RecordType.ANY && CacheEntry.type(page, at) != type) {
                        return false;
                    }
                    CacheEntry.read(page, at, buffer);
                    int nameLength = CacheEntry.nameLength(page, at);
                    return suffixMatch
                            ? name.isSuffixOf(buffer, Question.OFFSET, nameLength)
                            : name.matches(buffer, Question.OFFSET, nameLength);
                },
                0);
    }

    private int removeIf(CacheShard.EntryTest test, int keep) {
        int removed = 0;
        for (CacheShard shard : shards) {
            shard.lock();
            try {
                removed += shard.removeIf(test, keep / shards.length);
            } finally {
                shard.unlock();
            }
        }
        return removed;
    }

    /** The counters. */
    public CacheStats stats() {
        long insertCollisions = 0;
        for (CacheShard shard : shards) {
            shard.lock();
            try {
                insertCollisions += shard.insertCollisions();
            } finally {
                shard.unlock();
            }
        }
        return new CacheStats(
                size(),
                spec.maxEntries(),
                hits.sum(),
                misses.sum(),
                deferredInserts.sum(),
                deferredLookups.sum(),
                lookupCollisions.sum(),
                insertCollisions,
                ttlTooShorts.sum(),
                cleanups.sum());
    }

    /** Octets taken from the system for entries and tables. */
    public long reservedBytes() {
        long bytes = 0;
        for (CacheShard shard : shards) {
            shard.lock();
            try {
                bytes += shard.reservedBytes();
            } finally {
                shard.unlock();
            }
        }
        return bytes;
    }

    /**
     * Writes a line per answer to a new file, readable by owner and group; returns how many.
     *
     * @param rawResponse whether lines end in the answer's octets, in Base64
     * @param unixSeconds the same time as people tell it, since 1970
     * @throws java.nio.file.FileAlreadyExistsException if the file is there already
     */
    public int dump(Path file, boolean rawResponse, long nowSeconds, long unixSeconds) throws IOException {
        return CacheReport.dump(shards, file, rawResponse, nowSeconds, unixSeconds);
    }

    /** The names whose cached answers have this address (4 or 16 octets) in the answer section. */
    public List<Name> domainsByAddress(byte[] address) {
        return CacheReport.domainsByAddress(shards, address);
    }

    /** The addresses (4 or 16 octets) in the answer sections of cached answers for this name. */
    public List<byte[]> addressesByDomain(Name name) {
        return CacheReport.addressesByDomain(shards, name);
    }

    /** Entries and how many there may be: {@code 3/100}. */
    @Override
    public String toString() {
        return size() + "/" + spec.maxEntries();
    }
}
