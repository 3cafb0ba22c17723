package dev.weir.engine.rule;

import dev.weir.engine.acl.Watched;
import dev.weir.engine.query.Query;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A chain of rules as data threads walk it: the first rule that matches is found without asking all of them.
 *
 * <p><b>What an operator sees</b> is a walk from rule to rule: each selector is asked in turn, each match counts and runs its action, and
 * actions that do not end the walk let it go on behind them. A thousand selectors asked for each query cost more than everything else about
 * it, and nearly all say no.
 *
 * <p><b>Tables give candidates, selectors decide.</b> From most selectors follows a condition ({@link Conditions}) that tables can look up:
 * the name is X, the name is X or below it, the client is in network N, the type is T; of an {@code AndRule} any part's condition will do,
 * and the rarest is taken; an {@code OrRule} has all its parts' conditions. {@link RuleIndex} keeps for each condition the ascending
 * positions of the rules that depend on it. For a query, {@link RuleWalk} takes the few lists whose conditions hold, adds the list of rules
 * without a condition, and merges them by position; each candidate's own selector is asked before the rule counts as matching. So a table
 * may promise too much, never too little.
 *
 * <p><b>Nothing is reordered that could be noticed.</b> Candidates come in the chain's order. A rule is passed over only if asking its
 * selector would have said no and done nothing: for {@code AndRule} this means that only parts in front of the first one with side effects
 * ({@link Purity}) can supply the condition. Limiters, probabilities and the operator's own code are therefore asked exactly when the naive
 * walk would ask them.
 *
 * <p><b>Actions change queries.</b> Conditions look at name, type and addresses alone. Tags, pools, flags, EDNS and the like are read by
 * selectors at their turn, so changing them needs no care. If an action or the operator's code gives the query another name or type, the walk
 * notices ({@link Query#questionChanges}) and gathers again behind the rule it stands at.
 *
 * <p><b>Sets change too.</b> {@code smn:add()} and {@code nmg:addMask()} have effect on rules that are in force. Tables are copies, so each
 * copied set is {@link Watched}: one load per candidate tells whether any has changed, and the rules of those that have join the rules
 * without a condition, where their selectors are asked for every query; stale entries in the tables do no harm. They return to the tables
 * when the chain is made again.
 *
 * <p><b>Making it</b> costs about what putting the rules into hash tables costs. {@link RuleChain} makes it when a snapshot first needs it,
 * and a rule added at the end shares the tables of the chain before ({@link #with}) until there are enough such rules to be worth new ones:
 * adding n rules one by one costs O(n log n), not n².
 *
 * <p>Comparable: rule engines that key rules by their most selective predicate, as in F. Fabret et al., "Filtering Algorithms and
 * Implementation for Very Fast Publish/Subscribe Systems", SIGMOD 2001, section 3.
 *
 * @param <A> {@link dev.weir.engine.action.Action} or {@link dev.weir.engine.action.ResponseAction}
 */
public final class CompiledChain<A> {
    /** With fewer rules than this, asking each is as fast as asking tables. */
    private static final int MIN_INDEXED = 4;

    /** So many rules behind the indexed ones are asked one by one, before new tables are made. */
    private static final int MAX_TAIL = 32;

    /** With many rules the tail may be longer: one in so many. */
    private static final int TAIL_SHARE = 64;

    /** In place of the revision of a set that has changed since it was copied. */
    private static final int STALE = -1;

    private final List<Rule<A>> rules;
    private final Selector[] selectors;
    private final RuleIndex index;
    private final int indexedRules;

    // Changed when a copied set has changed: under this object's lock, for all threads.
    private final int[] revisions;
    private volatile int[] always;
    private volatile int changesSeen;

    private CompiledChain(
            List<Rule<A>> rules,
            Selector[] selectors,
            RuleIndex index,
            int indexedRules,
            int[] revisions,
            int[] always,
            int changesSeen) {
        this.rules = rules;
        this.selectors = selectors;
        this.index = index;
        this.indexedRules = indexedRules;
        this.revisions = revisions;
        this.always = always;
        this.changesSeen = changesSeen;
    }

    /** Makes the tables for these rules. */
    public static <A> CompiledChain<A> of(List<Rule<A>> rules) {
        List<Rule<A>> fixed = List.copyOf(rules);
        List<Selector> selectors = new ArrayList<>(fixed.size());
        for (Rule<A> rule : fixed) {
            selectors.add(Purity.cheapFirst(rule.selector()));
        }
        int changes = Watched.changes();
        int indexed = fixed.size() < MIN_INDEXED ? 0 : fixed.size();
        RuleIndex index = RuleIndex.of(selectors.subList(0, indexed));
        Postings always = new Postings();
        for (int position : index.unindexed()) {
            always.add(position);
        }
        for (int position = indexed; position < fixed.size(); position++) {
            always.add(position);
        }
        int[] revisions =
                index.copied().stream().mapToInt(RuleIndex.Copied::revision).toArray();
        return new CompiledChain<>(
                fixed, selectors.toArray(new Selector[0]), index, indexed, revisions, always.toArray(), changes);
    }

    /** The chain of these rules, which are this chain's and more at the end. */
    CompiledChain<A> with(List<Rule<A>> longer) {
        int tail = longer.size() - indexedRules;
        if (tail > Math.max(MAX_TAIL, indexedRules / TAIL_SHARE)) {
            return of(longer);
        }
        Selector[] more = Arrays.copyOf(selectors, longer.size());
        synchronized (this) {
            int[] alwaysMore = Arrays.copyOf(always, always.length + longer.size() - rules.size());
            for (int position = rules.size(); position < longer.size(); position++) {
                more[position] = Purity.cheapFirst(longer.get(position).selector());
                alwaysMore[always.length + position - rules.size()] = position;
            }
            return new CompiledChain<>(
                    List.copyOf(longer), more, index, indexedRules, revisions.clone(), alwaysMore, changesSeen);
        }
    }

    /** The rules in their order; this list never changes. */
    public List<Rule<A>> rules() {
        return rules;
    }

    public boolean isEmpty() {
        return selectors.length == 0;
    }

    public Rule<A> rule(int position) {
        return rules.get(position);
    }

    Selector selector(int position) {
        return selectors[position];
    }

    /** Hands the walk the lists of positions that this query can concern. */
    void gather(Query query, RuleWalk walk) {
        walk.consider(always);
        index.gather(query, walk);
    }

    /** Whether all copied sets are still what they were when they were copied, or dealt with. */
    boolean upToDate() {
        return changesSeen == Watched.changes();
    }

    /** Moves rules whose sets have changed to those that are always asked. */
    synchronized void catchUp() {
        int changes = Watched.changes();
        List<RuleIndex.Copied> copied = index.copied();
        for (int i = 0; i < revisions.length; i++) {
            if (revisions[i] != STALE && copied.get(i).set().revision() != revisions[i]) {
                revisions[i] = STALE;
                always = Postings.merge(always, copied.get(i).positions());
            }
        }
        changesSeen = changes;
    }
}
