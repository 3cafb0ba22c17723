package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Accounts of clients by themselves: what is kept, what is forgotten, what threads see of each other. */
class ClientTableTest {
    private static final int MOST = 100;

    private final LiveSettings settings = new LiveSettings();
    private final Statistics statistics = new Statistics();
    private final StatShard mine = statistics.takeShard();
    private final ClientTable clients = new ClientTable(settings, MOST);
    private final long startNanos = System.nanoTime();

    private static Peer peer(long v4) {
        Peer peer = new Peer();
        peer.set(4, 0, v4, 53, 0);
        return peer;
    }

    private long at(int seconds) {
        return startNanos + TimeUnit.SECONDS.toNanos(seconds);
    }

    private void visit(long v4, int seconds) {
        ClientTable.Client client = clients.enter(peer(v4), at(seconds), mine);
        if (client != null) {
            clients.leave(client);
        }
    }

    @Test
    void thereAreAccountsForSoManyClientsAndNoMore() {
        settings.set(Setting.MAX_TCP_CONNECTION_RATE_PER_CLIENT, 1000);
        for (int i = 0; i < MOST; i++) {
            assertThat(clients.enter(peer(i), at(0), mine)).isNotNull();
        }
        for (int i = 0; i < 500; i++) {
            assertThat(clients.enter(peer(1_000_000 + i), at(5), mine))
                    .as("not counted, not refused")
                    .isNotNull();
        }
        assertThat(clients.size()).isEqualTo(MOST);
        assertThat(statistics.value(Counter.TCP_CLIENT_OVERFLOWS)).isEqualTo(500);
    }

    @Test
    void theFullTableForgetsThoseWithoutConnectionFirst() {
        settings.set(Setting.MAX_TCP_CONNECTIONS_PER_CLIENT, 1);
        assertThat(clients.enter(peer(1), at(0), mine)).as("stays connected").isNotNull();
        for (int i = 2; i < MOST + 1000; i++) {
            visit(i, i);
        }
        assertThat(statistics.value(Counter.TCP_CLIENT_OVERFLOWS)).isZero();
        assertThat(clients.size()).isLessThanOrEqualTo(MOST);
        assertThat(clients.enter(peer(1), at(MOST + 1000), mine))
                .as("its second connection")
                .isNull();
    }

    @Test
    void aLongIntervalTakesNoMoreMemory() {
        settings.set(Setting.MAX_TCP_CONNECTION_RATE_PER_CLIENT, 1);
        settings.set(Setting.TCP_CONNECTION_RATE_INTERVAL, Integer.MAX_VALUE);
        visit(1, 0);
        settings.set(Setting.TCP_CONNECTION_RATE_INTERVAL, 90);
        for (int i = 0; i < 10; i++) {
            visit(2, i);
        }
        visit(2, 10);
        visit(2, 10);
        visit(2, 10);
        assertThat(clients.enter(peer(2), at(10), mine)).as("banned").isNull();
    }

    /**
     * Cleaning used to take accounts out that another thread had just found, which then counted a connection that nobody saw: with two
     * accounts a client had twice as many connections as it may.
     */
    @Test
    void cleaningNeverTakesAnAccountFromUnderAConnection() throws Exception {
        settings.set(Setting.MAX_TCP_CONNECTIONS_PER_CLIENT, 1);
        for (int i = 0; i < MOST - 2; i++) {
            assertThat(clients.enter(peer(1_000_000 + i), at(0), mine)).isNotNull();
        }
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger connected = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(3);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int thread = 0; thread < 2; thread++) {
                StatShard own = statistics.takeShard();
                running.add(threads.submit(() -> {
                    started.countDown();
                    while (!stop.get()) {
                        long uncounted = own.value(Counter.TCP_CLIENT_OVERFLOWS);
                        ClientTable.Client client = clients.enter(peer(7), at(1), own);
                        if (client != null && own.value(Counter.TCP_CLIENT_OVERFLOWS) == uncounted) {
                            most.accumulateAndGet(connected.incrementAndGet(), Math::max);
                            connected.decrementAndGet();
                            clients.leave(client);
                        }
                    }
                }));
            }
            StatShard own = statistics.takeShard();
            running.add(threads.submit(() -> {
                started.countDown();
                // Each second a stranger who finds no room has idle accounts thrown out.
                for (int second = 1; second <= 20_000; second++) {
                    for (int stranger = 0; stranger < 3; stranger++) {
                        ClientTable.Client client = clients.enter(peer(stranger), at(10 * second), own);
                        if (client != null) {
                            clients.leave(client);
                        }
                    }
                }
                stop.set(true);
            }));
            started.await();
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            stop.set(true);
        }
        assertThat(most).hasValue(1);
    }
}
