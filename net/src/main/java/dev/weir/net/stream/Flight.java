package dev.weir.net.stream;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.query.Query;
import dev.weir.wire.RecordType;
import org.jspecify.annotations.Nullable;

/** A query on its way to a backend and not answered yet. Belongs to its loop's thread. */
final class Flight {
    /** How a query lost its connection. */
    enum Loss {
        /** Another try would not help, or is not wanted. */
        FINAL,
        /** A fresh connection may bring the answer. */
        RETRY,
        /** It has not been sent for want of something of our own. */
        UNSENT
    }

    final Query query;
    final Backend backend;

    /** The message as it goes to the backend; each attempt writes its own id into it. */
    final byte[] message;

    /** Who waits for the answer on a stream; null for a datagram's. */
    final @Nullable StreamClient client;

    /** Where a zone transfer stands; null for any other query. */
    final @Nullable TransferProgress transfer;

    /** The id on the backend's connection. */
    int id;

    /** Connections that were opened for it; one that has carried others before may just have been closed, and does not count. */
    int attempts;

    /** When it is too late for the answer, or the next message of a transfer, as {@link System#nanoTime}. */
    long deadlineNanos;

    /** Where it stands in its client's list. */
    int placeAtClient;

    /** The connection that carries it. */
    @Nullable BackendConnection carrier;

    /** Its client has gone. */
    boolean forsaken;

    // Neighbours among a connection's flights, the oldest first.
    @Nullable Flight older;

    @Nullable Flight younger;

    Flight(Query query, Backend backend) {
        this.query = query;
        this.backend = backend;
        this.message = query.packetCopy();
        this.client = query.origin().replyPort() instanceof StreamClient stream ? stream : null;
        // A datagram client gets the first message of a transfer, which is all it can take (RFC 1995 section 2).
        this.transfer = asksForZone(query) && client != null ? new TransferProgress(message, message.length) : null;
    }

    /** Its client has gone: nobody waits for the answer. */
    void giveUp() {
        forsaken = true;
        if (carrier != null) {
            carrier.forsake();
        }
    }

    static boolean asksForZone(Query query) {
        return query.type() == RecordType.AXFR || query.type() == RecordType.IXFR;
    }
}
