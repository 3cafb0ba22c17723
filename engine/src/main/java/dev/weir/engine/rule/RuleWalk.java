package dev.weir.engine.rule;

import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import java.util.Arrays;
import java.util.List;

/**
 * One thread's way through compiled chains: finds the next rule that matches, and the next behind it. Made once per thread, used for one
 * chain and query at a time.
 *
 * <pre>{@code
 * for (int at = walk.first(chain, query); at >= 0; at = walk.next()) { ... chain.rule(at) ... }
 * }</pre>
 */
public final class RuleWalk {
    /** Lists that one query usually concerns; more make the array grow. */
    private static final int USUAL_LISTS = 8;

    private final RuleContext context;
    private CompiledChain<?> chain = CompiledChain.of(List.of());
    private Query query = new Query();
    private int at;
    private int questionChanges;
    private int[][] lists = new int[USUAL_LISTS][];
    private int[] cursors = new int[USUAL_LISTS];
    private int count;

    public RuleWalk(RuleContext context) {
        this.context = context;
    }

    /** The position of the first rule that matches, or -1. */
    public int first(CompiledChain<?> newChain, Query newQuery) {
        if (newChain.isEmpty()) {
            return -1;
        }
        chain = newChain;
        query = newQuery;
        at = -1;
        gather();
        return next();
    }

    /** The position of the next rule that matches the query as it is now, or -1. */
    public int next() {
        while (true) {
            if (questionChanges != query.questionChanges() || !chain.upToDate()) {
                gather();
            }
            int candidate = nextCandidate();
            if (candidate == Integer.MAX_VALUE) {
                return -1;
            }
            at = candidate;
            if (chain.selector(candidate).matches(query, context)) {
                return candidate;
            }
        }
    }

    private int nextCandidate() {
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            int[] list = lists[i];
            int cursor = cursors[i];
            while (cursor < list.length && list[cursor] <= at) {
                cursor++;
            }
            cursors[i] = cursor;
            if (cursor < list.length && list[cursor] < least) {
                least = list[cursor];
            }
        }
        return least;
    }

    private void gather() {
        if (!chain.upToDate()) {
            chain.catchUp();
        }
        count = 0;
        questionChanges = query.questionChanges();
        chain.gather(query, this);
    }

    /** Takes a list of positions into account, from behind the rule it stands at. */
    void consider(int[] positions) {
        if (positions.length == 0 || positions[positions.length - 1] <= at) {
            return;
        }
        if (count == lists.length) {
            lists = Arrays.copyOf(lists, 2 * count);
            cursors = Arrays.copyOf(cursors, 2 * count);
        }
        int found = at < 0 ? 0 : Arrays.binarySearch(positions, at + 1);
        lists[count] = positions;
        cursors[count++] = found < 0 ? -found - 1 : found;
    }
}
