package dev.weir.engine.walk;

/** What a stage of the query's walk says; parameters are fields of the {@link dev.weir.engine.query.Query}. */
public enum WalkVerdict {
    /** Go on to the next stage. */
    CONTINUE,
    /** Forget the query: no answer is sent, and the caller may use the {@link dev.weir.engine.query.Query} again. */
    DROP,
    /** The query's packet is the answer: send it; then the caller may use the {@link dev.weir.engine.query.Query} again. */
    ANSWER,
    /** A backend or a timer has the query now: the caller gives the object away and takes a fresh one. */
    PARK
}
