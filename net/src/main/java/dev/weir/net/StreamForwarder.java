package dev.weir.net;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.query.Query;

/**
 * The way of a datagram client's query to a backend that is spoken to over streams only ({@code tcpOnly}). Any thread.
 */
public interface StreamForwarder {
    /**
     * Takes a query over: copies its packet, calls {@link Query#keepQuestion}, and hands both to a stream thread. The answer comes back on that
     * thread through {@link dev.weir.engine.query.Origin#replyPort}; so does the news that none will come.
     *
     * @return false if it was not taken; the query is then still the caller's
     */
    boolean forward(Query query, Backend backend);
}
