package dev.weir.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.TlsSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a listener's ticket keys change, by a clock of the test's. */
@Timeout(60)
class RotatingTicketsTest {
    private static final int THREADS = 4;

    private final AtomicLong nowNanos = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(15));
    private final List<Integer> used = new ArrayList<>();

    private RotatingTickets tickets(long rotationSeconds) throws IOException {
        return new RotatingTickets(new TlsSpec.Sessions(true, 5, "", rotationSeconds, 0, 100), nowNanos::get) {
            @Override
            void use(TicketKeys fresh) {
                used.add(fresh.keys().size());
            }

            @Override
            public void reload() {}

            @Override
            public void load(List<CertificateSpec> certificates) {}

            @Override
            public String configuredProvider() {
                return "";
            }

            @Override
            public String provider() {
                return "";
            }

            @Override
            public TicketFigures ticketFigures() {
                return new TicketFigures(0, 0);
            }
        };
    }

    /** Loops begin handshakes at the same time: the oldest key would be lost before its time if each made one. */
    @Test
    void oneOfManyThreadsMakesTheNextKey() throws Exception {
        RotatingTickets tickets = tickets(10);
        tickets.rotateIfDue();
        assertThat(tickets.ticketKeys()).isEqualTo(1);
        for (int round = 2; round <= 4; round++) {
            nowNanos.addAndGet(TimeUnit.SECONDS.toNanos(10)); // past the end of the clock's numbers
            together(tickets::rotateIfDue);
            assertThat(tickets.ticketKeys()).isEqualTo(round);
        }
        assertThat(used).containsExactly(2, 3, 4);
    }

    private static void together(Runnable work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        try (var threads = java.util.concurrent.Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(threads.submit(() -> {
                    start.await();
                    work.run();
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    @Test
    void withoutATimeOnlySomebodyRotates() throws IOException {
        RotatingTickets tickets = tickets(0);
        nowNanos.addAndGet(TimeUnit.DAYS.toNanos(400));
        tickets.rotateIfDue();
        assertThat(tickets.ticketKeys()).isEqualTo(1);
        assertThat(tickets.nextRotation()).isNull();
        tickets.rotateTicketKey();
        assertThat(tickets.ticketKeys()).isEqualTo(2);
    }
}
