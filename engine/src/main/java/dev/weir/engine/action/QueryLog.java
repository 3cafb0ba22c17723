package dev.weir.engine.action;

import dev.weir.engine.query.Query;

/** Where {@link LogAction} and {@link LogResponseAction} write: a file or our own log. Implemented outside, because engine opens no files. */
public interface QueryLog {
    void query(Query query);

    void response(Query query);

    /** Opens the file anew, as after rotation. */
    void reload();

    /** What follows "log" in the console's description; empty for our own log. */
    String target();
}
