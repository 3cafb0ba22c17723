package dev.weir.net.udp;

import dev.weir.engine.query.Query;
import java.util.Arrays;

/** Queries between two lives, so that the steady state makes none. Belongs to one agent's thread. */
final class QueryPool {
    private Query[] free = new Query[64];
    private int count;

    Query take() {
        return count == 0 ? new Query() : free[--count];
    }

    /** The caller must not touch the query any more. */
    void giveBack(Query query) {
        if (count == free.length) {
            free = Arrays.copyOf(free, 2 * count);
        }
        free[count++] = query;
    }
}
