package dev.weir.engine.view;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.ring.RingCursor;
import dev.weir.engine.ring.RingWriter;
import dev.weir.wire.Name;
import java.time.Instant;

/**
 * A query or a response of the rings: a copy of what a cursor stood on.
 *
 * @param when when it came in
 * @param backend {@link RingWriter#NO_BACKEND} for queries and cache hits
 * @param size octets of the message
 * @param flags the header's flags word
 * @param micros how long the answer took; {@link RingCursor#TIMEOUT} if there was none
 * @param protocol as {@link dev.weir.engine.listen.Protocol#shortName}
 */
public record RingEntryView(
        boolean response,
        Instant when,
        Endpoint requestor,
        Endpoint backend,
        Name name,
        int type,
        int size,
        int id,
        int flags,
        long micros,
        String protocol) {

    /**
     * @param now the moment of {@code nowNanos}
     * @param nowNanos {@link System#nanoTime}
     */
    public static RingEntryView of(RingCursor entry, Instant now, long nowNanos) {
        Endpoint backend = entry.backend();
        return new RingEntryView(
                entry.isResponse(),
                now.minusNanos(nowNanos - entry.nanos()),
                entry.client().toEndpoint(),
                backend == null ? RingWriter.NO_BACKEND : backend,
                entry.name(),
                entry.type(),
                entry.size(),
                entry.id(),
                entry.flags(),
                entry.latencyMicros(),
                entry.protocol().shortName());
    }
}
