package dev.weir.engine.query;

/** Encrypts the answer to one query that came encrypted by itself, not by its connection (DNSCrypt). Made by who has opened the query. */
@FunctionalInterface
public interface AnswerSeal {
    /** Puts what the client gets in the place of {@link Query#packet}, which is the answer. For whichever thread has the query. */
    void seal(Query query);
}
