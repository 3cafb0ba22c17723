package dev.weir.engine.query;

import dev.weir.engine.expression.Scanners;
import dev.weir.engine.stat.StatShard;
import dev.weir.wire.AnswerComposer;
import dev.weir.wire.Edns;
import dev.weir.wire.EdnsEditor;
import dev.weir.wire.MessageRewriter;
import dev.weir.wire.ResponseEditor;
import java.util.random.RandomGenerator;

/**
 * What selectors and actions may ask for besides the query: the batch's clock, the thread's counters and wire editors, and what they have to
 * know of pools. One per data thread, refreshed for each batch.
 */
public interface RuleContext {
    /** {@link System#nanoTime} of the batch. */
    long nowNanos();

    RandomGenerator random();

    /** The thread's counters. */
    StatShard stats();

    /** What the thread matches expressions by. */
    Scanners scanners();

    /** The OPT of the message under treatment, looked for now; good until the next call. */
    Edns parseEdns(Query query);

    EdnsEditor ednsEditor();

    ResponseEditor responseEditor();

    AnswerComposer composer();

    MessageRewriter messageRewriter();

    /**
     * Adds the client's subnet, as settings and rules want it, to a query or a copy of it.
     *
     * @return the new length, or a {@link dev.weir.wire.WireFault} code
     */
    int addSubnet(Query query, byte[] packet, int length);

    /**
     * Begins turning the query's packet into our own answer, which {@link #composer} writes and {@link #finishAnswer} ends; false (and
     * SERVFAIL without more) if it is too broken for that.
     */
    boolean startAnswer(Query query);

    /** Ends the answer begun by {@link #startAnswer}, with EDNS if the client's query had it. */
    void finishAnswer(Query query);

    /** Whether there is such a pool, and a server of it takes queries. */
    boolean poolIsUsable(String pool);

    /** Whether there is such a pool, and more queries than this are in flight to its servers. */
    boolean poolHasInFlightOver(String pool, long limit);
}
