package dev.weir.engine.export;

import dev.weir.engine.query.Query;

/**
 * A writer of what queries did: to a file, to our own log, later to a collector. Implemented outside, because the engine opens neither files nor
 * sockets.
 *
 * <p>Data threads call {@link #query} and {@link #response}, which never wait: they compose a record, since the query goes on, and put it into a
 * bounded queue ({@link dev.weir.engine.log.WriteBehind}) with one thread that writes. What finds no room is lost and counted.
 */
public interface Exporter {
    /** A query, before its answer is known. */
    void query(Query query);

    /** An answer, which stands in {@link Query#packet}. */
    void response(Query query);

    /** Opens its file anew, as after rotation, or connects anew. Any thread. */
    void reload();

    /** The process is about to end: what waits is written, unless that takes long, and from now on everything is written at once. Any thread. */
    void end();

    /** Nobody uses it any more: what waits is written, then its file is closed and its thread ends. Any thread. */
    void close();

    /** Records that were not written, for want of room or by a failure. Any thread. */
    long lost();

    /** Where it writes to, for people; empty for our own log. */
    String target();
}
