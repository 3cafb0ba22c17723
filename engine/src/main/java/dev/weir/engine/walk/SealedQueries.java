package dev.weir.engine.walk;

import dev.weir.engine.query.Query;

/**
 * Opens queries that come encrypted each by itself (DNSCrypt). One object per data thread and listener; implemented by transports.
 */
public interface SealedQueries {
    /** The longest datagram with a query, in octets, without its PROXY header. */
    int mostOctets();

    /**
     * Puts the query that is inside in the place of what came, and hands its {@link dev.weir.engine.query.AnswerSeal} over; false if there is
     * none, and the packet is as it was.
     */
    boolean open(Query query);
}
