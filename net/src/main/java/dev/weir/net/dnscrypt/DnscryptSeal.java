package dev.weir.net.dnscrypt;

import dev.weir.engine.query.AnswerSeal;
import dev.weir.engine.query.Query;

/** What is remembered of a query so that its answer can be encrypted. */
final class DnscryptSeal implements AnswerSeal {
    private final DnscryptQueries from;
    private final Construction construction;
    private final byte[] shared;
    private final byte[] clientNonce;
    private final int mostOctets;

    /** @param mostOctets what the whole encrypted answer may have */
    DnscryptSeal(DnscryptQueries from, Construction construction, byte[] shared, byte[] clientNonce, int mostOctets) {
        this.from = from;
        this.construction = construction;
        this.shared = shared;
        this.clientNonce = clientNonce;
        this.mostOctets = mostOctets;
    }

    @Override
    public void seal(Query query) {
        from.envelope().enclose(query, construction, shared, clientNonce, mostOctets);
    }
}
