package dev.weir.engine.pool;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.rule.TokenBucket;
import dev.weir.engine.stat.Ewma;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A server that queries are handed to: its settings that may change while it runs, its state, its counters. Any thread reads; the
 * fields that the control plane changes are volatile. Connections to it belong to the transports.
 */
public final class Backend {
    private static final AtomicInteger NEXT_INDEX = new AtomicInteger();

    private final BackendSpec spec;
    private final int index = NEXT_INDEX.getAndIncrement();
    private final Health health;

    private volatile String name;
    private volatile int order;
    private volatile int weight;
    private volatile TokenBucket limiter;
    private volatile boolean removed;

    private long sampledNanos;
    private long sampledQueries;
    private long sampledDrops;
    private volatile double queryRate;
    private volatile double dropRate;

    private final AtomicInteger outstanding = new AtomicInteger();
    private final Ewma latencyMicros = new Ewma(1.0 / 128);
    private final Ewma tcpLatencyMicros = new Ewma(1.0 / 128);

    private final LongAdder queries = new LongAdder();
    private final LongAdder responses = new LongAdder();
    private final LongAdder drops = new LongAdder();
    private final LongAdder sendErrors = new LongAdder();
    private final LongAdder noncompliantResponses = new LongAdder();
    private final StreamCounters stream = new StreamCounters();

    public Backend(BackendSpec spec) {
        this.spec = spec;
        this.name = spec.name();
        this.order = spec.order();
        this.weight = spec.weight();
        this.limiter = new TokenBucket(spec.qps(), spec.qps(), System.nanoTime());
        this.health = new Health(spec);
    }

    public BackendSpec spec() {
        return spec;
    }

    /** A small number no other backend of this process has or had: an index for per-thread tables. */
    public int index() {
        return index;
    }

    public String id() {
        return spec.id();
    }

    public Endpoint address() {
        return spec.address();
    }

    public String name() {
        return name;
    }

    public void rename(String newName) {
        name = newName;
    }

    /** {@code name (address:port)}, or only the address of a nameless backend. */
    public String nameWithAddress() {
        return name.isEmpty() ? address().toString() : name + " (" + address() + ")";
    }

    /** The name, or the address of a nameless backend: what logs and statistics call it. */
    public String label() {
        return name.isEmpty() ? address().toString() : name;
    }

    public int order() {
        return order;
    }

    public void setOrder(int newOrder) {
        order = newOrder;
    }

    public int weight() {
        return weight;
    }

    public void setWeight(int newWeight) {
        weight = Math.max(1, newWeight);
    }

    public Health health() {
        return health;
    }

    public boolean isUp() {
        return health.isUp();
    }

    /** Up, and below {@code maxOutstandingQueries} if that is set. */
    public boolean isUsable() {
        int limit = spec.maxOutstandingQueries();
        return isUp() && (limit <= 0 || outstanding.get() < limit);
    }

    /** 0: no limit. */
    public int qpsLimit() {
        return (int) limiter.rate();
    }

    public void setQpsLimit(int qps) {
        limiter = new TokenBucket(qps, qps, System.nanoTime());
    }

    /** Takes a token of the QPS limit; true always when there is no limit. */
    public boolean takeQpsToken(long nowNanos) {
        return limiter.rate() == 0 || limiter.take(nowNanos);
    }

    /** Queries that wait for this backend's answer, over all transports and threads. */
    public int outstanding() {
        return outstanding.get();
    }

    /** A query goes out: counts it and its wait. */
    public void querySent() {
        queries.increment();
        outstanding.incrementAndGet();
    }

    /** The wait of a query that went out is over, whatever ended it. */
    public void queryEnded() {
        outstanding.decrementAndGet();
    }

    /** An answer arrived and was accepted. */
    public void answered(long micros, boolean overStream) {
        responses.increment();
        (overStream ? tcpLatencyMicros : latencyMicros).add((double) micros);
    }

    /** Forgets the measured latency, as when a backend goes down. */
    public void clearLatency() {
        latencyMicros.clear();
        tcpLatencyMicros.clear();
    }

    /** Moving average over UDP (or over TCP for a {@code tcpOnly} backend), in microseconds; 0 before the first answer. */
    public double latencyMicros() {
        return spec.tcpOnly() ? tcpLatencyMicros.value() : latencyMicros.value();
    }

    public double udpLatencyMicros() {
        return latencyMicros.value();
    }

    public double tcpLatencyMicros() {
        return tcpLatencyMicros.value();
    }

    public LongAdder queries() {
        return queries;
    }

    public LongAdder responses() {
        return responses;
    }

    /** Queries whose place in flight was taken by a newer one before the answer came. */
    public LongAdder drops() {
        return drops;
    }

    public LongAdder sendErrors() {
        return sendErrors;
    }

    public LongAdder noncompliantResponses() {
        return noncompliantResponses;
    }

    public StreamCounters stream() {
        return stream;
    }

    /** Measures the rates since the last call; to be called each second, by one thread. */
    public void sampleRates(long nowNanos) {
        long queriesNow = queries.sum();
        long dropsNow = drops.sum();
        double seconds = (nowNanos - sampledNanos) / 1e9;
        if (sampledNanos != 0 && seconds > 0) {
            queryRate = (queriesNow - sampledQueries) / seconds;
            dropRate = (dropsNow - sampledDrops) / seconds;
        }
        sampledNanos = nowNanos;
        sampledQueries = queriesNow;
        sampledDrops = dropsNow;
    }

    /** Queries per second, over the last second. */
    public double queryRate() {
        return queryRate;
    }

    /** Drops per second, over the last second. */
    public double dropRate() {
        return dropRate;
    }

    /** Taken out of the configuration: transports close what they hold open. */
    public boolean isRemoved() {
        return removed;
    }

    public void remove() {
        removed = true;
    }

    /** What connections to one backend went through. */
    public static final class StreamCounters {
        public final LongAdder diedSendingQuery = new LongAdder();
        public final LongAdder diedReadingResponse = new LongAdder();
        public final LongAdder gaveUp = new LongAdder();
        public final LongAdder readTimeouts = new LongAdder();
        public final LongAdder writeTimeouts = new LongAdder();
        public final LongAdder connectTimeouts = new LongAdder();
        public final LongAdder tooManyConcurrentConnections = new LongAdder();
        public final LongAdder newConnections = new LongAdder();
        public final LongAdder reusedConnections = new LongAdder();
        public final AtomicInteger currentConnections = new AtomicInteger();
        public final AtomicInteger maxConcurrentConnections = new AtomicInteger();
        public final Ewma queriesPerConnection = new Ewma(1.0 / 128);
        public final Ewma connectionMillis = new Ewma(1.0 / 128);

        private StreamCounters() {}

        /** A connection was opened. */
        public void opened() {
            newConnections.increment();
            int now = currentConnections.incrementAndGet();
            maxConcurrentConnections.accumulateAndGet(now, Math::max);
        }

        /** A connection was closed after so many queries. */
        public void closed(long queriesCarried, long millisOpen) {
            currentConnections.decrementAndGet();
            queriesPerConnection.add((double) queriesCarried);
            connectionMillis.add((double) millisOpen);
        }
    }
}
