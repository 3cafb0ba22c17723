package dev.weir.gate.filter;

import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilter.Term;
import dev.weir.engine.kernel.KernelFilter.Whose;
import dev.weir.gate.filter.FilterTable.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes of what several origins want of an entry what the entry is: the later end and the stricter action. Each origin lifts only what it
 * wants itself. Claims are written before the entry: of a process that dies in between the next one that looks completes the work.
 *
 * <p>What the operator blocks, and a program that is not Weir's, stands in the table alone, as it always did; it becomes a claim, without a
 * name, when somebody else claims the same entry. Under the tables' lock.
 */
final class Contest<K> {
    private final Entries<K> entries;
    private final Claims claims;
    private final String origin;
    private final LongSupplier nanoClock;

    /** The table that is fought over. */
    interface Entries<K> {
        ClaimKey claimKey(K key);

        BlockTable.@Nullable Block current(K key) throws KernelException;

        Outcome write(K key, int action, long endNanos, BlockTable.@Nullable Block current) throws KernelException;

        boolean remove(K key) throws KernelException;

        /** Has {@link #reconcile} called when a time has come. */
        void look(K key, long endNanos);
    }

    /** @param origin our name, empty for the operator's */
    Contest(Entries<K> entries, Claims claims, String origin, LongSupplier nanoClock) {
        this.entries = entries;
        this.claims = claims;
        // As it can be written down.
        this.origin = new Claim(origin, false, 0, 0, "").origin();
        this.nanoClock = nanoClock;
    }

    /** @return FULL or PRESENT if nothing was done */
    Outcome block(K key, Term term, boolean replace) throws KernelException {
        ClaimKey about = entries.claimKey(key);
        List<Claim> there = alive(claims.find(about), nanoClock.getAsLong());
        BlockTable.Block current = entries.current(key);
        int action = term.action().number();
        if (there.isEmpty() && origin.isEmpty() && term.reason().isEmpty()) {
            boolean stays = current != null && current.endNanos() == KernelFilter.FOREVER;
            return stays && !replace ? Outcome.PRESENT : entries.write(key, action, term.endNanos(), current);
        }
        List<Claim> next = new ArrayList<>(there);
        if (current == null) {
            next.removeIf(Claim::isUnnamed);
        } else if (there.isEmpty()) {
            next.add(Claim.unnamed(current.action(), current.endNanos()));
        }
        boolean ends = term.endNanos() != KernelFilter.FOREVER;
        Claim fresh = new Claim(origin, ends, action, term.endNanos(), term.reason());
        for (Claim claim : List.copyOf(next)) {
            if (claim.origin().equals(fresh.origin()) && (claim.isUnnamed() || claim.ends() == ends)) {
                if (!claim.ends() && !replace && current != null) {
                    return Outcome.PRESENT;
                }
                next.remove(claim);
            }
        }
        next.add(fresh);
        if (next.size() > Claim.MOST || claims.put(about, next) == Outcome.FULL) {
            return Outcome.FULL;
        }
        Outcome outcome = apply(key, next, current);
        if (outcome == Outcome.FULL) {
            claims.put(about, there);
        }
        return outcome;
    }

    /** Whether an order is nobody's business but the table's: nobody claims anything, and the order leaves no name. */
    boolean isUncontested(Term term) throws KernelException {
        return origin.isEmpty() && term.reason().isEmpty() && claims.areNone();
    }

    /** Returns whether there was something of ours to lift. */
    boolean lift(K key, Whose whose) throws KernelException {
        ClaimKey about = entries.claimKey(key);
        List<Claim> there = alive(claims.find(about), nanoClock.getAsLong());
        if (whose == Whose.ANYBODY || there.isEmpty()) {
            claims.put(about, List.of());
            return (whose == Whose.ANYBODY || origin.isEmpty()) && entries.remove(key);
        }
        List<Claim> next = new ArrayList<>(there);
        next.removeIf(claim -> claim.origin().equals(origin) && (whose == Whose.OURS || claim.ends()));
        if (next.size() == there.size()) {
            return false;
        }
        finish(key, about, next, entries.current(key));
        return true;
    }

    /**
     * Makes the entry what those want of it whose claims have not ended.
     *
     * @return false if nobody claims it
     */
    boolean reconcile(K key, long nowNanos) throws KernelException {
        ClaimKey about = entries.claimKey(key);
        List<Claim> there = claims.find(about);
        if (there.isEmpty()) {
            return false;
        }
        BlockTable.Block current = entries.current(key);
        List<Claim> next = alive(there, nowNanos);
        if (current == null) {
            // Who leaves no name has taken it out himself.
            next.removeIf(Claim::isUnnamed);
        }
        finish(key, about, next, current);
        return true;
    }

    private void finish(K key, ClaimKey about, List<Claim> next, BlockTable.@Nullable Block current)
            throws KernelException {
        boolean unclaimed = next.size() == 1
                && next.getFirst().isUnnamed()
                && next.getFirst().reason().isEmpty();
        claims.put(about, unclaimed ? List.of() : next);
        if (next.isEmpty()) {
            entries.remove(key);
        } else {
            apply(key, next, current);
        }
    }

    private Outcome apply(K key, List<Claim> wanted, BlockTable.@Nullable Block current) throws KernelException {
        Claim all = Claim.together(wanted);
        if (all == null) {
            return Outcome.ABSENT;
        }
        for (Claim claim : wanted) {
            if (claim.endNanos() != KernelFilter.FOREVER) {
                entries.look(key, claim.endNanos());
            }
        }
        boolean same = current != null && current.action() == all.action() && current.endNanos() == all.endNanos();
        return same ? Outcome.DONE : entries.write(key, all.action(), all.endNanos(), current);
    }

    private static List<Claim> alive(List<Claim> claims, long nowNanos) {
        List<Claim> alive = new ArrayList<>(claims);
        alive.removeIf(claim -> claim.hasEnded(nowNanos));
        return alive;
    }
}
