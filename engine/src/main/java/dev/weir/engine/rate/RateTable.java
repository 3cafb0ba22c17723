package dev.weir.engine.rate;

import dev.weir.engine.acl.AddressHash;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.StatShard;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket for each client network ({@code MaxQPSIPRule}), for as many networks as there are cells. Any thread, no lock.
 *
 * <p>Addresses can be forged, so that clients could make a table without bounds grow until nothing else fits into memory. Here a network's hash
 * names a set of eight cells, as in a processor's cache: it lives in one of them or is not remembered, and a new one takes the cell that
 * was unused longest. A flood of forged addresses therefore pushes out networks that ask rarely and whose buckets are full again anyway; who
 * asks often enough to exceed a rate is never the one unused longest.
 *
 * <pre>
 *   word 0   tag:32  used:32       a further part of the hash, never 0, and 2^20 ns at the last query; 0: an empty cell
 *   word 1   full at:64            when the bucket is full again, as in {@link TokenBucket}
 * </pre>
 *
 * The tag stands for the network: of millions of strangers one may find a cell with its own tag (2^-29 each) and share that bucket. A
 * cell that changes hands has the tag 0 until its bucket is filled; two threads that meet a new network at the same moment may give it a
 * cell each, of which the second one is soon unused. Sets are made in pages when first touched: a rule that few clients meet takes
 * little memory.
 */
public final class RateTable {
    /** Enough that a hundred thousand strangers a second take two seconds to go around: 4 MB when all are in use. */
    public static final int USUAL_CELLS = 1 << 18;

    /** What can be asked for: 1 GB. */
    public static final int MOST_CELLS = 1 << 26;

    private static final int WAYS = 8;
    private static final int CELL_WORDS = 2;
    private static final int SET_WORDS = WAYS * CELL_WORDS;
    private static final int PAGE_SETS = 16;
    private static final int TAG_SHIFT = 32;
    private static final int TICK_SHIFT = 20;
    private static final long USED_MASK = 0xffff_ffffL;

    /** Threads have the clocks of their batches: a cell may have been used after now, by seconds at the very most. */
    private static final long SKEW_TICKS = 1 << 16;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    /**
     * What is limited.
     *
     * @param qps queries per second; 0: none at all
     * @param burst queries of a full bucket; 0: as {@code qps}
     * @param forgottenSeconds after so long without a query a network starts again with a full bucket
     * @param cells networks remembered at most, made up to a power of two
     */
    public record Spec(long qps, int v4Prefix, int v6Prefix, long burst, long forgottenSeconds, int cells) {
        public Spec {
            if (cells < 1 || cells > MOST_CELLS) {
                throw new IllegalArgumentException("a table of " + cells + " cells is not possible");
            }
            burst = burst == 0 ? qps : burst;
        }
    }

    private final Spec spec;
    private final AddressHash hash;
    private final long nanosPerToken;
    private final long burstNanos;
    private final long forgottenTicks;
    private final int setMask;
    private final AtomicReferenceArray<long @Nullable []> pages;

    public RateTable(Spec spec) {
        this(spec, AddressHash.secret());
    }

    RateTable(Spec spec, AddressHash hash) {
        this.spec = spec;
        this.hash = hash;
        double exact = spec.qps <= 0 ? 0 : 1e9 / spec.qps;
        nanosPerToken = (long) exact;
        burstNanos = (long) (spec.burst * exact);
        forgottenTicks =
                Math.min(USED_MASK - SKEW_TICKS, TimeUnit.SECONDS.toNanos(spec.forgottenSeconds) >>> TICK_SHIFT);
        int sets = Math.max(1, Integer.highestOneBit(2 * spec.cells - 1) / WAYS);
        setMask = sets - 1;
        pages = new AtomicReferenceArray<>(Math.max(1, sets / PAGE_SETS));
    }

    /**
     * Counts a query of this client: whether its network is over its rate.
     *
     * @param mine counts networks that had to make room
     */
    public boolean exceeds(int family, long hi, long lo, long nowNanos, StatShard mine) {
        if (spec.qps <= 0) {
            return true;
        }
        long hashed = hashOf(family, hi, lo);
        int set = (int) hashed & setMask;
        long[] page = page(set / PAGE_SETS);
        long used = used(nowNanos);
        return !take(page, cell(page, firstWord(set), tag(hashed), used, nowNanos, mine), nowNanos);
    }

