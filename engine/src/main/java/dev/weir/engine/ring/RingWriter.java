package dev.weir.engine.ring;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import dev.weir.wire.Header;
import org.jspecify.annotations.Nullable;

/**
 * One data thread's way into the rings: takes a page of each and fills it. Writes a few words and the name per entry; makes no object once
 * the rings have gone around. Belongs to its thread.
 */
public final class RingWriter {
    /** Stands for the cache where a response has its backend: 0.0.0.0:0. */
    public static final Endpoint NO_BACKEND = Endpoint.parse("0.0.0.0:0", 0);

    private final Rings rings;
    private Rings.Contents contents;
    /** Set only when a page is taken or given back, not per entry: see {@link Page#writeOutcome} on writing references. */
    private @Nullable Page queries;

    private @Nullable Page responses;
    private int skippedQueries;
    private int skippedResponses;

    RingWriter(Rings rings) {
        this.rings = rings;
        this.contents = rings.contents();
    }

    /** A query was received and found to have a question. */
    public void query(Query query) {
        Rings.Contents now = current();
        if (!now.spec.recordQueries() || ++skippedQueries < now.spec.samplingRate()) {
            return;
        }
        skippedQueries = 0;
        Page page = queries;
        if (page == null || !page.fits(query.origin().client(), query.nameLength())) {
            page = next(page, now.queries);
            queries = page;
            if (page == null) {
                return;
            }
        }
        page.write(
                query.origin().receivedNanos(),
                query.origin().client(),
                query.origin().protocol().ordinal(),
                query.id(),
                query.type(),
                query.flags(),
                query.length(),
                0);
        page.publish(query.nameBytes(), query.nameOffset(), query.nameLength());
        if (page.isFull()) {
            page.release();
            queries = null;
        }
    }

    /** Gives a page back whose octets are used up, and takes the next one. */
    private static @Nullable Page next(@Nullable Page full, Ring ring) {
        if (full != null) {
            full.release();
        }
        return ring.take();
    }

    /** The message under treatment is the query's answer, from a backend or the cache, and goes to the client. */
    public void response(Query query, long nowNanos) {
        Page page = responsePage(query);
        if (page == null) {
            return;
        }
        byte[] packet = query.packet();
        page.write(
                nowNanos,
                query.origin().client(),
                protocol(query).ordinal(),
                query.id(),
                query.type(),
                Header.flags(packet),
                query.length(),
                Header.ancount(packet));
        Backend backend = query.found().cacheHit() ? null : query.found().backend();
        long latencyMicros = (nowNanos - query.origin().receivedNanos()) / 1000;
        finish(page, query, Math.clamp(latencyMicros, 0, RingCursor.TIMEOUT - 1), backend);
    }

    /** The query's backend did not answer in time. */
    public void timeout(Query query, long nowNanos) {
        Page page = responsePage(query);
        if (page == null) {
            return;
        }
        page.write(
                nowNanos,
                query.origin().client(),
                protocol(query).ordinal(),
                query.id(),
                query.type(),
                query.flags() & Header.RD,
                0,
                0);
        finish(page, query, RingCursor.TIMEOUT, query.found().backend());
    }

    private void finish(Page page, Query query, long latencyMicros, @Nullable Backend backend) {
        page.writeOutcome(latencyMicros, backend == null ? NO_BACKEND : backend.address());
        page.publish(query.nameBytes(), query.nameOffset(), query.nameLength());
        if (page.isFull()) {
            page.release();
            responses = null;
        }
    }

    /** How the response came: as from its backend; from the cache, as the query. */
    private static Protocol protocol(Query query) {
        Backend backend = query.found().backend();
        if (backend == null || query.found().cacheHit()) {
            return query.origin().protocol();
        }
        if (backend.spec().http() != null) {
            return Protocol.DOH;
        }
        if (backend.spec().tls() != null) {
            return Protocol.DOT;
        }
        return query.origin().protocol().forwardsOverUdp()
                        && !backend.spec().tcp().only()
                ? Protocol.DO_UDP
                : Protocol.DO_TCP;
    }

    private @Nullable Page responsePage(Query query) {
        Rings.Contents now = current();
        if (!now.spec.recordResponses() || ++skippedResponses < now.spec.samplingRate()) {
            return null;
        }
        skippedResponses = 0;
        Page page = responses;
        if (page == null || !page.fits(query.origin().client(), query.nameLength())) {
            page = next(page, now.responses);
            responses = page;
        }
        return page;
    }

    /** Gives the pages back; nothing is written any more. */
    public void close() {
        current();
        if (queries != null) {
            queries.release();
            queries = null;
        }
        if (responses != null) {
            responses.release();
            responses = null;
        }
    }

    private Rings.Contents current() {
        Rings.Contents now = rings.contents();
        if (now != contents) {
            contents = now;
            queries = null;
            responses = null;
        }
        return now;
    }
}
