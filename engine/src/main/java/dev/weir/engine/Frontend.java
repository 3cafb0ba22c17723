package dev.weir.engine;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.stat.Ewma;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** An address we listen on with one protocol, and what came and went there. Any thread. */
public final class Frontend {
    private final Endpoint address;
    private final Protocol protocol;
    private final boolean proxyProtocol;
    private volatile boolean muted;

    private final LongAdder queries = new LongAdder();
    private final LongAdder responses = new LongAdder();
    private final LongAdder noncompliantQueries = new LongAdder();
    private final StreamCounters stream = new StreamCounters();

    /** @param proxyProtocol whether peers in {@code setProxyProtocolACL} must send a PROXY header here */
    public Frontend(Endpoint address, Protocol protocol, boolean proxyProtocol) {
        this.address = address;
        this.protocol = protocol;
        this.proxyProtocol = proxyProtocol;
    }

    public Endpoint address() {
        return address;
    }

    public Protocol protocol() {
        return protocol;
    }

    public boolean proxyProtocol() {
        return proxyProtocol;
    }

    /** A muted frontend processes queries and sends no answers. */
    public boolean muted() {
        return muted;
    }

    public void setMuted(boolean mute) {
        muted = mute;
    }

    public LongAdder queries() {
        return queries;
    }

    public LongAdder responses() {
        return responses;
    }

    public LongAdder noncompliantQueries() {
        return noncompliantQueries;
    }

    public StreamCounters stream() {
        return stream;
    }

    @Override
    public String toString() {
        return address.toString();
    }

    /** What the connections of a stream frontend went through. */
    public static final class StreamCounters {
        public final LongAdder diedReadingQuery = new LongAdder();
        public final LongAdder diedSendingResponse = new LongAdder();
        public final LongAdder gaveUp = new LongAdder();
        public final LongAdder clientTimeouts = new LongAdder();
        public final LongAdder downstreamTimeouts = new LongAdder();
        public final AtomicInteger currentConnections = new AtomicInteger();
        public final AtomicInteger maxConcurrentConnections = new AtomicInteger();
        public final Ewma queriesPerConnection = new Ewma(1.0 / 128);
        public final Ewma connectionMillis = new Ewma(1.0 / 128);
        public final Ewma readsPerConnection = new Ewma(1.0 / 128);

        private StreamCounters() {}

        /** A connection was accepted. */
        public void opened() {
            int now = currentConnections.incrementAndGet();
            maxConcurrentConnections.accumulateAndGet(now, Math::max);
        }

        /** A connection was closed after so many queries and so many reads from its socket. */
        public void closed(long queriesAsked, long millisOpen, long reads) {
            currentConnections.decrementAndGet();
            queriesPerConnection.add((double) queriesAsked);
            connectionMillis.add((double) millisOpen);
            readsPerConnection.add((double) reads);
        }
    }
}
