package dev.weir.gate.filter;

import dev.weir.ebpf.map.Codec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilter.Term;
import dev.weir.engine.kernel.KernelFilter.Whose;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.gate.table.RangeEnd;
import dev.weir.gate.table.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Addresses or ranges, and beside them when they end. Whoever dies half-way must neither leave a block for ever that was meant to end, nor have
 * a block lifted that was meant to stay, therefore:
 *
 * <ul>
 *   <li>an end is there before its block, and goes after it;
 *   <li>before a block that stays, an end that somebody left behind goes;
 *   <li>an end without a block goes when it has passed for {@link #GRACE_NANOS}: before, its block may be on its way.
 * </ul>
 *
 * <p>Several processes may have the same tables open, a balancer and {@code weir xdp} for instance: they take turns by a {@link PinLock}, and
 * each looks now and then for ends that others have written. Ends are CLOCK_MONOTONIC in nanoseconds, which is {@link System#nanoTime} here.
 * Any thread.
 */
final class BlockTable<K> implements Contest.Entries<K>, AutoCloseable {
    /** How long an end that has passed stays if it has no block. */
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Tables of the older format know no action. */
    static final Codec<Verdict> COUNTERS =
            Codec.U64.map(Verdict::hits, hits -> new Verdict(hits, MatchAction.DROP.number()));

    private final Kind kind;
    private final Contest<K> contest;
    private final BlockKeys<K> keys;
    private final FilterTable<K, Verdict> blocks;
    private final FilterTable<K, RangeEnd> ends;
    private final PinLock lock;
    private final Expiries<K> expiries = new Expiries<>();

    /** What an entry holds. */
    record Block(long hits, int action, long endNanos) {}

    /** Sees an entry. */
    interface Visitor<K> {
        void visit(BlockKeys<K> keys, K key, Block block);
    }

    /** @param values {@link Verdict#CODEC} or {@link #COUNTERS} */
    BlockTable(
            Kind kind,
            BlockKeys<K> keys,
            SharedMap blocks,
            Codec<Verdict> values,
            SharedMap ends,
            Claimants claimants,
            PinLock lock) {
        this.kind = kind;
        this.contest = claimants.contest(this);
        this.keys = keys;
        this.blocks = lock.guarding(new FilterTable<>(blocks, keys.codec(), values, lock));
        this.ends = lock.guarding(new FilterTable<>(ends, keys.codec(), keys.ends(), lock));
        this.lock = lock;
    }

    /** Reads all ends, which others may have written: takes out what has ended, remembers what will. */
    void takeOver(long nowNanos) throws KernelException {
        lock.acquire();
        try {
            expiries.clear();
            Map<K, RangeEnd> there = new HashMap<>();
            ends.forEach(there::put);
            for (Map.Entry<K, RangeEnd> each : there.entrySet()) {
                end(each.getKey(), each.getValue().endNs(), nowNanos);
            }
        } finally {
            lock.release();
        }
    }

    /** @return FULL or PRESENT if nothing was done */
    FilterTable.Outcome block(K key, Term term, boolean replace) throws KernelException {
        return lock.during(() -> {
            FilterTable.Outcome outcome = isPlain(term)
                    ? blocks.add(key, new Verdict(0, term.action().number()))
                    : FilterTable.Outcome.PRESENT;
            return outcome == FilterTable.Outcome.PRESENT ? contest.block(key, term, replace) : outcome;
        });
    }

    /** Whether an entry that is new is all there is to write, as of a list of a million: one system call, not five. */
    private boolean isPlain(Term term) throws KernelException {
        return term.endNanos() == KernelFilter.FOREVER
                && lock.isHeld()
                && (keys instanceof BlockKeys.Addresses || TrieFlags.OBEYED)
                && ends.isKnownEmpty()
                && contest.isUncontested(term);
    }

    /** Returns whether there was something of ours to lift. */
    boolean lift(K key, Whose whose) throws KernelException {
        return lock.during(() -> contest.lift(key, whose));
    }

    /** Makes an entry what those want who claim it, whatever somebody left who died. */
    void reconcile(K key, long nowNanos) throws KernelException {
        lock.during(() -> contest.reconcile(key, nowNanos));
    }

    @Override
    public ClaimKey claimKey(K key) {
        return ClaimKey.of(kind, keys.network(key));
    }

    @Override
    public @Nullable Block current(K key) throws KernelException {
        Verdict known = find(key);
        Long end = known == null ? null : end(key);
        return known == null ? null : new Block(known.hits(), known.action(), end == null ? KernelFilter.FOREVER : end);
    }

    @Override
    public FilterTable.Outcome write(K key, int action, long endNanos, @Nullable Block current) throws KernelException {
        if (current != null) {
            return change(key, current, action, endNanos);
        }
        boolean stays = endNanos == KernelFilter.FOREVER;
        if (stays) {
            ends.remove(key);
        } else if (ends.put(key, new RangeEnd(endNanos, keys.prefix(key))) == FilterTable.Outcome.FULL) {
            return FilterTable.Outcome.FULL;
        }
        FilterTable.Outcome outcome = blocks.add(key, new Verdict(0, action));
        if (outcome == FilterTable.Outcome.DONE && !stays) {
            expiries.add(key, endNanos);
        } else if (!stays) {
            ends.remove(key);
        }
        return outcome;
    }

    @Override
    public boolean remove(K key) throws KernelException {
        boolean there = blocks.remove(key);
        ends.remove(key);
        return there;
    }

    @Override
    public void look(K key, long endNanos) {
        expiries.add(key, endNanos);
    }

    private FilterTable.Outcome change(K key, Block known, int action, long endNanos) throws KernelException {
        boolean stays = endNanos == KernelFilter.FOREVER;
        if (!stays) {
            if (ends.put(key, new RangeEnd(endNanos, keys.prefix(key))) == FilterTable.Outcome.FULL) {
                return FilterTable.Outcome.FULL;
            }
            // A later end is seen when the earlier one has come.
            if (known.endNanos() == KernelFilter.FOREVER || endNanos - known.endNanos() < 0) {
                expiries.add(key, endNanos);
            }
        }
        if (known.action() != action) {
            blocks.put(key, new Verdict(known.hits(), action));
        }
        if (stays) {
            ends.remove(key);
        }
        return FilterTable.Outcome.DONE;
    }

    void purge(long nowNanos) throws KernelException {
        lock.acquire();
        try {
            for (K key = expiries.poll(nowNanos); key != null; key = expiries.poll(nowNanos)) {
                Long end = contest.reconcile(key, nowNanos) ? null : end(key);
                if (end != null) {
                    end(key, end, nowNanos);
                }
            }
        } finally {
            lock.release();
        }
    }

    /** Ends what has ended, or remembers when to look again. */
    private void end(K key, long endNanos, long nowNanos) throws KernelException {
        if (endNanos - nowNanos > 0) {
            expiries.add(key, endNanos);
        } else if (contest.reconcile(key, nowNanos)) {
            return;
        } else if (blocks.remove(key) || nowNanos - endNanos >= GRACE_NANOS) {
            ends.remove(key);
        } else {
            expiries.add(key, endNanos + GRACE_NANOS);
        }
    }

    long hits(K key) throws KernelException {
        if (keys instanceof BlockKeys.Addresses) {
            Verdict value = blocks.find(key);
            return value == null ? 0 : value.hits();
        }
        lock.acquire();
        try {
            Verdict value = find(key);
            return value == null ? 0 : value.hits();
        } finally {
            lock.release();
        }
    }

    /** Visits all blocks. */
    void forEach(Visitor<K> visitor) throws KernelException {
        Map<K, Verdict> all = new HashMap<>();
        blocks.forEach(all::put);
        for (Map.Entry<K, Verdict> each : all.entrySet()) {
            Verdict value = each.getValue();
            Long end = end(each.getKey());
            long endNanos = end == null ? KernelFilter.FOREVER : end;
            visitor.visit(keys, each.getKey(), new Block(value.hits(), value.action(), endNanos));
        }
    }

    /**
     * The narrowest entry that holds a key, itself or a wider range; null if there is none. Where nested ranges do the same and have counted as
     * much, nothing tells them apart, and it is the widest.
     */
    @Nullable K holding(K key) throws KernelException {
        Verdict value = blocks.find(key);
        if (value == null) {
            return null;
        }
        K widest = key;
        K wider = keys.wider(key);
        while (wider != null && value.equals(blocks.find(wider))) {
            widest = wider;
            wider = keys.wider(wider);
        }
        return widest;
    }

    /** The value of this very key; a trie answers for the longest prefix that it has. */
    private @Nullable Verdict find(K key) throws KernelException {
        Verdict value = blocks.find(key);
        K wider = value == null ? null : keys.wider(key);
        if (value == null || wider == null || blocks.find(wider) == null) {
            return value;
        }
        // A wider range is there as well, and values don't say whose they are.
        return blocks.confirm(key, value);
    }

    /** When this very key ends. */
    private @Nullable Long end(K key) throws KernelException {
        RangeEnd end = ends.find(key);
        return end == null || end.prefix() != keys.prefix(key) ? null : Long.valueOf(end.endNs());
    }

    @Override
    public void close() {
        blocks.close();
        ends.close();
    }
}
