package dev.weir.net.stream;

import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;

/**
 * What flights and backend connections need of the client that waits for them: a connection today, one stream of many tomorrow. All methods
 * run on the loop's thread, but for those of {@link ReplyPort}.
 */
interface StreamClient extends ReplyPort {
    /** It is over: nobody waits for answers. */
    boolean isClosed();

    /** What backends work on for it. */
    ClientFlights flights();

    /** Writes one message of several that answer a query; false if the next ones should wait for {@link BackendConnection#resumeReading}. */
    boolean pass(Query query, BackendConnection from);
}
