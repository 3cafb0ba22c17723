package dev.weir.gate.filter;

import dev.weir.ebpf.map.Codec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilter.Term;
import dev.weir.engine.kernel.KernelFilter.Whose;
import dev.weir.gate.table.Settings;
import dev.weir.gate.table.SuffixKey;
import dev.weir.gate.table.SuffixVerdict;
import org.jspecify.annotations.Nullable;

/** Names with everything below them, in a trie; an entry holds its own end. Processes that share it take turns. Any thread. */
final class SuffixTable implements Contest.Entries<SuffixKey>, AutoCloseable {
    private final FilterTable<SuffixKey, SuffixVerdict> suffixes;
    private final @Nullable FilterTable<Integer, Settings> settings;
    private final Contest<SuffixKey> contest;
    private final PinLock lock;
    private final Expiries<SuffixKey> expiries = new Expiries<>();

    /** Sees an entry. */
    interface Visitor {
        void visit(SuffixKey key, int action, long hits, long endNanos);
    }

    /** @param settings of the guards that look into the trie; null if there are none, both belong to this table */
    SuffixTable(SharedMap suffixes, @Nullable SharedMap settings, Claimants claimants, PinLock lock) {
        this.contest = claimants.contest(this);
        this.suffixes = lock.guarding(new FilterTable<>(suffixes, SuffixKey.CODEC, SuffixVerdict.CODEC, lock));
        this.settings = settings == null ? null : new FilterTable<>(settings, Codec.U32, Settings.CODEC, lock);
        this.lock = lock;
    }

    /** Reads all entries, which others may have written: takes out what has ended, remembers what will. */
    void takeOver(long nowNanos) throws KernelException {
        lock.acquire();
        try {
            expiries.clear();
            suffixes.forEach((key, verdict) -> {
                if (verdict.endNs() != 0) {
                    expiries.add(key, verdict.endNs());
                }
            });
            purge(nowNanos);
        } finally {
            lock.release();
        }
    }

    /** @return FULL or PRESENT if nothing was done */
    FilterTable.Outcome block(SuffixKey key, Term term) throws KernelException {
        return lock.during(() -> contest.block(key, term, false));
    }

    /** Returns whether there was something of ours to lift. */
    boolean lift(SuffixKey key, Whose whose) throws KernelException {
        return lock.during(() -> contest.lift(key, whose));
    }

    void reconcile(SuffixKey key, long nowNanos) throws KernelException {
        lock.during(() -> contest.reconcile(key, nowNanos));
    }

    @Override
    public ClaimKey claimKey(SuffixKey key) {
        return new ClaimKey(Kind.SUFFIXES, null, key.suffix(), key.type());
    }

    @Override
    public BlockTable.@Nullable Block current(SuffixKey key) throws KernelException {
        SuffixVerdict known = find(key);
        return known == null
                ? null
                : new BlockTable.Block(
                        known.hits(), known.action(), known.endNs() == 0 ? KernelFilter.FOREVER : known.endNs());
    }

    @Override
    public FilterTable.Outcome write(SuffixKey key, int action, long endNanos, BlockTable.@Nullable Block current)
            throws KernelException {
        long hits = current == null ? 0 : current.hits();
        boolean stays = endNanos == KernelFilter.FOREVER;
        announce();
        FilterTable.Outcome outcome =
                suffixes.put(key, new SuffixVerdict(hits, stays ? 0 : endNanos, key.prefixBits(), action));
        if (outcome == FilterTable.Outcome.DONE && !stays) {
            expiries.add(key, endNanos);
        }
        return outcome;
    }

    @Override
    public boolean remove(SuffixKey key) throws KernelException {
        boolean there = suffixes.remove(key);
        withdraw();
        return there;
    }

    @Override
    public void look(SuffixKey key, long endNanos) {
        expiries.add(key, endNanos);
    }

    /** Guards do not look into a table that they have been told is empty. */
    private void announce() throws KernelException {
        Settings now = settings == null ? null : settings.find(0);
        if (settings != null && now != null && now.noSuffixes()) {
            settings.put(0, now.withNoSuffixes(false));
        }
    }

    private void withdraw() throws KernelException {
        if (settings != null && lock.isHeld() && suffixes.isEmpty()) {
            Settings now = settings.find(0);
            settings.put(0, (now == null ? Settings.DEFAULT : now).withNoSuffixes(true));
        }
    }

    void purge(long nowNanos) throws KernelException {
        lock.acquire();
        try {
            for (SuffixKey key = expiries.poll(nowNanos); key != null; key = expiries.poll(nowNanos)) {
                SuffixVerdict verdict = contest.reconcile(key, nowNanos) ? null : find(key);
                if (verdict == null || verdict.endNs() == 0) {
                    continue;
                }
                if (verdict.endNs() - nowNanos > 0) {
                    expiries.add(key, verdict.endNs());
                } else {
                    suffixes.remove(key);
                    withdraw();
                }
            }
        } finally {
            lock.release();
        }
    }

    long hits(SuffixKey key) throws KernelException {
        SuffixVerdict verdict = find(key);
        return verdict == null ? 0 : verdict.hits();
    }

    void forEach(Visitor visitor) throws KernelException {
        suffixes.forEach((key, verdict) -> visitor.visit(
                key, verdict.action(), verdict.hits(), verdict.endNs() == 0 ? KernelFilter.FOREVER : verdict.endNs()));
    }

    /** The value of this very key; the trie answers for the longest suffix that it has. */
    private @Nullable SuffixVerdict find(SuffixKey key) throws KernelException {
        SuffixVerdict verdict = suffixes.find(key);
        return verdict != null && verdict.prefixBits() == key.prefixBits() ? verdict : null;
    }

    @Override
    public void close() {
        suffixes.close();
        if (settings != null) {
            settings.close();
        }
    }
}
