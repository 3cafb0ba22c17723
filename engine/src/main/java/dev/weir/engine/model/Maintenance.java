package dev.weir.engine.model;

import dev.weir.engine.task.FaultGuard;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What has to be done for a model again and again, whoever drives it: rates of backends are sampled, entries of packet filters that are over
 * are taken out, caches are cleaned each second; dynamic blocks are looked at twenty times a second, so that a flood is answered soon.
 *
 * <p>Two daemon threads from {@link #start} to {@link #close}, so that neither waits for the other; what an operator's script wants done has
 * a thread of its own ({@link #every}).
 */
public final class Maintenance implements AutoCloseable {
    private static final FaultGuard HOUSEKEEPING = new FaultGuard("Error in housekeeping", "housekeeping");
    private static final FaultGuard BLOCKS = new FaultGuard("Error in dynamic blocks", "dynamic-blocks");
    private static final int SECOND_MILLIS = 1_000;
    private static final int BLOCKS_TICK_MILLIS = 50;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Model model;
    private final CacheCleaner cleaner;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long lastTurnNanos;

    /** @param nowNanos {@link System#nanoTime} */
    public Maintenance(Model model, long nowNanos) {
        this.model = model;
        this.cleaner = new CacheCleaner(model, nowNanos);
        this.lastTurnNanos = nowNanos;
    }

    /** Begins. */
    public void start() {
        every(SECOND_MILLIS, "housekeeping", HOUSEKEEPING, () -> eachSecond(System.nanoTime()));
        every(BLOCKS_TICK_MILLIS, "dynamic-blocks", BLOCKS, () -> model.engine()
                .blocks()
                .tick(System.nanoTime()));
    }

    /** Something more that is done again and again, on a thread of its own, until {@link #close}. */
    public void every(long millis, String thread, FaultGuard guard, Runnable work) {
        Thread.ofPlatform()
                .name(thread)
                .daemon()
                .start(() -> guard.repeat(() -> closed.getCount() > 0, () -> {
                    if (!closed.await(millis, TimeUnit.MILLISECONDS)) {
                        work.run();
                    }
                }));
    }

    /** One turn of housekeeping; an error in one part leaves the others theirs. */
    void eachSecond(long nowNanos) {
        HOUSEKEEPING.run(() -> model.backends().forEach(backend -> backend.sampleRates(nowNanos)));
        HOUSEKEEPING.run(() -> model.filters().purge(nowNanos));
        HOUSEKEEPING.run(() -> cleaner.tick(nowNanos));
        HOUSEKEEPING.run(() -> model.retire(nowNanos));
        lastTurnNanos = nowNanos;
    }

    /** Whether housekeeping has had a turn of late: its thread neither hangs nor has ended. */
    public boolean alive(long nowNanos) {
        return nowNanos - lastTurnNanos < PATIENCE_NANOS;
    }

    /** Ends the threads, soon; does not wait for a turn that is under way. */
    @Override
    public void close() {
        closed.countDown();
    }
}
