package dev.weir.engine.model;

import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.export.Exports;
import dev.weir.engine.listen.ConnectionReport;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.TicketKeyWatch;
import dev.weir.engine.query.Suspensions;
import dev.weir.engine.ring.QueryCounts;
import dev.weir.engine.ring.Rings;
import dev.weir.engine.stat.CustomMetrics;
import dev.weir.engine.stat.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all threads share: the current {@link Snapshot} behind one volatile reference, the statistics, the frontends. Changes come from
 * {@link Model} alone.
 */
public final class Engine {
    private volatile Snapshot snapshot;
    private final Statistics statistics = new Statistics();
    private final Rings rings = new Rings();
    private final QueryCounts queryCounts = new QueryCounts();
    private final CustomMetrics customMetrics = new CustomMetrics();
    private final Suspensions suspensions = new Suspensions();
    private final Exports exports = new Exports();
    private final DynamicBlocks blocks = new DynamicBlocks(statistics);
    private volatile List<Frontend> frontends = List.of();
    private final TicketKeyWatch ticketKeys = new TicketKeyWatch();
    private volatile ConnectionReport connections = ConnectionReport.NONE;
    private final AtomicInteger turns = new AtomicInteger();
    private final long startedNanos = System.nanoTime();

    Engine(Snapshot first) {
        snapshot = first;
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    void publish(Snapshot next) {
        snapshot = next;
    }

    public Statistics statistics() {
        return statistics;
    }

    /** Queries and answers that wait for somebody outside. */
    public Suspensions suspensions() {
        return suspensions;
    }

    /** Figures that the operator's code counts. */
    public CustomMetrics customMetrics() {
        return customMetrics;
    }

    /** What came and went lately. */
    public Rings rings() {
        return rings;
    }

    /** Queries by name or another key, if the operator wants them counted. */
    public QueryCounts queryCounts() {
        return queryCounts;
    }

    /** Who writes elsewhere what queries did. */
    public Exports exports() {
        return exports;
    }

    /** Clients and names that are stopped for a while. */
    public DynamicBlocks blocks() {
        return blocks;
    }

    /** Where we listen, in the order of the configuration; a datagram and a stream frontend each for plain DNS. */
    public List<Frontend> frontends() {
        return frontends;
    }

    public synchronized void addFrontend(Frontend frontend) {
        List<Frontend> longer = new ArrayList<>(frontends);
        longer.add(frontend);
        frontends = List.copyOf(longer);
    }

    public synchronized void removeFrontend(Frontend frontend) {
        frontends = frontends.stream().filter(other -> other != frontend).toList();
    }

    /** Puts the frontends in this order, whatever the one they were added in. */
    public synchronized void listFrontends(List<Frontend> inOrder) {
        frontends = List.copyOf(inOrder);
    }

    /** Who is told of new keys for tickets. */
    public TicketKeyWatch ticketKeys() {
        return ticketKeys;
    }

    /** What there is to be said of connections. */
    public ConnectionReport connections() {
        return connections;
    }

    /** Said by the transport that has connections. */
    public void setConnections(ConnectionReport report) {
        connections = report;
    }

    /** The next number of the process-wide round-robin counter. */
    public int nextTurn() {
        return turns.getAndIncrement();
    }

    /** What {@link #nextTurn} will return; takes nothing. */
    public int comingTurn() {
        return turns.get();
    }

    public long uptimeSeconds() {
        return (System.nanoTime() - startedNanos) / 1_000_000_000L;
    }
}
