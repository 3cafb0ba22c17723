package dev.weir.engine.query;

/**
 * The way back to a client whose query was parked. Implemented by transports; called on whatever thread has the query at the end, exactly
 * one of the two methods, once. Afterwards the query belongs to the port, which may use it again.
 */
public interface ReplyPort {
    /** Sends {@link Query#packet} to the client, after {@link RuleDecisions#delayMillis} where the transport can delay. */
    void reply(Query query);

    /** No answer will come. A stream closes its connection; a datagram transport does nothing visible. */
    void abandon(Query query);
}
