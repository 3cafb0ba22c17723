package dev.weir.engine.listen;

import java.util.concurrent.atomic.LongAdder;

/** What came and went at a listener for DNS over QUIC. Any thread. */
public final class QuicCounters {
    /** Datagrams of a version that is not spoken. */
    public final LongAdder unsupportedVersions = new LongAdder();

    /** Connections that began with a token that is not ours, or too old. */
    public final LongAdder invalidTokens = new LongAdder();

    /** Queries that were not answered, and streams without one. */
    public final LongAdder errors = new LongAdder();

    /** Answers. */
    public final LongAdder valid = new LongAdder();

    /** Datagrams that were too short to begin a connection (RFC 9000 section 14.1). */
    public final LongAdder shortInitials = new LongAdder();

    /** Connections that were refused because there are, or come, too many. */
    public final LongAdder refused = new LongAdder();

    QuicCounters() {}
}
