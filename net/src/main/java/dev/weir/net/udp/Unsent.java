package dev.weir.net.udp;

import dev.weir.engine.query.Query;

/**
 * How many queries a link could not send for want of something of our own. Which of a batch they were is not known: as many of those sent at
 * that time as failed are no evidence against the backend when they time out. Belongs to one agent's thread.
 */
final class Unsent {
    private long firstNanos;
    private long lastNanos;
    private int left;

    /** @param nowNanos the time of the batch, which its queries carry too */
    void add(int queries, long nowNanos) {
        if (left == 0) {
            firstNanos = nowNanos;
        }
        lastNanos = nowNanos;
        left += queries;
    }

    /** Takes one of them, if the query may be one; asked about queries in the order in which they were sent. */
    boolean mayInclude(Query query) {
        if (left == 0 || query.found().sentNanos() - firstNanos < 0) {
            return false;
        }
        if (query.found().sentNanos() - lastNanos > 0) {
            left = 0;
            return false;
        }
        left--;
        return true;
    }
}