    /** What {@link #exceeds} would say; counts and remembers nothing. */
    public boolean wouldExceed(int family, long hi, long lo, long nowNanos) {
        long hashed = hashOf(family, hi, lo);
        int set = (int) hashed & setMask;
        long[] page = pages.getAcquire(set / PAGE_SETS);
        long fullAt = nowNanos;
        if (page != null) {
            int first = firstWord(set);
            for (int at = first; at < first + SET_WORDS; at += CELL_WORDS) {
                long head = (long) WORDS.getAcquire(page, at);
                if (head >>> TAG_SHIFT == tag(hashed) && age(head, used(nowNanos)) <= forgottenTicks) {
                    fullAt = (long) WORDS.getOpaque(page, at + 1);
                }
            }
        }
        long base = fullAt - nowNanos < 0 ? nowNanos : fullAt;
        return spec.qps <= 0 || base + nanosPerToken - nowNanos > burstNanos;
    }

    /** IPv4 networks are kept as mapped addresses (RFC 4291 2.5.5.2): no IPv6 client has one of those. */
    private long hashOf(int family, long hi, long lo) {
        return family == 4
                ? hash.of(0, 0xffff_0000_0000L | lo & IpAddress.maskLo4(spec.v4Prefix), 0)
                : hash.of(hi & IpAddress.maskHi6(spec.v6Prefix), lo & IpAddress.maskLo6(spec.v6Prefix), 0);
    }

    /** Where the set's cells begin in its page. */
    private static int firstWord(int set) {
        return set % PAGE_SETS * SET_WORDS;
    }

    private static long tag(long hashed) {
        return hashed >>> TAG_SHIFT == 0 ? 1 : hashed >>> TAG_SHIFT;
    }

    private static long used(long nowNanos) {
        return Math.max(1, nowNanos >> TICK_SHIFT & USED_MASK);
    }

    private long[] page(int index) {
        long[] page = pages.getAcquire(index);
        if (page != null) {
            return page;
        }
        long[] fresh = new long[PAGE_SETS * SET_WORDS];
        long[] other = pages.compareAndExchange(index, null, fresh);
        return other == null ? fresh : other;
    }

    /** Where the network's cell starts, found or made. */
    private int cell(long[] page, int first, long tag, long used, long nowNanos, StatShard mine) {
        while (true) {
            int oldest = first;
            long oldestHead = 0;
            long oldestAge = Long.MIN_VALUE;
            for (int at = first; at < first + SET_WORDS; at += CELL_WORDS) {
                long head = (long) WORDS.getAcquire(page, at);
                long age = age(head, used);
                if (head >>> TAG_SHIFT == tag) {
                    if (age > forgottenTicks) {
                        WORDS.setOpaque(page, at + 1, nowNanos);
                    }
                    if (age > 0) {
                        // Only if it is still this network's.
                        WORDS.compareAndSet(page, at, head, tag << TAG_SHIFT | used);
                    }
                    return at;
                }
                if (age > oldestAge) {
                    oldest = at;
                    oldestHead = head;
                    oldestAge = age;
                }
            }
            // With the tag 0 no other thread takes it for its client's.
            if (WORDS.compareAndSet(page, oldest, oldestHead, used)) {
                WORDS.setOpaque(page, oldest + 1, nowNanos);
                WORDS.setRelease(page, oldest, tag << TAG_SHIFT | used);
                if (oldestHead != 0 && oldestAge <= forgottenTicks) {
                    mine.increment(Counter.RATE_TABLE_EVICTIONS);
                }
                return oldest;
            }
        }
    }

    /** Since when a cell is unused; an empty one the longest, one that changes hands the shortest. */
    private static long age(long head, long used) {
        if (head >>> TAG_SHIFT == 0) {
            return head == 0 ? Long.MAX_VALUE : -1;
        }
        long age = used - head & USED_MASK;
        return age > USED_MASK - SKEW_TICKS ? 0 : age;
    }

    /** As {@link TokenBucket#take}. */
    private boolean take(long[] page, int cell, long nowNanos) {
        while (true) {
            long fullAt = (long) WORDS.getOpaque(page, cell + 1);
            long base = fullAt - nowNanos < 0 ? nowNanos : fullAt;
            long next = base + nanosPerToken;
            if (next - nowNanos > burstNanos) {
                return false;
            }
            if (WORDS.compareAndSet(page, cell + 1, fullAt, next)) {
                return true;
            }
        }
    }

    /** What {@code showRules()} says of it. */
    public String text() {
        return "IP (/" + spec.v4Prefix + ", /" + spec.v6Prefix + ") match for QPS over " + spec.qps + " burst "
                + spec.burst;
    }
}
