package dev.weir.engine.walk;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.query.Query;

/**
 * The way to the backends, as one data thread sees it. Implemented by transports, which keep the query in flight and bring the answer to
 * {@link ResponsePath#answered}, or its absence to {@link ResponsePath#timedOut}.
 */
public interface Forwarder {
    /**
     * Sends {@link Query#packet} to the backend under an id of the transport's choice, and keeps the query until it is answered.
     *
     * @return false if it could not be sent; the query is then still the caller's
     */
    boolean forward(Query query, Backend backend);
}
