package dev.weir.engine.backend;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.log.Log;
import dev.weir.engine.rate.TokenBucket;
import dev.weir.engine.stat.Ewma;
import dev.weir.engine.stat.SharedEwma;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Tally;
import java.util.BitSet;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A server that queries are handed to: its settings that may change while it runs, its state, its counters. Any thread reads; the
 * fields that the control plane changes are volatile. Connections to it belong to the transports.
 */
public final class Backend {
    /** By order. No lambda: the first of its kind costs a start milliseconds. */
    public static final Comparator<Backend> BY_ORDER = new Comparator<>() {
        @Override
        public int compare(Backend one, Backend other) {
            return Integer.compare(one.order, other.order);
        }
    };

    /** Numbers in use. */
    private static final BitSet INDICES = new BitSet();

    private volatile BackendSpec spec;
    private final int index = takeIndex();
    private final Health health;

    private volatile String name;
    private volatile String nameWithAddress;
    private volatile int order;
    private volatile int weight;
    private volatile TokenBucket limiter;
    private volatile @Nullable HashPoints hashPoints;
    private volatile boolean removed;
    private volatile @Nullable ProvenWay provenWay;

    private long sampledNanos;
    private long sampledQueries;
    private long sampledDrops;
    private volatile double queryRate;
    private volatile double dropRate;

    private final Tally outstanding = new Tally();
    private final SharedEwma latencyMicros = new SharedEwma(1.0 / 128);
    private final SharedEwma tcpLatencyMicros = new SharedEwma(1.0 / 128);

    private final Tally queries = new Tally();
    private final Tally responses = new Tally();
    private final Tally drops = new Tally();
    private final Tally sendErrors = new Tally();
    private final Tally noncompliantResponses = new Tally();
    private final StreamCounters stream = new StreamCounters();

    public Backend(BackendSpec spec) {
        this.spec = spec;
        this.name = spec.name();
        this.nameWithAddress = withAddress(spec.name());
        this.order = spec.order();
        this.weight = spec.weight();
        this.limiter = new TokenBucket(spec.qps(), spec.qps(), System.nanoTime());
        this.health = new Health(spec);
    }

    public BackendSpec spec() {
        return spec;
    }

    /**
     * Goes on under a description that a new configuration gives of it. What that changes is changed, and what was changed while it ran stays;
     * a state that the former configuration had forced is found out again.
     *
     * @param next {@linkplain BackendSpec#canGoOnAs can be} taken by this backend, which keeps its id
     */
    public void goOnAs(BackendSpec next) {
        BackendSpec former = spec;
        spec = next.withId(former.id());
        if (!next.name().equals(former.name())) {
            rename(next.name());
        }
        if (next.weight() != former.weight()) {
            setWeight(next.weight());
        }
        if (next.order() != former.order()) {
            setOrder(next.order());
        }
        if (next.qps() != former.qps()) {
            setQpsLimit(next.qps());
        }
        health.goOnAs(spec);
    }

    /**
     * A small number that no other backend of this process has, for tables of threads. When the backend is removed, the next one gets it: who
     * finds something in a table must look whose it is.
     */
    public int index() {
        return index;
    }

    private static int takeIndex() {
        synchronized (INDICES) {
            int free = INDICES.nextClearBit(0);
            INDICES.set(free);
            return free;
        }
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
        nameWithAddress = withAddress(newName);
    }

    /** {@code name (address:port)}, or only the address of a nameless backend. */
    public String nameWithAddress() {
        return nameWithAddress;
    }

    private String withAddress(String someName) {
        return someName.isEmpty() ? address().toString() : someName + " (" + address() + ")";
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

    /** Its points for consistent hashing, those that {@link #prepareHashPoints} made if it did. */
    public HashPoints hashPoints(int seed) {
        HashPoints points = hashPoints;
        if (points == null || points.seed() != seed) {
            points = HashPoints.of(id(), weight, seed);
            hashPoints = points;
        }
        return points;
    }

    /** Makes the points for its weight, so that no data thread has to; to be called under the model's lock. */
    public void prepareHashPoints(int seed) {
        HashPoints points = hashPoints;
        int now = weight;
        if (points != null && points.seed() == seed && points.weight() == now) {
            return;
        }
        hashPoints = HashPoints.of(id(), now, seed);
        if (now > HashPoints.MOST) {
            Log.warning(
                    "chashed takes weights above " + HashPoints.MOST + " as that",
                    "policy",
                    "backend",
                    nameWithAddress,
                    "weight",
                    now);
        }
    }

    public Health health() {
        return health;
    }

    public boolean isUp() {
        return health.isUp();
    }

    /** The way of the latest health check that was answered; null before the first one. */
    public @Nullable ProvenWay provenWay() {
        return provenWay;
    }

    public void reachedBy(ProvenWay way) {
        provenWay = way;
    }

    /** Up, and below {@code maxOutstandingQueries} if that is set. */
    public boolean isUsable() {
        int limit = spec.maxOutstandingQueries();
        return isUp() && (limit <= 0 || outstanding() < limit);
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

    /** Whether {@link #takeQpsToken} would succeed; takes nothing. */
    public boolean hasQpsToken(long nowNanos) {
        return limiter.rate() == 0 || limiter.hasToken(nowNanos);
    }

    /** Queries that wait for this backend's answer, over all transports and threads; those of other threads as of a moment ago. */
    public int outstanding() {
        return (int) Math.max(0, outstanding.sum());
    }

    /**
     * A query goes out: counts it and its wait.
     *
     * @param mine the calling thread's
     */
    public void querySent(StatShard mine) {
        queries.increment(mine);
        outstanding.increment(mine);
    }

    /**
     * The wait of a query that went out is over, whatever ended it.
     *
     * @param mine the calling thread's, whichever sent the query
     */
    public void queryEnded(StatShard mine) {
        outstanding.add(mine, -1);
    }

    /**
     * An answer arrived and was accepted.
     *
     * @param mine the calling thread's
     */
    public void answered(StatShard mine, long micros, boolean overStream) {
        responses.increment(mine);
        (overStream ? tcpLatencyMicros : latencyMicros).add(mine, (double) micros);
    }

    /** Forgets the measured latency, as when a backend goes down. */
    public void clearLatency() {
        latencyMicros.clear();
        tcpLatencyMicros.clear();
    }

    /** Moving average over UDP (or over TCP for a {@code tcpOnly} backend), in microseconds; 0 before the first answer. */
    public double latencyMicros() {
        return spec.tcp().only() ? tcpLatencyMicros.value() : latencyMicros.value();
    }

    public double udpLatencyMicros() {
        return latencyMicros.value();
    }

    public double tcpLatencyMicros() {
        return tcpLatencyMicros.value();
    }

    public Tally queries() {
        return queries;
    }

    public Tally responses() {
        return responses;
    }

    /** Queries whose place in flight was taken by a newer one before the answer came. */
    public Tally drops() {
        return drops;
    }

    public Tally sendErrors() {
        return sendErrors;
    }

    public Tally noncompliantResponses() {
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
        synchronized (INDICES) {
            if (!removed) {
                removed = true;
                INDICES.clear(index);
            }
        }
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
        public final LongAdder tlsResumptions = new LongAdder();
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
